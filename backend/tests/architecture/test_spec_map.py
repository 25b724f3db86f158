"""The map of the owner's specification is whole, and what it calls done is there."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_tree import BACKEND, ROOT

REFERENCE = ROOT / "docs" / "reference"
ITEM = re.compile(r"(?:- |\d+\. )\S")
# Lines that only open a list, and the sections that count what was written.
OPENERS = ("구현 내용:", "엔드포인트:")
COUNTS = ("구현 완료율", "코드 통계")
CODE = re.compile(r"`([^`]+)`")


def lines_to_build(specification: str) -> Iterator[str]:
    """Yield the lines of the specification that name something to build."""
    heading = ""
    for raw in specification.splitlines():
        line = raw.strip()
        if line.startswith("#"):
            heading = line.strip("# ")
        elif ITEM.match(line) and heading not in COUNTS and not line.endswith(OPENERS):
            yield line


def listed_lines() -> list[str]:
    """Return the specification's lines as the repository keeps them."""
    return (REFERENCE / "spec-lines.txt").read_text(encoding="utf-8").splitlines()


def map_rows() -> list[tuple[str, str, str]]:
    """Return line, state and place of every row of the map."""
    text = (REFERENCE / "spec-map.md").read_text(encoding="utf-8")
    cells = [
        line.removeprefix("| ").removesuffix(" |").split(" | ")
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return [(c[0], c[1], c[2]) for c in cells if len(c) == 3 and c[1] in {"done", "missing"}]


def paths_in(place: str) -> list[Path]:
    """Return the paths below backend/ that a row names."""
    names = [name for name in CODE.findall(place) if re.match(r"(app|tests|alembic)/", name)]
    return [BACKEND / name for name in names]


class TestSpecificationLines:
    def test_are_those_of_the_specification_where_it_is_at_hand(self) -> None:
        listed = set(listed_lines())
        for path in sorted((ROOT.parent / "shared" / "spec").glob("*.txt")):
            assert set(lines_to_build(path.read_text(encoding="utf-8"))) == listed


class TestSpecificationMap:
    def test_has_every_line_exactly_once(self) -> None:
        assert [line for line, _, _ in map_rows()] == listed_lines()

    def test_names_code_and_a_test_for_all_that_is_done(self) -> None:
        done = [(line, paths_in(place)) for line, state, place in map_rows() if state == "done"]
        untested = [
            line for line, paths in done if not any("tests" in path.parts for path in paths)
        ]
        assert not untested, "\n".join(untested)

    def test_names_only_what_exists(self) -> None:
        places = {path for _, _, place in map_rows() for path in paths_in(place)}
        absent = sorted(str(p.relative_to(BACKEND)) for p in places if not p.exists())
        assert not absent, "\n".join(absent)

    def test_names_the_piece_of_work_for_all_that_is_missing(self) -> None:
        rows = [(line, place) for line, state, place in map_rows() if state == "missing"]
        assert [line for line, place in rows if not place.strip()] == []
