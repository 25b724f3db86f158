"""The user's files, looked at before anything else."""

import os
from pathlib import Path

import pytest

from app.cli.errors import PathDenied, PathMissing, PathUnusable
from app.cli.input_files import check_paths, read_uploads, refusal
from app.core.config import FileSettings
from app.services.files import TooManyFiles
from app.sources import FileTooLarge

LIMITS = FileSettings(max_size_bytes=2_000_000, max_files=2)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text("month,units\n2026-01,5\n")
    return path


class TestCheckPaths:
    def test_takes_the_same_file_once(self, table: Path) -> None:
        again = table.parent / "." / table.name
        assert check_paths([table, again], LIMITS) == (again,)

    def test_refuses_a_missing_file_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(PathMissing, match=r"nowhere\.csv"):
            check_paths([tmp_path / "nowhere.csv"], LIMITS)

    def test_refuses_a_path_through_a_file(self, table: Path) -> None:
        with pytest.raises(PathMissing):
            check_paths([table / "inside"], LIMITS)

    def test_refuses_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(PathUnusable, match="is a folder"):
            check_paths([tmp_path], LIMITS)

    def test_refuses_what_never_ends(self) -> None:
        with pytest.raises(PathUnusable, match="no ordinary file"):
            check_paths([Path("/dev/zero")], LIMITS)

    def test_refuses_a_pipe_without_waiting_for_a_writer(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(PathUnusable):
            check_paths([tmp_path / "pipe"], LIMITS)

    def test_refuses_a_file_that_is_too_large_without_reading_it(self, tmp_path: Path) -> None:
        path = tmp_path / "huge.csv"
        with path.open("wb") as file:
            file.truncate(50_000_000_000)
        with pytest.raises(FileTooLarge, match="the limit is 2 MB"):
            check_paths([path], LIMITS)

    def test_refuses_too_many_files(self, tmp_path: Path) -> None:
        paths = [tmp_path / name for name in "abc"]
        with pytest.raises(TooManyFiles, match="at most 2"):
            check_paths(paths, LIMITS)


class TestRefusal:
    def test_of_a_file_without_permission_says_so(self) -> None:
        error = refusal(Path("a.csv"), PermissionError(13, "Permission denied"))
        assert isinstance(error, PathDenied)
        assert "a.csv" in error.message


class TestReadUploads:
    def test_gives_the_files_own_name_also_behind_a_link(self, table: Path, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to(table)
        [upload] = read_uploads([link])
        assert (upload.name, upload.content) == ("sales.csv", table.read_bytes())
