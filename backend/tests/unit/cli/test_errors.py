"""Any error becomes one sentence and one exit code."""

import errno

import pytest
from sqlalchemy.exc import OperationalError

from app.cli.edge import report
from app.cli.errors import PathMissing, known_error, problem_document
from app.cli.exit_codes import (
    EXIT_CODES,
    FAILED,
    INTERRUPTED,
    PARTIAL,
    STATUS_EXIT_CODES,
    SUCCESS,
    UNEXPECTED,
    exit_code_of,
)
from app.core.errors import AppError, Conflict, Invalid, Limited, NotFound, Unavailable
from app.core.postgres import DatabaseUnavailable
from tests.unit.cli.screen import Screen


class TestExitCodeOf:
    @pytest.mark.parametrize(("category", "code"), list(EXIT_CODES.items()))
    def test_is_the_categorys(self, category: type[AppError], code: int) -> None:
        assert exit_code_of(category("x")) == code

    def test_is_inherited(self) -> None:
        assert exit_code_of(PathMissing("x")) == EXIT_CODES[NotFound]

    def test_of_an_error_without_category_is_unexpected(self) -> None:
        assert exit_code_of(AppError("x")) == UNEXPECTED


class TestStatusExitCodes:
    def test_tell_every_kind_of_end_apart(self) -> None:
        ends = [STATUS_EXIT_CODES[status] for status in ("done", "partial", "failed", "cancelled")]
        assert ends == [SUCCESS, PARTIAL, FAILED, INTERRUPTED]

    def test_take_a_pause_for_the_cap(self) -> None:
        assert STATUS_EXIT_CODES["paused"] == EXIT_CODES[Limited]

    def test_never_mean_an_error_of_the_command(self) -> None:
        errors = {EXIT_CODES[kind] for kind in (Invalid, NotFound, Conflict, Unavailable)}
        assert not errors & set(STATUS_EXIT_CODES.values())


class TestKnownError:
    def test_is_the_error_itself(self) -> None:
        error = Conflict("taken")
        assert known_error(error) is error

    def test_is_found_in_a_group_of_groups(self) -> None:
        error = Unavailable("away")
        group = ExceptionGroup("outer", [ValueError("x"), ExceptionGroup("inner", [error])])
        assert known_error(group) is error

    def test_of_a_full_disk_is_an_outage(self) -> None:
        found = known_error(OSError(errno.ENOSPC, "No space left on device", "/data"))
        assert isinstance(found, Unavailable)
        assert "/data" in found.message

    def test_of_a_lost_connection_is_the_database(self) -> None:
        lost = OperationalError("select 1", {}, Exception("gone"), connection_invalidated=True)
        assert isinstance(known_error(lost), DatabaseUnavailable)

    def test_of_a_defect_is_none(self) -> None:
        assert known_error(KeyError("x")) is None
        assert known_error(OSError(errno.EIO, "Input/output error")) is None


class TestReport:
    def test_says_one_sentence(self) -> None:
        screen = Screen()
        code = report(PathMissing("There is no file a.csv; check the path."), screen.terminal)
        assert code == 4
        assert screen.err == "madang: There is no file a.csv; check the path.\n"
        assert screen.out == ""

    def test_prints_a_problem_document_where_json_is_wanted(self) -> None:
        screen = Screen(as_json=True)
        report(Limited("The cap is reached.", cap_usd=1.5), screen.terminal)
        assert '"cap_usd": 1.5' in screen.out
        assert screen.err == "madang: The cap is reached.\n"


class TestProblemDocument:
    def test_names_code_sentence_and_facts(self) -> None:
        assert problem_document(Limited("The cap is reached.", cap_usd=1.5)) == {
            "code": "limited",
            "message": "The cap is reached.",
            "exit_code": 6,
            "facts": {"cap_usd": 1.5},
        }
