"""A task's files on the user's disk: whole, and over nobody else's."""

import errno
from pathlib import Path

import pytest

from app.cli.errors import OutputBlocked
from app.cli.output_files import INDEX_NAME, OutputFolder, check_folder, default_folder
from app.core.blobs import StorageUnavailable, write_atomically


def full_disk(path: Path, content: bytes) -> None:
    """Write like a disk without space."""
    raise StorageUnavailable("The disk is full.") from OSError(errno.ENOSPC, "No space left")


class TestPut:
    def test_makes_the_folder_and_writes_the_file(self, tmp_path: Path) -> None:
        written = OutputFolder(tmp_path / "a" / "b").put("report.docx", b"one")
        assert written.path == tmp_path / "a" / "b" / "report.docx"
        assert written.path.read_bytes() == b"one"

    def test_replaces_its_own_file_that_nobody_changed(self, tmp_path: Path) -> None:
        out = OutputFolder(tmp_path)
        out.put("report.docx", b"one")
        assert out.put("report.docx", b"two").path.name == "report.docx"
        assert (tmp_path / "report.docx").read_bytes() == b"two"

    def test_keeps_a_file_of_the_users(self, tmp_path: Path) -> None:
        (tmp_path / "report.docx").write_bytes(b"mine")
        written = OutputFolder(tmp_path).put("report.docx", b"one")
        assert written.path.name == "report (2).docx"
        assert (tmp_path / "report.docx").read_bytes() == b"mine"

    def test_keeps_its_own_file_that_the_user_edited(self, tmp_path: Path) -> None:
        out = OutputFolder(tmp_path)
        out.put("report.docx", b"one")
        (tmp_path / "report.docx").write_bytes(b"one, edited")
        assert out.put("report.docx", b"two").path.name == "report (2).docx"
        assert (tmp_path / "report.docx").read_bytes() == b"one, edited"

    def test_leaves_a_file_that_is_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "report.docx").write_bytes(b"one")
        written = OutputFolder(tmp_path).put("report.docx", b"one")
        assert written.path.name == "report.docx"

    def test_never_writes_through_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "private").write_bytes(b"mine")
        (tmp_path / "report.docx").symlink_to(tmp_path / "private")
        OutputFolder(tmp_path).put("report.docx", b"one")
        assert (tmp_path / "private").read_bytes() == b"mine"

    def test_does_not_take_a_link_to_the_same_content_for_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").write_bytes(b"one")
        (tmp_path / "report.docx").symlink_to(tmp_path / "elsewhere")
        assert OutputFolder(tmp_path).put("report.docx", b"one").path.name == "report (2).docx"

    def test_keeps_a_link_of_the_users_that_leads_nowhere(self, tmp_path: Path) -> None:
        (tmp_path / "report.docx").symlink_to(tmp_path / "gone")
        OutputFolder(tmp_path).put("report.docx", b"one")
        assert (tmp_path / "report.docx").is_symlink()

    def test_never_leaves_the_folder(self, tmp_path: Path) -> None:
        written = OutputFolder(tmp_path / "out").put("../../evil.docx", b"one")
        assert written.path == tmp_path / "out" / "evil.docx"

    def test_leaves_no_half_file_on_a_full_disk(self, tmp_path: Path) -> None:
        with pytest.raises(StorageUnavailable):
            OutputFolder(tmp_path, write=full_disk).put("report.docx", b"one")
        assert list(tmp_path.iterdir()) == []

    def test_does_not_trust_a_broken_index(self, tmp_path: Path) -> None:
        (tmp_path / INDEX_NAME).write_text('["report.docx"]')
        (tmp_path / "report.docx").write_bytes(b"mine")
        assert OutputFolder(tmp_path).put("report.docx", b"one").path.name == "report (2).docx"

    def test_writes_through_the_one_atomic_writer(self, tmp_path: Path) -> None:
        OutputFolder(tmp_path, write=write_atomically).put("report.docx", b"one")
        assert not [path for path in tmp_path.iterdir() if path.suffix == ".partial"]


class TestCheckFolder:
    def test_accepts_a_folder_that_is_not_there_yet(self, tmp_path: Path) -> None:
        check_folder(tmp_path / "a" / "b")
        assert list(tmp_path.iterdir()) == []

    def test_refuses_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("x")
        with pytest.raises(OutputBlocked, match="is a file"):
            check_folder(tmp_path / "out")

    def test_refuses_a_folder_below_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("x")
        with pytest.raises(OutputBlocked):
            check_folder(tmp_path / "out" / "deeper")

    def test_refuses_a_link_to_nowhere(self, tmp_path: Path) -> None:
        (tmp_path / "out").symlink_to(tmp_path / "gone")
        with pytest.raises(OutputBlocked):
            check_folder(tmp_path / "out")


class TestDefaultFolder:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Q3 Sales: Board Brief", "q3-sales-board-brief-5d1f7c1e"),
            ("1분기 매출 / 보고", "1분기-매출-보고-5d1f7c1e"),
            ("../../etc", "etc-5d1f7c1e"),
            ("!?", "task-5d1f7c1e"),
        ],
    )
    def test_is_named_after_the_task(self, title: str, name: str) -> None:
        assert default_folder(title, "5d1f7c1e-0000") == Path("madang-out") / name

    def test_is_short_enough_for_any_disk(self) -> None:
        name = default_folder("가" * 500, "5d1f7c1e-0000").name
        assert len(name.encode()) < 200
