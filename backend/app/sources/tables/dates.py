"""Dates in cells, read only where day, month and year cannot be mistaken."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

T = TypeVar("T")
_MAX_CHARS = 40
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_YEAR_FIRST = re.compile(
    r"(\d{4})\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})\s?[일.]?(?:[T ]00:00(?::00)?)?"
)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def parse_dates(texts: Sequence[str]) -> list[date] | None:
    """Read all texts as dates, or return None. "03/04/2024" needs a column that shows the order."""
    if not texts or len(texts[0]) > _MAX_CHARS:
        return None
    if _parse_plain(texts[0]) is None:
        return _parse_numeric(texts)
    return _all_or_none(_parse_plain(text) for text in texts)


def _parse_plain(text: str) -> date | None:
    if (match := _YEAR_FIRST.fullmatch(text)) is not None:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if (match := _DAY_MONTH.fullmatch(text)) is not None:
        return _date(int(match[3]), _MONTHS.get(match[2].lower(), 0), int(match[1]))
    if (match := _MONTH_DAY.fullmatch(text)) is not None:
        return _date(int(match[3]), _MONTHS.get(match[1].lower(), 0), int(match[2]))
    return None


def _parse_numeric(texts: Sequence[str]) -> list[date] | None:
    matches = _all_or_none(_NUMERIC.fullmatch(text) for text in texts)
    if matches is None:
        return None
    parts = [(int(m[1]), int(m[2]), int(m[3])) for m in matches]
    is_day_first = any(first > 12 for first, _, _ in parts)
    is_month_first = any(second > 12 for _, second, _ in parts)
    if is_day_first == is_month_first:
        return None
    return _all_or_none(_date(y, b, a) if is_day_first else _date(y, a, b) for a, b, y in parts)


def _all_or_none(values: Iterable[T | None]) -> list[T] | None:
    """Return all values, or None as soon as one is missing."""
    known: list[T] = []
    for value in values:
        if value is None:
            return None
        known.append(value)
    return known


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
