"""Text and tables pasted into a goal: material to work from, as if it were a file."""

import re
from dataclasses import dataclass

from app.sources.text import detect_language

_NAMES = {
    "en": ("Pasted text.md", "Pasted data.csv"),
    "ko": ("붙여 넣은 글.md", "붙여 넣은 표.csv"),
}
_SEPARATORS = (",", "\t", ";")
_LEAST_ROWS = 3
_LEAST_CHARS = 280
_HANGUL = re.compile(r"[가-힣]")
_TABLE_ROW = re.compile(r"^\s*\|?.+(?:\||\t|,).+(?:\||\t|,)?.*\d", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PastedMaterial:
    """What a goal holds beyond its order, under a file name that says so."""

    name: str
    text: str


def pasted_material(goal: str) -> PastedMaterial | None:
    """Return what a goal holds beyond its order; None when that is nothing to work from.

    The first line is the order; what follows is material when it is long enough or has the rows
    of a table.
    """
    order, _, rest = goal.strip().partition("\n")
    rows = len(_TABLE_ROW.findall(rest))
    if not order.strip() or (_extent(rest.strip()) < _LEAST_CHARS and rows < _LEAST_ROWS):
        return None
    text = rest.strip()
    return PastedMaterial(_NAMES[detect_language(goal)][_is_delimited(text)], text)


def _extent(text: str) -> int:
    """Return how much a text says, in Latin letters: a Hangul syllable says as much as three."""
    return len(text) + 2 * len(_HANGUL.findall(text))


def _is_delimited(text: str) -> bool:
    """Say whether all lines are cells between the same separators."""
    lines = [line for line in text.splitlines() if line.strip()]
    counts = [{line.count(separator) for line in lines} for separator in _SEPARATORS]
    same = [found for found in counts if len(found) == 1 and 0 not in found]
    return len(lines) >= _LEAST_ROWS and bool(same) and "|" not in text
