"""The user's files on this machine: looked at before anything else is done, then read whole."""

import stat
from collections.abc import Sequence
from pathlib import Path

from app.cli.errors import PathDenied, PathMissing, PathUnusable
from app.core.config import FileSettings
from app.services.files import TooManyFiles, Upload
from app.sources import FileTooLarge

MEGABYTE = 1_000_000


def check_paths(paths: Sequence[Path], settings: FileSettings) -> tuple[Path, ...]:
    """Return the paths, each file once, if every one of them can be read.

    Raises:
        PathMissing, PathUnusable, PathDenied: A path leads to no readable file.
        TooManyFiles, FileTooLarge: More than is allowed.
    """
    distinct = tuple({path.resolve(): path for path in paths}.values())
    if len(distinct) > settings.max_files:
        raise TooManyFiles(
            f"{len(distinct)} files were given; a task takes at most {settings.max_files}."
        )
    for path in distinct:
        _check(path, settings.max_size_bytes)
    return distinct


def read_uploads(paths: Sequence[Path]) -> list[Upload]:
    """Read files whole; call it in a thread.

    Raises:
        PathMissing, PathDenied: A file went away or may not be read.
    """
    return [Upload(path.resolve().name, _content(path)) for path in paths]


def _check(path: Path, max_size_bytes: int) -> None:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise PathUnusable(f"{path} is a folder; give the files in it.")
        if not stat.S_ISREG(found.st_mode):
            raise PathUnusable(f"{path} is no ordinary file; save its content to a file first.")
        with path.open("rb"):
            pass
    except OSError as error:
        raise refusal(path, error) from error
    if found.st_size > max_size_bytes:
        raise FileTooLarge(
            f"{path} has {found.st_size / MEGABYTE:.1f} MB and the limit is "
            f"{max_size_bytes / MEGABYTE:.0f} MB; split it or leave parts out."
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: OSError) -> PathMissing | PathDenied | PathUnusable:
    """Return what to say of a file that the system does not give."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return PathMissing(f"There is no file {path}; check the path.")
    if isinstance(error, PermissionError):
        return PathDenied(f"{path} may not be read by you; change its permissions or copy it.")
    return PathUnusable(f"{path} cannot be read ({error.strerror}).")
