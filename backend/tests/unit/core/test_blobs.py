"""Bytes under their hash."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.blobs import BlobNotFound, BlobStore, StorageUnavailable, write_atomically


class TestBlobStore:
    @given(st.binary(max_size=2000))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_gives_back_what_was_put(self, tmp_path: Path, content: bytes) -> None:
        store = BlobStore(tmp_path)
        sha256 = store.put(content)
        assert sha256 == hashlib.sha256(content).hexdigest()
        assert store.get(sha256) == content

    def test_keeps_the_same_bytes_once(self, tmp_path: Path) -> None:
        store = BlobStore(tmp_path)
        store.put(b"same")
        store.put(b"same")
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1

    def test_refuses_bytes_that_were_changed_on_disk(self, tmp_path: Path) -> None:
        store = BlobStore(tmp_path)
        sha256 = store.put(b"true")
        store.path(sha256).write_bytes(b"false")
        with pytest.raises(BlobNotFound, match="missing or damaged"):
            store.get(sha256)

    def test_says_so_when_bytes_are_gone(self, tmp_path: Path) -> None:
        with pytest.raises(BlobNotFound):
            BlobStore(tmp_path).get("0" * 64)


class TestWriteAtomically:
    def test_leaves_nothing_behind_when_it_cannot_write(self, tmp_path: Path) -> None:
        blocked = tmp_path / "blocked"
        blocked.write_bytes(b"a file, not a folder")
        with pytest.raises(StorageUnavailable, match="cannot be written"):
            write_atomically(blocked / "out.docx", b"content")
        assert [path.name for path in tmp_path.iterdir()] == ["blocked"]

    def test_replaces_a_file_whole(self, tmp_path: Path) -> None:
        target = tmp_path / "out.txt"
        target.write_text("old", encoding="utf-8")
        write_atomically(target, b"new")
        assert target.read_bytes() == b"new"
        assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


class TestFolder:
    def test_is_closed_to_others_even_in_an_open_data_folder(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        BlobStore(tmp_path / "blobs").put(b"a user's file")
        assert (tmp_path / "blobs").stat().st_mode & 0o077 == 0
