"""The few forms of Markdown that reference pages are made of."""

from collections.abc import Sequence

NOTE = "<!-- Made from the code by `./run docs`; changes here are overwritten. -->"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    cells = [[" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells) + "\n"


def page(title: str, introduction: str, *sections: str) -> str:
    """Return a whole page."""
    parts = [f"# {title}", NOTE, introduction, *(section.strip() for section in sections)]
    return "\n\n".join(parts) + "\n"


def first_sentence(docstring: str | None) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((docstring or "").strip().split("\n\n")[0].split())
