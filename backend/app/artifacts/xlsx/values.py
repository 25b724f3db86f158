"""What a value of the block model becomes in a cell, and the number format it is shown in."""

import math
from datetime import date, datetime

from app.artifacts.characters import clean_text
from app.artifacts.formatting import format_cell, number_format_code
from app.schemas.source import CellValue, ColumnKind, Language, TableColumn

_TEXT_LIMIT = 32_000
_EXACT_INTEGER = 2**53
# What a cell can hold at most, by Excel's published limits.
_LARGEST = 9.99999999999999e307
_FIRST_YEAR = 1900
_EPOCH = date(1899, 12, 30)
DATE_TIME_FORMAT = "yyyy-mm-dd hh:mm"


def stored_value(value: CellValue) -> CellValue:
    """Return the value as a cell can hold it.

    Text loses what XML forbids and is cut at Excel's limit. Numbers that are not finite become
    empty cells; integers that Excel would round, numbers beyond its largest and dates before 1900
    become text.
    """
    stored: CellValue = value
    match value:
        case bool():
            pass
        case int():
            stored = value if abs(value) <= _EXACT_INTEGER else str(value)
        case float():
            stored = _stored_float(value)
        case date():
            stored = _stored_date(value)
        case str():
            stored = stored_text(value) or None
    return stored


def _stored_float(value: float) -> CellValue:
    if not math.isfinite(value):
        return None
    return value if abs(value) <= _LARGEST else str(value)


def stored_text(text: str) -> str:
    """Return text as a cell can hold it."""
    cleaned = clean_text(text)
    return cleaned if len(cleaned) <= _TEXT_LIMIT else cleaned[: _TEXT_LIMIT - 1] + "…"


def day_number(day: date) -> float:
    """Return a date as the number that a spreadsheet counts with."""
    number = float(date(day.year, day.month, day.day).toordinal() - _EPOCH.toordinal())
    if isinstance(day, datetime):
        number += (day.hour * 3600 + day.minute * 60 + day.second) / 86_400
    return number


def as_datetime(day: date) -> datetime:
    """Return a date as the start of its day, a moment as itself; cells have no time zone."""
    if isinstance(day, datetime):
        return day.replace(tzinfo=None, microsecond=0)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - cells have no time zone


def as_number(value: CellValue) -> float | None:
    """Return what a spreadsheet calculates with: numbers and dates; None for all else."""
    if isinstance(value, date):
        return day_number(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return None


def cell_format_code(column: TableColumn, language: Language) -> str:
    """Return the Excel format code of a column, with its unit: `#,##0"억원"`."""
    code = number_format_code(column)
    if not column.unit or code == "General" or column.kind is ColumnKind.DATE:
        return code
    bare = format_cell(0, column, language)
    before, _, after = format_cell(0, column, language, with_unit=True).partition(bare)
    positive = f"{_literal(before)}{code}{_literal(after)}"
    return f"{positive};-{positive}" if before else positive


def _stored_date(value: date) -> CellValue:
    if value.year < _FIRST_YEAR:
        return value.isoformat()
    return as_datetime(value) if isinstance(value, datetime) else value


def _literal(text: str) -> str:
    cleaned = text.replace('"', "")
    return f'"{cleaned}"' if cleaned else ""
