"""Formula text: structured references and conditions, escaped as spreadsheets want them."""

import re
from datetime import date, timedelta

from app.agents.builtin.periods import Period
from app.artifacts.blocks import Formula
from app.schemas.source import CellValue

_SPECIAL = re.compile(r"[\[\]#'@]")
_WILD = re.compile(r"[*?~]")
_EPOCH = date(1899, 12, 30)
_OPERATOR = re.compile(r"^[<>=]")


def column_of(table: str, column: str) -> str:
    """Return the reference to a table's column: Sales[Unit price]."""
    return f"{table}[{_name(column)}]"


def this_row(column: str) -> str:
    """Return the reference to a column in the same row: [@[Unit price]]."""
    return f"[@[{_escaped(column)}]]"


def can_be_matched(value: CellValue) -> bool:
    """Say whether a condition can single out this value."""
    return value is not None and not (isinstance(value, str) and bool(_OPERATOR.match(value)))


def condition(value: CellValue) -> str:
    """Return a condition that matches a cell value."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, date):
        return number_text(day_number(value))
    text = _WILD.sub(lambda found: f"~{found.group()}", str(value))
    return quoted(text)


def quoted(text: str) -> str:
    """Return a text constant."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def number_text(value: float) -> str:
    """Return a number constant, exact."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def day_number(day: date) -> int:
    """Return a day as spreadsheets count it."""
    return (date(day.year, day.month, day.day) - _EPOCH).days


def span_conditions(column: str, period: Period) -> str:
    """Return the two conditions that a date falls within a year or a month."""
    start, end = _span(period)
    low, high = quoted(f">={day_number(start)}"), quoted(f"<{day_number(end)}")
    return f"{column},{low},{column},{high}"


def formula(expression: str, value: float | str) -> Formula:
    """Return a live formula with the value it has now."""
    return Formula(expression=f"={expression}", value=value)


def _span(period: Period) -> tuple[date, date]:
    year = period.year or 1900
    if period.grain == "month":
        following = (year + 1, 1) if period.part == 12 else (year, period.part + 1)
        return date(year, period.part, 1), date(following[0], following[1], 1)
    if period.grain == "day":
        start = date(year, period.part, period.day)
        return start, start + timedelta(days=1)
    return date(year, 1, 1), date(year + 1, 1, 1)


def _name(column: str) -> str:
    return f"[{_escaped(column)}]" if _SPECIAL.search(column) else column


def _escaped(column: str) -> str:
    return _SPECIAL.sub(lambda found: f"'{found.group()}", column)
