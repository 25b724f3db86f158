"""What must stand in no file of the repository."""

import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tests.architecture.source_tree import ROOT, source_files

BINARY_SUFFIXES = frozenset(
    [".whl", ".docx", ".xlsx", ".pptx", ".pdf", ".png", ".jpg", ".gz", ".zip", ".ttf", ".woff2"]
)
# A bracket in each pattern keeps it from finding itself.
LOCAL_PATHS = re.compile(r"/w[o]rk/|/t[m]p/w/|/r[o]ot/|/home/[a-z]|/U[s]ers/[a-z]|/opt/[p]ypi")
REGISTRIES = re.compile(r"[p]ypi\.org|[p]ythonhosted|registry\.[n]pmjs|[d]eb\.debian\.org", re.I)
MAKING_OF = re.compile(
    r"c[l]aude code|co-aut[h]ored-by|f[a]rm-(studio|bench)|steering r[e]po|developers.? s[e]ssion",
    re.I,
)
UNFINISHED = re.compile(
    r"#\s*(T[O]DO|F[I]XME|X[X]X)\b|raise NotImpl[e]mentedError|mark\.(s[k]ip|x[f]ail)"
)
ADDRESS = re.compile(r"[a-z]+://", re.I)


@lru_cache
def repository_files() -> tuple[Path, ...]:
    """Return the files that are, or are about to be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def text_lines() -> Iterator[tuple[str, str]]:
    """Yield "path:line" and text of every line of every text file."""
    for path in repository_files():
        if path.suffix not in BINARY_SUFFIXES:
            lines = path.read_text(encoding="utf-8").splitlines()
            name = path.relative_to(ROOT).as_posix()
            yield from ((f"{name}:{number}", line) for number, line in enumerate(lines, 1))


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Return where the pattern occurs."""
    return [
        f"{place}: {line.strip()[:100]}" for place, line in text_lines() if pattern.search(line)
    ]


class TestRepositoryText:
    def test_names_no_path_of_somebodys_machine(self) -> None:
        assert lines_with(LOCAL_PATHS) == []

    def test_names_no_package_registry(self) -> None:
        assert lines_with(REGISTRIES) == []

    def test_does_not_tell_how_it_was_made(self) -> None:
        assert lines_with(MAKING_OF) == []


class TestPythonFiles:
    def test_leave_nothing_unfinished_or_skipped(self) -> None:
        found = [
            f"{file.name}:{number}"
            for file in source_files()
            for number, line in enumerate(file.text.splitlines(), 1)
            if UNFINISHED.search(line)
        ]
        assert not found, "\n".join(found)


class TestLocks:
    def test_hold_versions_and_hashes_but_no_address(self) -> None:
        locks = [path for path in repository_files() if path.suffix == ".lock"]
        assert locks
        for lock in locks:
            text = lock.read_text(encoding="utf-8")
            assert not ADDRESS.search(text), lock
            assert text.count("==") <= text.count("--hash=sha256:"), lock
