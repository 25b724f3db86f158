"""Sizes, times and money in words, in both languages."""

import re
from datetime import datetime

from app.schemas.source import Language

KILO = 1000
SIZE_UNITS = ("kB", "MB", "GB", "TB")
SHORT_ID = 8
MINUTE_S = 60
HOUR_S = 3600
# Codes and marks that steer a terminal; what only colours is ours.
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\\[[0-9;]*m)"
)
REPLACED = "\ufffd"


def size_text(size_bytes: float) -> str:
    """Return a size in decimal units, to two or three digits."""
    if size_bytes < KILO:
        return f"{size_bytes:.0f} B"
    unit = 0
    size = size_bytes / KILO
    while size >= KILO - 0.5 and unit < len(SIZE_UNITS) - 1:
        size, unit = size / KILO, unit + 1
    return f"{size:.1f} {SIZE_UNITS[unit]}" if size < 9.95 else f"{size:.0f} {SIZE_UNITS[unit]}"


def duration_text(seconds: float, language: Language) -> str:
    """Return a duration, coarser the longer it is."""
    units = ("시간", "분", "초") if language == "ko" else (" h", " min", " s")
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f}{units[2]}"
    whole = round(seconds)
    if whole < MINUTE_S:
        return f"{whole}{units[2]}"
    if whole < HOUR_S:
        return _pair(whole // MINUTE_S, units[1], whole % MINUTE_S, units[2])
    return _pair(whole // HOUR_S, units[0], whole % HOUR_S // MINUTE_S, units[1])


def _pair(high: int, high_unit: str, low: int, low_unit: str) -> str:
    return f"{high}{high_unit} {low}{low_unit}" if low else f"{high}{high_unit}"


def money_text(usd: float) -> str:
    """Return dollars: cents from a dollar up, four places below, where calls are counted."""
    return f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}"


def time_text(moment: datetime) -> str:
    """Return a moment in the local time zone, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def short_id(id: str) -> str:
    """Return the part of an id that people type."""
    return id[:SHORT_ID]


def one_line(text: str) -> str:
    """Return text as a terminal may show it: one line, nothing that steers the terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def without_steering(text: str) -> str:
    """Return finished output without what steers a terminal; line breaks and colours stay."""
    return STEERING.sub(REPLACED, text)


def plain(text: str) -> str:
    """Return words for a terminal: file names and typed words in them cannot even colour."""
    return without_steering(text).replace("\x1b", REPLACED)
