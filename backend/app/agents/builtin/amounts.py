"""How figures are said in running text: with their unit, short where long digits would tire.

Tables and workbooks keep every digit. Text rounds values from a million upward to four figures,
from ten thousand upward to whole numbers, and percentages to one decimal; the documents say so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.artifacts.formatting import format_number
from app.schemas.source import ColumnKind, Language, TableColumn

_SCALE_WORDS: Mapping[str, float] = {
    "천": 1e3, "만": 1e4, "십만": 1e5, "백만": 1e6, "천만": 1e7, "억": 1e8, "십억": 1e9,
    "백억": 1e10, "천억": 1e11, "조": 1e12,
    "k": 1e3, "thousand": 1e3, "thousands": 1e3, "'000": 1e3, "000": 1e3, "000s": 1e3,
    "m": 1e6, "mn": 1e6, "mm": 1e6, "mil": 1e6, "million": 1e6, "millions": 1e6,
    "b": 1e9, "bn": 1e9, "bil": 1e9, "billion": 1e9, "billions": 1e9,
    "t": 1e12, "tn": 1e12, "trillion": 1e12,
}  # fmt: skip
_CURRENCIES: Mapping[str, str] = {
    "usd": "USD", "us$": "USD", "$": "USD", "달러": "USD", "미국달러": "USD", "dollars": "USD",
    "eur": "EUR", "€": "EUR", "유로": "EUR", "euros": "EUR",
    "gbp": "GBP", "£": "GBP", "파운드": "GBP",
    "jpy": "JPY", "¥": "JPY", "엔": "JPY",
    "krw": "KRW", "₩": "KRW", "원": "KRW", "won": "KRW",
}  # fmt: skip
_SYMBOLS: Mapping[str, str] = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_KOREAN_CURRENCIES: Mapping[str, str] = {
    "USD": "달러", "EUR": "유로", "GBP": "파운드", "JPY": "엔", "KRW": "원",
}  # fmt: skip
_ENGLISH_SCALES: Mapping[float, str] = {
    1e3: "thousand",
    1e6: "million",
    1e9: "billion",
    1e12: "trillion",
}
_KOREAN_STEPS: tuple[tuple[float, str], ...] = ((1e12, "조"), (1e8, "억"), (1e4, "만"))
_SHORT_FROM, _WHOLE_FROM = 1e6, 1e4
_HANGUL = re.compile(r"[가-힣]")
_KOREAN_UNIT = re.compile(r"^(천만|천억|십만|백만|십억|백억|천|만|억|조)\s*(.*)$")
_NOT_UNITS = frozenset({"%", "percent", "퍼센트"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit taken apart: a currency code or a label, and the factor the figures stand in."""

    currency: str | None = None
    label: str = ""
    scale: float = 1.0


def parse_unit(text: str | None) -> Unit:
    """Read a unit as files write it: "USD m", "억원", "백만 달러", "kWh", "thousand units"."""
    cleaned = " ".join((text or "").split())
    if not cleaned:
        return Unit()
    whole = _CURRENCIES.get(cleaned.lower().replace(" ", ""))
    if whole:
        return Unit(currency=whole)
    korean = _KOREAN_UNIT.match(cleaned)
    if korean:
        return _scaled(_SCALE_WORDS[korean.group(1)], korean.group(2))
    return _english_unit(cleaned)


def _scaled(scale: float, rest: str) -> Unit:
    currency = _CURRENCIES.get(rest.lower().replace(" ", ""))
    return Unit(currency=currency, label="" if currency else rest.strip(), scale=scale)


def _english_unit(cleaned: str) -> Unit:
    if "/" in cleaned or " per " in cleaned.lower():
        return Unit(label=cleaned)
    words = cleaned.split(" ")
    for place in (0, len(words) - 1):
        scale = _SCALE_WORDS.get(words[place].lower().strip("."))
        if scale is not None and len(words) > 1:
            rest = " ".join(words[:place] + words[place + 1 :])
            return _scaled(scale, rest.removeprefix("of "))
    glued = re.match(r"^([$€£₩])\s*([a-z]+)$", cleaned, re.IGNORECASE)
    if glued and glued.group(2).lower() in _SCALE_WORDS:
        return Unit(
            currency=_CURRENCIES[glued.group(1)], scale=_SCALE_WORDS[glued.group(2).lower()]
        )
    return Unit(label=cleaned)


