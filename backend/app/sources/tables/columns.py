"""The kind of a column, from all of its values, and its values in that kind.

A scale word that every value of a column carries becomes part of the unit and the values stay as
written ("5,680억 원" in each row: 5680, unit "억원"); scale words that differ are multiplied out
exactly ("$900K", "$1.2M": 900000 and 1200000, unit "USD"). Percents become fractions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.schemas.source import CellValue, ColumnKind, TableColumn
from app.sources.tables.cells import (
    NumberCell,
    has_decimal_comma,
    has_falls,
    is_blank,
    parse_number,
    scaled,
)
from app.sources.tables.dates import parse_dates
from app.sources.tables.grid import RawCell, TypedCell, cell_text
from app.sources.tables.units import is_money_unit, is_percent_unit, split_header

_YEAR_NAME = re.compile(r"\b(?:year|fy)\b|연도|년도|^년$|회계", re.IGNORECASE)
_YEAR_CELL = re.compile(r"(?:FY\s?)?((?:19|20)\d{2})\s?년?")
_COUNT_NAME = re.compile(
    r"비율|[율률]$|비중|건수|인원|[대개명]수|%|\b(?:share|rate|ratio|growth|count|units|number)\b",
    re.IGNORECASE,
)
_MAX_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column with its values, None where a cell is blank."""

    column: TableColumn
    values: tuple[CellValue, ...]


def column_head(column: TableColumn) -> str:
    """Return the column's name with its unit, as it stands in the lines of passages."""
    return f"{column.name} ({column.unit})" if column.unit else column.name


def type_column(header: str, cells: Sequence[RawCell], table_unit: str | None) -> TypedColumn:
    """Type a column; text when a single value is not wholly of the kind."""
    texts = [cell_text(cell) for cell in cells]
    if all(is_blank(text) for text in texts):
        return _as_text(header, texts)
    return (
        _typed_dates(header, cells, texts)
        or _typed_years(header, texts)
        or _typed_numbers(header, cells, texts, table_unit)
        or _parsed_dates(header, texts)
        or _as_text(header, texts)
    )


def _typed_numbers(
    header: str, cells: Sequence[RawCell], texts: Sequence[str], table_unit: str | None
) -> TypedColumn | None:
    numbers = _numbers(cells, texts)
    if numbers is None or _is_mixed(numbers):
        return None
    return _as_numbers(header, numbers, table_unit)


def _parsed_dates(header: str, texts: Sequence[str]) -> TypedColumn | None:
    days = parse_dates([text for text in texts if not is_blank(text)])
    return None if days is None else _as_dates(header, texts, days)


def _as_text(header: str, texts: Sequence[str]) -> TypedColumn:
    return TypedColumn(TableColumn(name=header.strip()), tuple(text or None for text in texts))


def _as_dates(header: str, texts: Sequence[str], days: Sequence[date]) -> TypedColumn:
    following = iter(days)
    values = tuple(None if is_blank(text) else next(following) for text in texts)
    return TypedColumn(TableColumn(name=header.strip(), kind=ColumnKind.DATE), values)


def _typed_dates(header: str, cells: Sequence[RawCell], texts: Sequence[str]) -> TypedColumn | None:
    values: list[CellValue] = []
    for cell, text in zip(cells, texts, strict=True):
        if is_blank(text):
            values.append(None)
        elif isinstance(cell, TypedCell) and isinstance(cell.value, date):
            values.append(_day(cell.value))
        else:
            return None
    return TypedColumn(TableColumn(name=header.strip(), kind=ColumnKind.DATE), tuple(values))


def _day(value: date) -> date:
    is_midnight = isinstance(value, datetime) and value.time() == datetime.min.time()
    return value.date() if isinstance(value, datetime) and is_midnight else value


def _typed_years(header: str, texts: Sequence[str]) -> TypedColumn | None:
    matches = [_YEAR_CELL.fullmatch(text) for text in texts if not is_blank(text)]
    if not all(matches):
        return None
    years = [int(match[1]) for match in matches if match is not None]
    is_marked = any("년" in text or "FY" in text for text in texts)
    if not (is_marked or _YEAR_NAME.search(header) or _is_consecutive(years)):
        return None
    following = iter(years)
    values = tuple(None if is_blank(text) else next(following) for text in texts)
    return TypedColumn(TableColumn(name=header.strip(), kind=ColumnKind.YEAR), values)


