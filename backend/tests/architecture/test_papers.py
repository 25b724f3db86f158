"""The papers: short where promised, in step in both languages, without dead links."""

import re
from pathlib import Path

from tests.architecture.source_tree import ROOT
from tests.architecture.test_tracked_text import repository_files

MAX_README_LINES = 120
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
README_LINKS = frozenset({"README.md", "README.ko.md"})


def text_of(name: str) -> str:
    """Return the text of a paper at the top of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    """Return the text without its code blocks."""
    return FENCE.sub("", text)


def heading_levels(name: str) -> list[int]:
    """Return the level of every heading, in order."""
    return [len(marks) for marks in HEADING.findall(without_code(text_of(name)))]


def links(name: str) -> list[str]:
    """Return the targets of every link, in order, without those between the two READMEs."""
    return [link for link in LINK.findall(without_code(text_of(name))) if link not in README_LINKS]


def dead_links(paper: Path) -> list[str]:
    """Return the links of a paper that lead to no file."""
    targets = LINK.findall(without_code(paper.read_text(encoding="utf-8")))
    local = [
        target for target in targets if "://" not in target and not target.startswith("mailto:")
    ]
    return [target for target in local if not (paper.parent / target).exists()]


class TestReadme:
    def test_is_short(self) -> None:
        assert len(text_of("README.md").splitlines()) <= MAX_README_LINES

    def test_says_the_same_in_korean(self) -> None:
        assert heading_levels("README.ko.md") == heading_levels("README.md")
        assert links("README.ko.md") == links("README.md")

    def test_shows_the_same_commands_in_korean(self) -> None:
        assert FENCE.findall(text_of("README.ko.md")) == FENCE.findall(text_of("README.md"))


class TestPapers:
    def test_have_no_dead_link(self) -> None:
        papers = [path for path in repository_files() if path.suffix == ".md"]
        dead = {p.relative_to(ROOT).as_posix(): dead_links(p) for p in papers if dead_links(p)}
        assert not dead, dead

    def test_every_page_of_docs_can_be_reached_from_the_map(self) -> None:
        pages = {p.resolve() for p in (ROOT / "docs").rglob("*.md")} - {ROOT / "docs" / "README.md"}
        index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
        linked = {(ROOT / "docs" / link).resolve() for link in LINK.findall(index)}
        unlinked = sorted(str(page.relative_to(ROOT)) for page in pages - linked)
        assert not unlinked, "\n".join(unlinked)
