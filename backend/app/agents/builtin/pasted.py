"""Text and tables pasted into a goal, read as a source of its own."""

import re

from app.schemas.source import Extract, PassageKind
from app.sources import FileRefused, SourceLibrary, detect_language, read_file

PASTED_FILE_ID = "goal"
_NAMES = {
    "en": ("Pasted text.md", "Pasted data.csv"),
    "ko": ("붙여 넣은 글.md", "붙여 넣은 표.csv"),
}
_SEPARATORS = (",", "\t", ";")
_LEAST_ROWS = 3
_LEAST_CHARS = 280
_TABLE_ROW = re.compile(r"^\s*\|?.+(?:\||\t|,).+(?:\||\t|,)?.*\d", re.MULTILINE)


def pasted_extract(goal: str) -> Extract | None:
    """Read what a goal holds beyond its order; None when it holds nothing to work from.

    The first paragraph is the order; paragraphs after it that are long enough, or rows of a
    table, are material.
    """
    order, _, rest = goal.strip().partition("\n")
    rows = len(_TABLE_ROW.findall(rest))
    if not order.strip() or (len(rest.strip()) < _LEAST_CHARS and rows < _LEAST_ROWS):
        return None
    text = rest.strip()
    name = _NAMES[detect_language(goal)][_is_delimited(text)]
    try:
        extract = read_file(text.encode(), file_id=PASTED_FILE_ID, file_name=name)
    except FileRefused:
        return None
    has_content = extract.tables or any(p.kind is not PassageKind.HEADING for p in extract.passages)
    return extract if has_content else None


def _is_delimited(text: str) -> bool:
    """Say whether all lines are cells between the same separators."""
    lines = [line for line in text.splitlines() if line.strip()]
    counts = [{line.count(separator) for line in lines} for separator in _SEPARATORS]
    same = [found for found in counts if len(found) == 1 and 0 not in found]
    return len(lines) >= _LEAST_ROWS and bool(same) and "|" not in text


def with_pasted(goal: str, library: SourceLibrary) -> SourceLibrary:
    """Return the library, with the goal's own material where there are no files."""
    if library.extracts:
        return library
    extract = pasted_extract(goal)
    return SourceLibrary([extract]) if extract is not None else library
