"""What `madang doctor` says."""

import json
from pathlib import Path

import pytest

from app.cli.diagnosis import (
    CHECKS,
    Finding,
    State,
    check_data_folder,
    check_model,
    diagnose,
    ok,
    run_check,
)
from app.core.config import ModelSettings, Settings
from app.core.postgres import DatabaseUnavailable
from tests.factories.settings import GivenSettings
from tests.unit.cli.screen import Screen


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return GivenSettings(data_dir=tmp_path / "data")


def away(_: Settings) -> Finding:
    """Find the database away."""
    raise DatabaseUnavailable("The database cannot be reached.")


def broken(_: Settings) -> Finding:
    """Break like a missing library."""
    raise ImportError("libnumbers.so: cannot open shared object file")


def low(_: Settings) -> Finding:
    """Find little space."""
    return Finding(
        State.WARN, "doctor_folder", {"path": "/data", "free": "300 MB"}, "doctor_folder_remedy"
    )


def well(_: Settings) -> Finding:
    """Find nothing wrong."""
    return ok("doctor_python", version="3.11.7")


class TestDiagnose:
    async def test_is_ready_when_nothing_needed_fails(self, settings: Settings) -> None:
        screen = Screen(width=200)
        assert await diagnose(screen.terminal, settings, {"python": well, "data_folder": low}) == 0
        assert "! " in screen.out
        assert "Free space on this disk" in screen.out
        assert "Madang can work." in screen.out

    async def test_goes_on_after_a_failure_and_says_7(self, settings: Settings) -> None:
        screen = Screen(width=200)
        checks = {"database": away, "sentence_model": broken, "python": well}
        assert await diagnose(screen.terminal, settings, checks) == 7
        assert "The database cannot be reached." in screen.out
        assert "ImportError: libnumbers.so" in screen.out
        assert "3.11.7" in screen.out

    async def test_answers_as_json(self, settings: Settings) -> None:
        screen = Screen(as_json=True)
        await diagnose(screen.terminal, settings, {"database": away})
        document = json.loads(screen.out)
        assert document["is_ready"] is False
        assert document["checks"] == [
            {
                "name": "database",
                "state": "fail",
                "message": "The database cannot be reached.",
                "remedy": None,
            }
        ]

    async def test_speaks_korean(self, settings: Settings) -> None:
        screen = Screen(width=200, language="ko")
        await diagnose(screen.terminal, settings, {"data_folder": low})
        assert "데이터 폴더" in screen.out
        assert "디스크를 비우거나" in screen.out


class TestChecks:
    def test_each_has_its_name_in_both_languages(self) -> None:
        for language in ("en", "ko"):
            terminal = Screen(language=language).terminal
            assert all(terminal.words(f"check_{name}") for name in CHECKS)

    def test_the_data_folder_is_left_as_it_was(self, settings: Settings) -> None:
        assert check_data_folder(settings).state is not State.FAIL
        assert list(settings.data_path.iterdir()) == []

    def test_a_data_folder_that_is_a_file_is_a_finding(self, settings: Settings) -> None:
        settings.data_path.write_text("x")
        line = run_check("data_folder", check_data_folder, settings, Screen().terminal)
        assert line.state is State.FAIL

    def test_an_unknown_model_is_a_finding(self, tmp_path: Path) -> None:
        settings = GivenSettings(data_dir=tmp_path, model=ModelSettings(name="nobody:nothing"))
        line = run_check("model", check_model, settings, Screen().terminal)
        assert line.state is State.FAIL
        assert "nobody:nothing" in line.said
