"""Names that Excel accepts: of sheets, tables and columns, each unique in its place."""

import re
from collections.abc import Iterable

from app.artifacts.characters import clean_line
from app.schemas.source import Language

_SHEET_LIMIT = 31
_NAME_LIMIT = 255
_COLUMN_LIMIT = 200
_FORBIDDEN_IN_SHEET = re.compile(r"[\[\]:*?/\\]")
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc](\d+([RrCc]\d+)?)?")
_EMPTY_SHEET = {"en": "Sheet", "ko": "시트"}
_EMPTY_COLUMN = {"en": "Column", "ko": "열"}


def sheet_names(names: Iterable[str], language: Language) -> tuple[str, ...]:
    """Return the sheet names as Excel takes them: 31 characters, no []:*?/\\, none twice."""
    taken: set[str] = set()
    return tuple(
        _unique(_sheet_name(name, language), taken, _SHEET_LIMIT, " ({})") for name in names
    )


def table_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the table names as Excel takes them: a word that is no cell address, none twice."""
    taken: set[str] = set()
    return tuple(_unique(_table_name(name), taken, _NAME_LIMIT, "_{}") for name in names)


def column_names(names: Iterable[str], language: Language) -> tuple[str, ...]:
    """Return the headers of one table: one line each, none empty, none twice."""
    taken: set[str] = set()
    return tuple(
        _unique(
            clean_line(name)[:_COLUMN_LIMIT].strip() or f"{_EMPTY_COLUMN[language]} {place}",
            taken,
            _COLUMN_LIMIT,
            " ({})",
        )
        for place, name in enumerate(names, start=1)
    )


def _sheet_name(name: str, language: Language) -> str:
    cleaned = _FORBIDDEN_IN_SHEET.sub(" ", clean_line(name))
    cleaned = " ".join(cleaned.split()).strip("' ")
    cleaned = _shortened(cleaned, _SHEET_LIMIT).rstrip("' ")
    if not cleaned or cleaned.casefold() == "history":
        return f"{cleaned} {_EMPTY_SHEET[language]}".strip()
    return cleaned


def _table_name(name: str) -> str:
    cleaned = re.sub(r"\W", "_", clean_line(name), flags=re.ASCII)[:_NAME_LIMIT]
    starts_well = bool(cleaned) and (cleaned[0].isalpha() or cleaned[0] == "_")
    if not starts_well or _CELL_LIKE.fullmatch(cleaned):
        return f"Table_{cleaned}".rstrip("_")
    return cleaned


def _unique(name: str, taken: set[str], limit: int, suffix: str) -> str:
    candidate, place = name, 1
    while candidate.casefold() in taken:
        place += 1
        ending = suffix.format(place)
        candidate = _shortened(name, limit - len(ending)) + ending
    taken.add(candidate.casefold())
    return candidate


def _shortened(text: str, limit: int) -> str:
    """Cut text to a number of UTF-16 units, as Excel counts."""
    kept, used = [], 0
    for character in text:
        used += 2 if ord(character) > 0xFFFF else 1
        if used > limit:
            break
        kept.append(character)
    return "".join(kept).rstrip()
