"""Text and tables pasted into a goal, read as a source of its own."""

import re

from app.schemas.source import Extract, PassageKind
from app.sources import FileRefused, SourceLibrary, detect_language, read_file

PASTED_FILE_ID = "goal"
_NAMES = {"en": "Your request.md", "ko": "요청문.md"}
_LEAST_CHARS = 280
_TABLE_ROW = re.compile(r"^\s*\|?.+(?:\||\t|,).+(?:\||\t|,)?.*\d", re.MULTILINE)


def pasted_extract(goal: str) -> Extract | None:
    """Read what a goal holds beyond its order; None when it holds nothing to work from.

    The first paragraph is the order; paragraphs after it that are long enough, or rows of a
    table, are material.
    """
    order, _, rest = goal.strip().partition("\n")
    rows = len(_TABLE_ROW.findall(rest))
    if not order.strip() or (len(rest.strip()) < _LEAST_CHARS and rows < 3):
        return None
    name = _NAMES[detect_language(goal)]
    try:
        extract = read_file(rest.strip().encode(), file_id=PASTED_FILE_ID, file_name=name)
    except FileRefused:
        return None
    has_content = extract.tables or any(p.kind is not PassageKind.HEADING for p in extract.passages)
    return extract if has_content else None


def with_pasted(goal: str, library: SourceLibrary) -> SourceLibrary:
    """Return the library, with the goal's own material where there are no files."""
    if library.extracts:
        return library
    extract = pasted_extract(goal)
    return SourceLibrary([extract]) if extract is not None else library
