"""Set-up never takes away what an earlier set-up brought."""

from pathlib import Path

import pytest

from tools import bootstrap


class TestLocksToInstall:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        (tmp_path / ".venv").mkdir()
        for name in ("requirements.lock", "requirements-dev.lock"):
            (tmp_path / name).write_text(name, encoding="utf-8")
        return tmp_path

    def test_are_those_asked_for_in_a_new_environment(self, project: Path) -> None:
        core = project / "requirements.lock"
        assert bootstrap.locks_to_install([core], project / ".venv") == [core]

    def test_include_those_already_installed(self, project: Path) -> None:
        core, dev = project / "requirements.lock", project / "requirements-dev.lock"
        bootstrap.stamp_of(dev, project / ".venv").write_text("older", encoding="utf-8")
        assert bootstrap.locks_to_install([core], project / ".venv") == [dev, core]


class TestIsSameFile:
    def test_tells_an_older_lock_from_the_present_one(self, tmp_path: Path) -> None:
        one, other = tmp_path / "a", tmp_path / "b"
        assert not bootstrap.is_same_file(one, other)
        one.write_text("1", encoding="utf-8")
        other.write_text("2", encoding="utf-8")
        assert not bootstrap.is_same_file(one, other)
        other.write_text("1", encoding="utf-8")
        assert bootstrap.is_same_file(one, other)