def _is_consecutive(years: Sequence[int]) -> bool:
    distinct = sorted(set(years))
    return len(distinct) > 2 and distinct[-1] - distinct[0] == len(distinct) - 1


def _numbers(cells: Sequence[RawCell], texts: Sequence[str]) -> list[NumberCell | None] | None:
    listed = list(texts)
    falls, comma = has_falls(listed), False
    numbers: list[NumberCell | None] = []
    if not any(isinstance(cell, TypedCell) for cell in cells):
        comma = has_decimal_comma(listed)
    for cell, text in zip(cells, texts, strict=True):
        if is_blank(text):
            numbers.append(None)
            continue
        number = _number(cell, text, falls=falls, comma=comma)
        if number is None:
            return None
        numbers.append(number)
    return numbers


def _number(cell: RawCell, text: str, *, falls: bool, comma: bool) -> NumberCell | None:
    if isinstance(cell, str):
        return parse_number(text, has_falls=falls, has_decimal_comma=comma)
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        return None
    exact = Decimal(repr(round(cell.value, 12))) if isinstance(cell.value, float) else cell.value
    value = Decimal(exact)
    if cell.is_percent:
        value *= 100
    if value == value.to_integral_value():
        value = value.to_integral_value()
    exponent = value.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return NumberCell(value, decimals, cell.is_percent, cell.currency)


def _as_numbers(
    header: str, numbers: Sequence[NumberCell | None], table_unit: str | None
) -> TypedColumn:
    name, unit = split_header(header)
    known = [number for number in numbers if number is not None]
    if _is_percent(unit, known):
        return _as_percents(header, numbers)
    scales = {number.scale for number in known}
    is_scaled_alike = len(scales) == 1
    values = [n if n is None else (n.value if is_scaled_alike else scaled(n)) for n in numbers]
    own_unit = _cell_unit(known, scales.pop() if is_scaled_alike else "")
    unit = unit or own_unit
    if unit is None and table_unit and not _COUNT_NAME.search(name):
        unit = table_unit
    return _finish(name, unit, values)


def _is_mixed(numbers: Sequence[NumberCell | None]) -> bool:
    """Percents beside plain numbers other than zero: different quantities in one column."""
    kinds = {number.is_percent for number in numbers if number is not None and number.value}
    return len(kinds) > 1


def _is_percent(unit: str | None, known: Sequence[NumberCell]) -> bool:
    if unit is not None and is_percent_unit(unit):
        return True
    marked = [number for number in known if number.is_percent]
    return bool(marked) and all(number.is_percent or number.value == 0 for number in known)


def _as_percents(header: str, numbers: Sequence[NumberCell | None]) -> TypedColumn:
    decimals = max((n.decimals for n in numbers if n is not None), default=0)
    column = TableColumn(
        name=header.strip(), kind=ColumnKind.PERCENT, decimals=min(decimals, _MAX_DECIMALS)
    )
    return TypedColumn(column, tuple(None if n is None else float(n.value / 100) for n in numbers))


def _cell_unit(known: Sequence[NumberCell], scale: str) -> str | None:
    currencies = {number.currency for number in known}
    units = {number.unit for number in known}
    if len(currencies) > 1 or len(units) > 1:
        return None
    currency, unit = currencies.pop(), units.pop()
    if currency is None:
        return f"{scale}{unit or ''}" or None
    if not scale:
        return currency
    is_korean = "가" <= currency[:1] <= "힣"
    return f"{scale}{currency}" if is_korean else f"{currency} {scale}"


def _finish(name: str, unit: str | None, values: Sequence[Decimal | None]) -> TypedColumn:
    decimals = max((_decimals(v) for v in values if v is not None), default=0)
    kind = ColumnKind.NUMBER if decimals else ColumnKind.INTEGER
    if unit is not None and is_money_unit(unit.replace(" K", " k")):
        kind = ColumnKind.CURRENCY
    column = TableColumn(name=name, kind=kind, unit=unit, decimals=min(decimals, _MAX_DECIMALS))
    return TypedColumn(
        column, tuple(None if v is None else (float(v) if decimals else int(v)) for v in values)
    )


def _decimals(value: Decimal) -> int:
    if value == value.to_integral_value():
        return 0
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
