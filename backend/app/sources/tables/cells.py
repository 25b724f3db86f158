"""One cell's text, read as a number or not at all.

Rules, for texts that are wholly a number:
- "1,234.5", "12.5%", "\u20a91,200", "USD 3.4", "3.4M", "5,680억 원", "12대" (unit), "1.2e5".
- Minus: "-3", "(1,234)", "\u25b33.2" (always minus in Korean accounting), "\u25bc3.2"; "\u25b23.2"
  is minus too, unless the column also has "\u25bc", the notation of rises and falls.
- "007" is a code, not a number. A comma that does not group three digits is none either, unless
  the whole column is written with decimal commas.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.sources.text.numbers import scale_of

CURRENCY_SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u20a9": "KRW",
    "\uffe6": "KRW",
    "\u00a5": "JPY",
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
    "KRW": "KRW",
    "JPY": "JPY",
    "원": "원",
    "달러": "달러",
    "유로": "유로",
    "엔": "엔",
}
_BLANK_SIGNS = (
    " - -- --- \u2013 \u2014 \u2212 n/a na n.a. nan null none .. ... \u2026 n.d. #n/a tbd "
    "해당없음 미상 미정 자료없음"
)
_MAX_BLANK_CHARS = 8
BLANKS = frozenset((*_BLANK_SIGNS.split(" "), "해당 없음"))
_RISE_AND_FALL = "\u25b2\u25bc"
_SIGNS = r"[-+\u2212\u2013\u25b3\u25b2\u25bc]"
_GROUPED = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_PLAIN = r"(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d{1,2})?|\.\d+"
_COMMA = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|(?:0|[1-9]\d*)(?:,\d+)?"
_SYMBOL = r"US\$|USD|EUR|GBP|KRW|JPY|[$\u20ac\u00a3\u20a9\uffe6\u00a5]"
_SCALE = (
    "천만|천억|십만|백만|십억|백억|천|만|억|조"
    "|thousand|million|billion|trillion|bn|mn|tn|[kKmMbBtT]"
)
_SUFFIX = (
    rf"(?P<percent>%|\uff05)|(?:(?P<scale>{_SCALE})\s?)?(?P<after>원|달러|유로|엔|{_SYMBOL})?"
    r"(?P<unit>대|명|개|건|톤|호|가구|세대|곳|회|kWh|MWh|GWh|TWh|kW|MW|GW|kg|km)?"
)


def _pattern(number: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<open>\()?\s?(?P<sign>{_SIGNS})?\s?(?P<before>{_SYMBOL})?\s?(?P<inner>[-\u2212])?"
        rf"(?P<number>{number})\s?(?:{_SUFFIX})\s?(?P<close>\))?"
    )


_POINT = _pattern(f"{_GROUPED}|{_PLAIN}")
_DECIMAL_COMMA = _pattern(_COMMA)
_COMMA_GROUPS = re.compile(r"[^\d]*\d{1,3}(?:,\d{3})+[^\d]*")
_COMMA_EVIDENCE = re.compile(r"\d,\d{1,2}(?!\d)|\d,\d{4,}|\d\.\d{3}[.,]\d")


class NumberCell(NamedTuple):
    """A number with what stands around it. `value` is signed and not yet scaled."""

    value: Decimal
    decimals: int
    is_percent: bool = False
    currency: str | None = None
    scale: str = ""
    unit: str | None = None


def is_blank(text: str) -> bool:
    """Say whether a cell of a column of numbers or dates is a sign for "no value"."""
    return len(text) <= _MAX_BLANK_CHARS and text.strip().lower() in BLANKS


def parse_number(
    text: str, *, has_falls: bool = False, has_decimal_comma: bool = False
) -> NumberCell | None:
    """Read a text that is wholly a number; None for any other text."""
    stripped = text.strip()
    if stripped.isdecimal() and stripped.isascii() and (stripped[0] != "0" or stripped == "0"):
        return NumberCell(Decimal(stripped), 0)
    pattern = _DECIMAL_COMMA if has_decimal_comma else _POINT
    match = pattern.fullmatch(stripped)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    written = match["number"]
    plain = written.replace(".", "").replace(",", ".") if has_decimal_comma else written
    magnitude = Decimal(plain.replace(",", ""))
    symbol = match["before"] or match["after"]
    return NumberCell(
        value=-magnitude if _is_negative(match, has_falls=has_falls) else magnitude,
        decimals=_decimals(magnitude),
        is_percent=match["percent"] is not None,
        currency=CURRENCY_SYMBOLS.get(symbol) if symbol else None,
        scale=match["scale"] or "",
        unit=match["unit"],
    )


def has_falls(texts: Sequence[str]) -> bool:
    """Say whether the column marks falls with a black triangle down, so that up means plus."""
    return any("\u25bc" in text for text in texts)


def has_decimal_comma(texts: Sequence[str]) -> bool:
    """Say whether every number of the column can be, and one must be, written "1.234,5"."""
    candidates = [text for text in texts if "," in text or "." in text]
    if not any(_COMMA_EVIDENCE.search(text) for text in candidates):
        return False
    is_ambiguous = any(_COMMA_GROUPS.fullmatch(text) for text in candidates)
    return not is_ambiguous and all(_DECIMAL_COMMA.fullmatch(text.strip()) for text in candidates)


def scaled(cell: NumberCell) -> Decimal:
    """Return the value with its scale word multiplied out."""
    return cell.value * scale_of(cell.scale)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _is_negative(match: re.Match[str], *, has_falls: bool) -> bool:
    sign = match["sign"] or match["inner"] or ""
    if match["open"]:
        return True
    if sign == _RISE_AND_FALL[0]:
        return not has_falls
    return sign not in ("", "+")
