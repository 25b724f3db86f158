"""Bytes kept on disk under their SHA-256: uploads, extracts, large results, finished files."""

import errno
import hashlib
import os
from contextlib import suppress
from pathlib import Path

from app.core.errors import NotFound, Unavailable
from app.core.ids import new_id


class StorageUnavailable(Unavailable):
    """The data folder cannot be written."""

    code = "storage_unavailable"


class BlobNotFound(NotFound):
    """Stored bytes that a row names are not in the data folder."""

    code = "blob_not_found"


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class BlobStore:
    """A folder of immutable blobs. Writing the same bytes twice stores them once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str) -> Path:
        """Return where the blob of this hash is kept."""
        return self._root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Store `content` and return its hash; whole on disk (fsync) or not there at all.

        Raises:
            StorageUnavailable: The disk is full or the folder cannot be written.
        """
        sha256 = sha256_hex(content)
        path = self.path(sha256)
        if not path.exists():
            # Users' files, in a data folder that may be open to all; a failure shows up below.
            with suppress(OSError):
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(path, content)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of this hash.

        Raises:
            BlobNotFound: They are not there, or no longer match their hash.
        """
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            content = None
        if content is None or sha256_hex(content) != sha256:
            raise BlobNotFound(
                f"The stored bytes {sha256[:12]} are missing or damaged in the data folder; "
                "restore the folder from a backup or upload the file again."
            )
        return content


def write_atomically(path: Path, content: bytes) -> None:
    """Write a whole file or none: a temporary beside it, fsync, rename.

    Raises:
        StorageUnavailable: The disk is full or the folder cannot be written.
    """
    partial = path.with_name(f".{path.name[:80]}.{new_id()[:8]}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StorageUnavailable(_advice(path, error)) from error


def _advice(path: Path, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk of {path.parent} is full; free space and try again."
    return (
        f"{path.parent} cannot be written ({error.strerror}); choose a folder that you may write."
    )
