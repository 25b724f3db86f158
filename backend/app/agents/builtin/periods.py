"""Points in time as tables write them, put in order and said in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.schemas.source import CellValue, Language

Grain = Literal["year", "quarter", "half", "month", "day"]
_YEAR = r"(?P<year>(?:19|20|21)\d{2})"
_FORECAST = (
    r"(?P<forecast>\s*\(?(?:e|f|p|est\.?|estimated?|forecast|proj\.?|plan|budget|예상|전망|추정"
    r"|예측|계획|목표)\)?)?"
)
_ACTUAL = r"(?:\s*\(?(?:a|actual|실적|잠정|확정)\)?)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTH_WORD = (
    r"(?P<word>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_BODIES: tuple[tuple[Grain, str], ...] = (
    ("year", rf"(?:fy\s*|cy\s*)?{_YEAR}\s*년?도?"),
    (
        "quarter",
        rf"(?:fy\s*)?{_YEAR}\s*[-/.년]?\s*(?:q(?P<part>[1-4])|(?P<part2>[1-4])\s*(?:q|분기))",
    ),
    ("quarter", rf"(?:q(?P<part>[1-4])|(?P<part2>[1-4])\s*q)\s*[-/'\u2019 ]?\s*(?:fy)?{_YEAR}"),
    ("quarter", r"(?:q(?P<part>[1-4])|(?P<part2>[1-4])\s*(?:q|분기))"),
    (
        "half",
        rf"{_YEAR}\s*[-/년]?\s*(?:h(?P<part>[12])|(?P<part2>[12])\s*h|(?P<korean>상|하)반기)",
    ),
    ("half", rf"(?:h(?P<part>[12])|(?P<part2>[12])\s*h)\s*[-/ ]?\s*{_YEAR}"),
    ("month", rf"{_YEAR}\s*[-/.년]\s*(?P<part>0?[1-9]|1[0-2])\s*월?"),
    ("month", rf"{_MONTH_WORD}[\s\-/,']*{_YEAR}"),
    ("month", rf"{_YEAR}[\s\-/]*{_MONTH_WORD}"),
    ("month", r"(?P<part>[1-9]|1[0-2])\s*월"),
    ("month", _MONTH_WORD),
)
_PATTERNS = tuple(
    (grain, re.compile(rf"^\s*{body}{_ACTUAL}{_FORECAST}\s*$", re.IGNORECASE))
    for grain, body in _BODIES
)


@dataclass(frozen=True, slots=True)
class Period:
    """A year, half, quarter, month or day. `label` is as the file writes it, for charts."""

    grain: Grain
    year: int | None
    part: int
    label: str
    day: int = 0
    is_forecast: bool = False

    @property
    def order(self) -> tuple[int, int, int]:
        """The key that puts periods in order of time."""
        return (self.year or 0, self.part, self.day)

    def said(self, language: Language) -> str:
        """Say the period: "March 2025", "2025년 3월"."""
        return _said_korean(self) if language == "ko" else _said_english(self)


def parse_period(value: CellValue) -> Period | None:
    """Read a cell or a column name as a period; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, date):
        return Period("day", value.year, value.month, value.isoformat()[:10], value.day)
    if isinstance(value, int | float):
        is_year = float(value).is_integer() and 1900 <= value <= 2150
        return Period("year", int(value), 0, str(int(value))) if is_year else None
    return _parse_text(value)


def parse_periods(values: Sequence[CellValue]) -> tuple[Period, ...] | None:
    """Read a whole column as periods of one grain; None when a value is none, or grains mix.

    Dates that all fall on 1 January are years; on the first of a month, months.
    """
    found = [parse_period(value) for value in values]
    periods = [period for period in found if period is not None]
    if not periods or len(periods) != len(found) or len({p.grain for p in periods}) != 1:
        return None
    if any(period.year is None for period in periods) and any(p.year for p in periods):
        return None
    return tuple(_coarsened(periods))


def _coarsened(periods: list[Period]) -> list[Period]:
    if periods[0].grain != "day" or not all(p.day == 1 for p in periods):
        return periods
    if all(p.part == 1 for p in periods):
        return [Period("year", p.year, 0, str(p.year)) for p in periods]
    return [Period("month", p.year, p.part, p.label[:7]) for p in periods]


def _parse_text(text: str) -> Period | None:
    if len(text) > 30:
        return None
    for grain, pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            groups = match.groupdict()
            year = groups.get("year")
            return Period(
                grain,
                int(year) if year else None,
                _part_of(groups),
                " ".join(text.split()),
                is_forecast=bool(groups.get("forecast")),
            )
    return None


def _part_of(groups: dict[str, str | None]) -> int:
    if groups.get("word"):
        return _MONTHS.index((groups["word"] or "")[:3].lower()) + 1
    if groups.get("korean"):
        return 1 if groups["korean"] == "상" else 2
    return int(groups.get("part") or groups.get("part2") or 0)


def _said_english(period: Period) -> str:
    year = f" {period.year}" if period.year else ""
    match period.grain:
        case "year":
            said = str(period.year)
        case "month":
            said = f"{_MONTH_NAMES[period.part - 1]}{year}"
        case "day":
            said = f"{_MONTH_NAMES[period.part - 1]} {period.day}, {period.year}"
        case "quarter":
            said = f"Q{period.part}{year}"
        case "half":
            said = f"H{period.part}{year}"
    return said


def _said_korean(period: Period) -> str:
    year = f"{period.year}년 " if period.year else ""
    match period.grain:
        case "year":
            said = f"{period.year}년"
        case "month":
            said = f"{year}{period.part}월"
        case "day":
            said = f"{year}{period.part}월 {period.day}일"
        case "quarter":
            said = f"{year}{period.part}분기"
        case "half":
            said = f"{year}{'상' if period.part == 1 else '하'}반기"
    return said


def years_between(first: Period, last: Period) -> float:
    """Return the time between two periods in years, 0 when years are unknown."""
    if first.year is None or last.year is None:
        return 0.0
    parts = {"quarter": 4, "half": 2, "month": 12}.get(first.grain)
    if parts is None:
        return float(last.year - first.year)
    return last.year - first.year + (last.part - first.part) / parts
