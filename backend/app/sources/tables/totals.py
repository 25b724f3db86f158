"""Rows that sum up other rows.

A row is a total when one of its texts is a word for it ("Total", "Grand total", "합계", "소계",
"평균") or ends in one ("Europe total", "서울 소계"). "Total addressable market" is not: a label
that goes on after the word names a thing of its own. Total rows stay readable in the passages,
and are kept out of the rows of a table, so that a sum over a column counts nothing twice.
"""

import re
from collections.abc import Sequence

from app.schemas.source import CellValue

_TOTAL = re.compile(
    r"(?:.{1,30}[\s_-])?(?:grand[\s-]?total|sub[\s-]?total|totals?)"
    r"|grand total.{0,20}|averages?|mean"
    r"|(?:.{1,20}\s)?(?:총\s?합\s?계|합\s?계|총\s?계|소\s?계|누\s?계|평\s?균)|계|총액",
    re.IGNORECASE,
)
_MAX_LABEL_CHARS = 50
_TRIM = " \t\u3000:.*#[]()<>-=_"


def is_total_label(text: str) -> bool:
    """Say whether a label names a total, a subtotal or an average."""
    if not text or len(text) > _MAX_LABEL_CHARS or text[0].isdigit():
        return False
    return _TOTAL.fullmatch(text.strip(_TRIM)) is not None


def is_total_row(row: Sequence[CellValue]) -> bool:
    """Say whether a row sums up others: a text cell is a total label and a number is there."""
    has_label = any(isinstance(cell, str) and is_total_label(cell) for cell in row)
    return has_label and any(
        isinstance(cell, int | float) and not isinstance(cell, bool) for cell in row
    )
