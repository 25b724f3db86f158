"""Ids as people type them: whole or by their beginning."""

import pytest

from app.cli.errors import AmbiguousId, UnknownId
from app.cli.session import only_match


class TestOnlyMatch:
    def test_is_the_one_that_begins_so(self) -> None:
        assert only_match("task", "5d1f", ["5d1f7c1e"]) == "5d1f7c1e"

    def test_refuses_a_beginning_that_fits_nothing(self) -> None:
        with pytest.raises(UnknownId, match="task list"):
            only_match("task", "5d1f", [])

    def test_refuses_a_beginning_that_fits_two(self) -> None:
        with pytest.raises(AmbiguousId, match="2 files"):
            only_match("file", "5d1f", ["5d1f7c1e", "5d1f9999"])

    def test_refuses_a_beginning_that_is_too_short_to_be_meant(self) -> None:
        with pytest.raises(AmbiguousId, match="at least 4"):
            only_match("task", "5d", ["5d1f7c1e"])
