"""Write a task's files where the user wants them: whole, and over nobody else's file.

A small index in the folder remembers which files came from here. Only those are replaced, and only
while they are as they were written; any other file stays, and ours gets another name.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from app.cli.errors import OutputBlocked, PathDenied
from app.cli.formatting import short_id
from app.core.blobs import sha256_hex, write_atomically

DEFAULT_FOLDER = Path("madang-out")
INDEX_NAME = ".madang-files.json"
SLUG_LENGTH = 40
MAX_NAMES = 1000

Writer = Callable[[Path, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file as it now stands; `name` is the task's name for it, `path` may end differently."""

    name: str
    path: Path


def default_folder(title: str, task_id: str) -> Path:
    """Return the folder for a task's files when none was asked for."""
    words = "".join(c if c.isalnum() else " " for c in title).split()
    slug = "-".join(words).lower()[:SLUG_LENGTH].strip("-")
    return DEFAULT_FOLDER / f"{slug or 'task'}-{short_id(task_id)}"


def check_folder(folder: Path) -> None:
    """Raise unless files can be written below `folder`, made or not.

    Raises:
        OutputBlocked: A file stands in the way.
        PathDenied: The user may not write there.
    """
    standing = next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))
    if not standing.is_dir():
        raise OutputBlocked(f"{standing} is a file; give a folder for the finished files.")
    if not os.access(standing, os.W_OK | os.X_OK):
        raise PathDenied(f"{standing} may not be written by you; give another folder with --out.")


class OutputFolder:
    """A folder that receives files."""

    def __init__(self, folder: Path, write: Writer = write_atomically) -> None:
        self._folder = folder
        self._write = write

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._folder

    def put(self, name: str, content: bytes) -> WrittenFile:
        """Write one file and return where; call it in a thread.

        Raises:
            StorageUnavailable: The disk is full or the folder cannot be written.
            OutputBlocked: Every name is taken.
        """
        name = PurePath(name).name
        ours = self._index()
        sha256 = sha256_hex(content)
        path = self._free_path(name, sha256, ours)
        if not _is(path, sha256):
            self._write(path, content)
        if ours.get(path.name) != sha256:
            index = json.dumps({**ours, path.name: sha256}, ensure_ascii=False, indent=1)
            self._write(self._folder / INDEX_NAME, index.encode())
        return WrittenFile(name=name, path=path)

    def _index(self) -> dict[str, str]:
        try:
            found = json.loads((self._folder / INDEX_NAME).read_bytes())
        except (OSError, ValueError):
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {name: sha for name, sha in pairs if isinstance(name, str) and isinstance(sha, str)}

    def _free_path(self, name: str, sha256: str, ours: dict[str, str]) -> Path:
        plain = PurePath(name)
        for number in range(1, MAX_NAMES):
            numbered = name if number == 1 else f"{plain.stem} ({number}){plain.suffix}"
            path = self._folder / numbered
            if not os.path.lexists(path) or _is(path, sha256):
                return path
            if numbered in ours and _is(path, ours[numbered]):
                return path
        raise OutputBlocked(f"{self._folder} holds too many files called {name}; give another.")


def _is(path: Path, sha256: str) -> bool:
    try:
        return not path.is_symlink() and sha256_hex(path.read_bytes()) == sha256
    except OSError:
        return False
