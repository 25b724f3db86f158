"""The kind of a column, from all of its values, and its values in that kind.

A scale word that every value of a column carries becomes part of the unit and the values stay as
written ("5,680억 원" in each row: 5680, unit "억원"); scale words that differ are multiplied out
exactly ("$900K", "$1.2M": 900000 and 1200000, unit "USD"). Percents become fractions.
"""

import re
from collections.abc import Iterable, Sequence
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
from app.sources.tables.grid import RawCell, TypedCell
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


@dataclass(slots=True)
class _Cells:
    """The cells of a column with their texts; `kept` are the texts that are not blank."""

    header: str
    cells: Sequence[RawCell]
    texts: list[str]
    blank: list[bool]
    kept: list[str]

    @classmethod
    def of(cls, header: str, cells: Sequence[RawCell]) -> "_Cells":
        texts = [cell if isinstance(cell, str) else cell.text for cell in cells]
        blank = [is_blank(text) for text in texts]
        kept = [text for text, is_empty in zip(texts, blank, strict=True) if not is_empty]
        return cls(header.strip(), cells, texts, blank, kept)

    def spread(self, values: Iterable[CellValue]) -> tuple[CellValue, ...]:
        """Put the values of the cells that are not blank back in their rows."""
        following = iter(values)
        return tuple(None if is_empty else next(following) for is_empty in self.blank)


def type_column(header: str, cells: Sequence[RawCell], table_unit: str | None) -> TypedColumn:
    """Type a column; text when a single value is not wholly of the kind."""
    column = _Cells.of(header, cells)
    if not column.kept:
        return _as_text(column)
    return (
        _typed_dates(column)
        or _typed_years(column)
        or _typed_numbers(column, table_unit)
        or _parsed_dates(column)
        or _as_text(column)
    )


def _as_text(column: _Cells) -> TypedColumn:
    values = tuple(text or None for text in column.texts)
    return TypedColumn(TableColumn(name=column.header), values)


def _as_dates(column: _Cells, days: Iterable[date]) -> TypedColumn:
    kind = TableColumn(name=column.header, kind=ColumnKind.DATE)
    return TypedColumn(kind, column.spread(days))


def _parsed_dates(column: _Cells) -> TypedColumn | None:
    days = parse_dates(column.kept)
    return None if days is None else _as_dates(column, days)


def _typed_dates(column: _Cells) -> TypedColumn | None:
    days: list[date] = []
    for cell, is_empty in zip(column.cells, column.blank, strict=True):
        if is_empty:
            continue
        if not (isinstance(cell, TypedCell) and isinstance(cell.value, date)):
            return None
        days.append(_day(cell.value))
    return _as_dates(column, days)


def _day(value: date) -> date:
    is_midnight = isinstance(value, datetime) and value.time() == datetime.min.time()
    return value.date() if isinstance(value, datetime) and is_midnight else value


def _typed_years(column: _Cells) -> TypedColumn | None:
    years: list[int] = []
    for text in column.kept:
        match = _YEAR_CELL.fullmatch(text)
        if match is None:
            return None
        years.append(int(match[1]))
    is_marked = any("년" in text or "FY" in text for text in column.kept)
    if not (is_marked or _YEAR_NAME.search(column.header) or _is_consecutive(years)):
        return None
    kind = TableColumn(name=column.header, kind=ColumnKind.YEAR)
    return TypedColumn(kind, column.spread(years))


def _is_consecutive(years: Sequence[int]) -> bool:
    distinct = sorted(set(years))
    return len(distinct) > 2 and distinct[-1] - distinct[0] == len(distinct) - 1


def _typed_numbers(column: _Cells, table_unit: str | None) -> TypedColumn | None:
    numbers = _numbers(column)
    if numbers is None or _is_mixed(numbers):
        return None
    name, unit = split_header(column.header)
    if _is_percent(unit, numbers):
        return _as_percents(column, numbers)
    scales = {number.scale for number in numbers}
    is_scaled_alike = len(scales) == 1
    values = [n.value if is_scaled_alike else scaled(n) for n in numbers]
    unit = unit or _cell_unit(numbers, scales.pop() if is_scaled_alike else "")
    if unit is None and table_unit and not _COUNT_NAME.search(name):
        unit = table_unit
    return _finish(column, name, unit, values)


def _numbers(column: _Cells) -> list[NumberCell] | None:
    falls = has_falls(column.kept)
    is_typed = any(isinstance(cell, TypedCell) for cell in column.cells)
    comma = not is_typed and has_decimal_comma(column.kept)
    numbers: list[NumberCell] = []
    for cell, text, is_empty in zip(column.cells, column.texts, column.blank, strict=True):
        if is_empty:
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


def _is_mixed(numbers: Sequence[NumberCell]) -> bool:
    """Percents beside plain numbers other than zero: different quantities in one column."""
    return len({number.is_percent for number in numbers if number.value}) > 1


def _is_percent(unit: str | None, numbers: Sequence[NumberCell]) -> bool:
    if unit is not None and is_percent_unit(unit):
        return True
    return any(number.is_percent for number in numbers)


def _as_percents(column: _Cells, numbers: Sequence[NumberCell]) -> TypedColumn:
    decimals = min(max(number.decimals for number in numbers), _MAX_DECIMALS)
    kind = TableColumn(name=column.header, kind=ColumnKind.PERCENT, decimals=decimals)
    return TypedColumn(kind, column.spread(float(number.value / 100) for number in numbers))


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


def _finish(column: _Cells, name: str, unit: str | None, values: Sequence[Decimal]) -> TypedColumn:
    decimals = max(_decimals(value) for value in values)
    kind = ColumnKind.NUMBER if decimals else ColumnKind.INTEGER
    if unit is not None and is_money_unit(unit.replace(" K", " k")):
        kind = ColumnKind.CURRENCY
    typed = TableColumn(name=name, kind=kind, unit=unit, decimals=min(decimals, _MAX_DECIMALS))
    return TypedColumn(typed, column.spread(map(float if decimals else int, values)))


def _decimals(value: Decimal) -> int:
    """The places after the point that are not zero."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= 0 or value == value.to_integral_value():
        return 0
    return -exponent
