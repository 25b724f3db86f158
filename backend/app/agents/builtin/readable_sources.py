"""The sources as the composer reads them: headings, titles and cells that direct it are taken away.

Headings name chapters and slides, and stand in every locator; one that speaks to the machine
would otherwise be printed although no statement under it is to blame.
"""

from functools import lru_cache
from pathlib import PurePath

from app.agents.builtin.cell_screening import has_cell_orders, without_cell_orders
from app.agents.builtin.pasted import with_pasted
from app.agents.builtin.screening import speaks_to_a_machine
from app.schemas.source import Extract, Passage, SourceTable
from app.sources import SourceLibrary

_JOIN = " > "
_PLACE = ", table "


def readable_sources(goal: str, library: SourceLibrary) -> SourceLibrary:
    """Return the files of a task, or what was pasted into its goal, without such headings or cells.

    The library itself comes back where there are none, so that its search index is kept.
    """
    given = with_pasted(goal, library)
    if not any(map(_is_directive, _names(given))) and not any(map(has_cell_orders, given.extracts)):
        return given
    return SourceLibrary([_without_directives(extract) for extract in given.extracts])


def _names(library: SourceLibrary) -> set[str]:
    names = {extract.title for extract in library.extracts}
    paths = {path for p in library.passages for path in (p.section, p.locator)}
    paths |= {path for table in library.tables for path in (table.title, table.locator)}
    return names | {_split_place(part)[0] for path in paths for part in path.split(_JOIN)}


def _without_directives(extract: Extract) -> Extract:
    stem = PurePath(extract.file_name).stem
    return extract.model_copy(
        update={
            "title": "" if _is_directive(extract.title) else extract.title,
            "passages": tuple(_passage(passage, stem) for passage in extract.passages),
            "tables": tuple(_table(table, stem) for table in without_cell_orders(extract)),
        }
    )


def _passage(passage: Passage, stem: str) -> Passage:
    update = {"section": _cleared(passage.section), "locator": _cleared(passage.locator) or stem}
    return passage.model_copy(update=update)


def _table(table: SourceTable, stem: str) -> SourceTable:
    update = {"title": _cleared(table.title) or stem, "locator": _cleared(table.locator) or stem}
    return table.model_copy(update=update)


def _cleared(path: str) -> str:
    parts = (_split_place(part) for part in path.split(_JOIN))
    kept = (place if _is_directive(head) else f"{head}{place}" for head, place in parts)
    return _JOIN.join(part.removeprefix(", ") for part in kept if part)


def _split_place(part: str) -> tuple[str, str]:
    """Split a heading from the place below it: ", table 1, rows 2-3"."""
    head, comma, place = part.partition(_PLACE)
    return head, comma + place


@lru_cache(maxsize=4096)
def _is_directive(name: str) -> bool:
    return speaks_to_a_machine(name)