def say_value(value: float, column: TableColumn, language: Language) -> str:
    """Say one value of a column in running text."""
    if column.kind is ColumnKind.PERCENT:
        return say_percent(value)
    unit = parse_unit(column.unit)
    if unit.label in _NOT_UNITS:
        return f"{trimmed(value, max(column.decimals, 1))}%"
    sign, size = ("-" if value < 0 else ""), abs(value)
    said = _say_korean(size, unit, column) if language == "ko" else _say_english(size, unit, column)
    return f"{sign}{said}"


def say_percent(fraction: float, decimals: int = 1) -> str:
    """Say a fraction as a percentage, without a trailing ".0": 0.394 is "39.4%"."""
    return f"{trimmed(float(Decimal(repr(fraction)) * 100), decimals)}%"


def say_percent_short(fraction: float) -> str:
    """Say a fraction for a headline: whole percents from ten upward."""
    return say_percent(fraction, 0 if abs(fraction) >= 0.0995 else 1)


def round_half_up(value: float, decimals: int) -> float:
    """Round as spreadsheets do: halves away from zero."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP))


def trimmed(value: float, decimals: int) -> str:
    """Write a number with at most `decimals` decimals and no trailing zeros."""
    shown = format_number(value, decimals)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _decimals_of(value: float, column: TableColumn) -> int:
    if column.kind is ColumnKind.INTEGER and float(value).is_integer():
        return 0
    if value >= _WHOLE_FROM and parse_unit(column.unit).scale == 1:
        return 0
    wanted = column.decimals or (0 if float(value).is_integer() else 1)
    return 2 if 0 < value < 1 and wanted < 2 else wanted


def _four_figures(amount: float, least_decimals: int = 0) -> str:
    whole_digits = len(str(int(amount)))
    return trimmed(amount, max(least_decimals, min(2, 4 - whole_digits), 0))


def _say_english(size: float, unit: Unit, column: TableColumn) -> str:
    number, scale = _english_number(size, unit.scale, column)
    words = f"{number} {scale}" if scale else number
    symbol = _SYMBOLS.get(unit.currency or "")
    if symbol is not None:
        return f"{symbol}{words}"
    if unit.currency == "KRW":
        return f"{words} won" if unit.scale == 1 else f"KRW {words}"
    return f"{words} {unit.label}".strip()


def _english_number(size: float, scale: float, column: TableColumn) -> tuple[str, str]:
    if scale == 1 and size >= _SHORT_FROM:
        step = max(s for s in _ENGLISH_SCALES if s <= size)
        return _four_figures(size / step), _ENGLISH_SCALES[step]
    number = format_number(size, _decimals_of(size, column))
    word = _ENGLISH_SCALES.get(scale, "")
    if not word and scale != 1:
        return _english_number(size * scale, 1.0, column)
    return number, word


def _say_korean(size: float, unit: Unit, column: TableColumn) -> str:
    total = float(Decimal(repr(size)) * Decimal(unit.scale))
    name = _KOREAN_CURRENCIES.get(unit.currency or "", unit.label)
    number, step = _korean_number(total, column, unit.scale)
    gap = " " if name and (step or not _HANGUL.match(name)) else ""
    return f"{number}{step}{gap}{name}"


def _korean_number(total: float, column: TableColumn, scale: float) -> tuple[str, str]:
    for size, name in _KOREAN_STEPS:
        if total >= size and (total >= _SHORT_FROM or scale != 1):
            # A figure in the file's own scale keeps the file's decimals.
            decimals = column.decimals if size == scale else 0
            return _four_figures(total / size, decimals), name
    return format_number(total, _decimals_of(total, column)), ""
