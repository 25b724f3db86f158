"""One cell of a workbook: its value, and how its number format shows it."""

import re
from datetime import date, datetime
from typing import Protocol

from app.sources.tables import RawCell, TypedCell
from app.sources.tables.cells import CURRENCY_SYMBOLS
from app.sources.tables.grid import number_text

_LOCALE_CURRENCY = re.compile(r"\[\$([^\]-]*)-?[^\]]*\]")
_QUOTED = re.compile(r"\"[^\"]*\"|\\.|_.|\*.")
_SYMBOLS = re.compile(r"US\$|USD|EUR|GBP|KRW|JPY|원|달러|[$\u20ac\u00a3\u20a9\uffe6\u00a5]")


class StreamedCell(Protocol):
    """A cell as openpyxl streams it."""

    @property
    def value(self) -> object:
        """What the cell holds."""
        ...

    @property
    def number_format(self) -> str | None:
        """How it is shown."""
        ...

    @property
    def data_type(self) -> str:
        """One letter; "e" for error values."""
        ...


def raw_cell(cell: StreamedCell) -> RawCell:
    """Return the cell's text, or its typed value; error values are blank."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool | int | float | date):
        return _typed(value, cell.number_format or "General")
    return " ".join(str(value).split())


def _typed(value: float | date, number_format: str) -> TypedCell:
    if isinstance(value, bool):
        return TypedCell("TRUE" if value else "FALSE", value)
    if isinstance(value, date):
        return TypedCell(_date_text(value), value)
    return _number(value, number_format)


def _number(value: float, number_format: str) -> TypedCell:
    bare = _QUOTED.sub("", number_format)
    is_percent = "%" in bare
    text = number_text(value, is_percent=is_percent)
    if "," not in bare and not is_percent:
        text = text.replace(",", "")
    return TypedCell(text, value, is_percent, _currency(number_format))


def _currency(number_format: str) -> str | None:
    if (match := _LOCALE_CURRENCY.search(number_format)) is not None:
        return CURRENCY_SYMBOLS.get(match[1].strip())
    match = _SYMBOLS.search(re.sub(r"\[[^\]]*\]", "", number_format))
    return CURRENCY_SYMBOLS.get(match[0]) if match else None


def _date_text(value: date) -> str:
    if isinstance(value, datetime) and (value.hour or value.minute):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.strftime("%Y-%m-%d")
