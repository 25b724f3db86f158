"""How values are shown as text, in English and Korean."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from babel.dates import format_date as babel_date

from app.artifacts.characters import clean_text
from app.schemas.source import CellValue, ColumnKind, Language, TableColumn

NO_VALUE = "–"  # noqa: RUF001 - an en dash is the usual mark of an empty cell
_BOOLEANS: Mapping[Language, tuple[str, str]] = {"en": ("No", "Yes"), "ko": ("아니요", "예")}
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "$": "$", "€": "€"}
_KOREAN_WON = frozenset({"KRW", "₩"})
_COMPACT: Mapping[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")),
    "ko": ((1e12, "조"), (1e8, "억"), (1e4, "만")),
}
_COMPACT_FROM: Mapping[Language, float] = {"en": 1e4, "ko": 1e5}
_COMPACT_UNTIL = 1e16
_SCIENTIFIC_FROM = 1e18
NUMERIC_KINDS = frozenset(
    {ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.CURRENCY, ColumnKind.PERCENT}
)


def format_cell(
    value: CellValue, column: TableColumn, language: Language, *, with_unit: bool = False
) -> str:
    """Show a cell by its column's type.

    The unit belongs in the header (`column_heading`); `with_unit` puts it at the value instead,
    for a figure that stands alone. A missing value is an en dash. A value of another type than
    the column's is shown as what it is.
    """
    match value:
        case None:
            shown = NO_VALUE
        case bool():
            shown = _BOOLEANS[language][value]
        case int() | float():
            shown = _format_numeric(value, column, language, with_unit=with_unit)
        case date():
            shown = format_date(value, language)
        case str():
            shown = clean_text(value)
    return shown


def column_heading(column: TableColumn) -> str:
    """Return a column's name with its unit: "Revenue (USD)"."""
    name, unit = clean_text(column.name), clean_text(column.unit or "")
    if not unit or column.kind is ColumnKind.PERCENT or unit in name:
        return name
    return f"{name} ({unit})"


def format_date(
    value: date, language: Language, *, width: Literal["medium", "long"] = "medium"
) -> str:
    """Show a date, or a date with its time: "Nov 24, 2026", "2026. 11. 24."."""
    day = babel_date(value, format=width, locale=language)
    if not isinstance(value, datetime):
        return day
    return f"{day} {value:%H:%M}"


def format_number(value: float, decimals: int = 0, *, grouped: bool = True) -> str:
    """Show a number with thousands separators, rounded half up as spreadsheets do."""
    if not math.isfinite(value):
        return NO_VALUE
    if abs(value) >= _SCIENTIFIC_FROM:
        return f"{value:.{max(decimals, 2)}e}"
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:{',' if grouped else ''}f}"


def format_percent(fraction: float, decimals: int = 0) -> str:
    """Show a fraction as a percentage: 0.39 is "39%"."""
    if not math.isfinite(fraction):
        return NO_VALUE
    return f"{format_number(float(Decimal(str(fraction)) * 100), decimals)}%"


def format_compact(value: float, language: Language) -> str:
    """Show a large number shortly: "1.2M", "120만"; small ones as they are."""
    if not math.isfinite(value):
        return NO_VALUE
    size = abs(value)
    if size >= _COMPACT_UNTIL:
        return f"{value:.2g}"
    if size >= _COMPACT_FROM[language]:
        for scale, suffix in _COMPACT[language]:
            if size >= scale:
                return f"{_three_digits(value / scale)}{suffix}"
    return _trimmed(value)


def format_by_code(value: float, code: str) -> str:
    """Show a number by an Excel format code: thousands, decimals, percent, fixed text.

    Only the first section counts. "General" shows the number as it is.
    """
    section = code.split(";", maxsplit=1)[0]
    digits = "".join(character for character in section if character in "#0,.%")
    if not math.isfinite(value) or not any(character in "#0" for character in digits):
        return _trimmed(value)
    decimals = digits.partition(".")[2].count("0")
    if "%" in digits:
        return format_percent(value, decimals)
    number = format_number(value, decimals, grouped="," in digits)
    prefix, suffix = _fixed_text(section)
    if prefix and number.startswith("-"):
        return f"-{prefix}{number[1:]}{suffix}"
    return f"{prefix}{number}{suffix}"


def number_format_code(column: TableColumn) -> str:
    """Return the Excel format code of a column's values."""
    fraction = f".{'0' * column.decimals}" if column.decimals > 0 else ""
    codes = {
        ColumnKind.INTEGER: "#,##0",
        ColumnKind.NUMBER: f"#,##0{fraction}",
        ColumnKind.CURRENCY: f"#,##0{fraction}",
        ColumnKind.PERCENT: f"0{fraction}%",
        ColumnKind.DATE: "yyyy-mm-dd",
        ColumnKind.YEAR: "0",
    }
    return codes.get(column.kind, "General")


def is_right_aligned(column: TableColumn) -> bool:
    """Whether a column's values are set flush right, as figures are."""
    return column.kind in NUMERIC_KINDS


def _format_numeric(
    value: float, column: TableColumn, language: Language, *, with_unit: bool
) -> str:
    formats: dict[ColumnKind, Callable[[], str]] = {
        ColumnKind.YEAR: lambda: format_number(value, 0, grouped=False),
        ColumnKind.PERCENT: lambda: format_percent(value, column.decimals),
        ColumnKind.INTEGER: lambda: format_number(value, 0),
        ColumnKind.NUMBER: lambda: format_number(value, column.decimals),
        ColumnKind.CURRENCY: lambda: format_number(value, column.decimals),
    }
    shown = formats.get(column.kind, lambda: _trimmed(value))()
    if not with_unit or not column.unit or column.kind in {ColumnKind.PERCENT, ColumnKind.YEAR}:
        return shown
    return _with_unit(shown, clean_text(column.unit), language)


def _with_unit(shown: str, unit: str, language: Language) -> str:
    if unit in _KOREAN_WON and language == "ko":
        return f"{shown}원"
    symbol = _SYMBOLS.get(unit)
    if symbol is not None:
        return f"-{symbol}{shown[1:]}" if shown.startswith("-") else f"{symbol}{shown}"
    glued = unit.startswith(("%", "원", "억", "만", "조", "천"))
    return f"{shown}{unit}" if glued else f"{shown} {unit}"


def _three_digits(value: float) -> str:
    size = abs(value)
    decimals = 2 if size < 10 else 1 if size < 100 else 0
    shown = format_number(value, decimals)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _trimmed(value: float) -> str:
    if isinstance(value, int):
        return format_number(value)
    if not math.isfinite(value):
        return NO_VALUE
    if 0 < abs(value) < 0.01:
        return f"{value:.2g}"
    shown = format_number(value, 2)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _fixed_text(section: str) -> tuple[str, str]:
    places = [index for index, character in enumerate(section) if character in "#0,."]
    return _unquoted(section[: places[0]]), _unquoted(section[places[-1] + 1 :])


def _unquoted(text: str) -> str:
    kept = text.replace('"', "").replace("\\", "").replace("_", "")
    if kept.startswith("[$") and "]" in kept:
        return kept[2:].split("]", maxsplit=1)[0].split("-", maxsplit=1)[0]
    return kept
