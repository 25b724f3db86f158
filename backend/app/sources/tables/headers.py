"""Where a table's header is, and what its columns are called."""

import re
from collections.abc import Sequence

from app.sources.tables.cells import is_blank, parse_number
from app.sources.tables.grid import RawCell, TypedCell, cell_text

_PERIOD = re.compile(
    r"(?:FY\s?)?(?:19|20)\d{2}\s?(?:년|년도|[EFAP])?|(?:[1-4]Q|Q[1-4]|[12]H|H[12])\s?'?\d{2,4}"
    r"|\d{1,2}월|[1-4]분기|(?:19|20)\d{2}[-./](?:0?[1-9]|1[0-2]|Q[1-4])"
)
_MAX_HEADER_ROWS = 3
_MAX_NAME_CHARS = 80
_FULL_SHARE = 0.8


def is_number_cell(cell: RawCell) -> bool:
    """Say whether a cell holds a number that is not a period such as a year."""
    if isinstance(cell, TypedCell):
        is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        return is_number and not _PERIOD.fullmatch(str(cell.value))
    text = cell_text(cell)
    return parse_number(text) is not None and not _PERIOD.fullmatch(text)


def count_header_rows(rows: Sequence[Sequence[RawCell]], *, has_header: bool | None) -> int:
    """Return how many of the first rows are the header: 0 to 3.

    Rows of names (or periods) count as long as numbers follow below; a second row counts only when
    the first has gaps or repeated names, as merged cells leave behind.
    """
    if not rows or len(rows) < 2:
        return 0
    if not _is_name_row(rows[0]):
        return 1 if has_header else 0
    count = 1
    while (
        count < min(_MAX_HEADER_ROWS, len(rows) - 1)
        and _has_merges(rows[count - 1])
        and _is_name_row(rows[count])
        and _has_numbers_below(rows[count + 1 :])
    ):
        count += 1
    if has_header or count > 1 or _differs_from_body(rows):
        return count
    return 0


def is_full_header(row: Sequence[RawCell]) -> bool:
    """Say whether a row names nearly all columns, each differently."""
    names = [text for cell in row if (text := cell_text(cell))]
    is_distinct = len(set(names)) == len(names)
    return _is_name_row(row) and is_distinct and len(names) >= len(row) * _FULL_SHARE


def _is_name_row(row: Sequence[RawCell]) -> bool:
    texts = [cell_text(cell) for cell in row]
    filled = [text for text in texts if text]
    if len(filled) < max(1, len(row) // 3):
        return False
    if any(len(text) > _MAX_NAME_CHARS for text in filled):
        return False
    return not any(is_number_cell(cell) for cell in row)


def _has_merges(row: Sequence[RawCell]) -> bool:
    texts = [cell_text(cell) for cell in row]
    filled = [text for text in texts if text]
    return len(filled) < len(texts) or len(set(filled)) < len(filled)


def _has_numbers_below(rows: Sequence[Sequence[RawCell]]) -> bool:
    return any(is_number_cell(cell) for row in rows[:5] for cell in row)


def _differs_from_body(rows: Sequence[Sequence[RawCell]]) -> bool:
    """A header stands out by kind (names above numbers), or, among texts, by distinct names."""
    if _has_numbers_below(rows[1:]):
        return True
    names = [cell_text(cell) for cell in rows[0]]
    if all(names) and all(_PERIOD.fullmatch(name) for name in names[1:]):
        return True
    if not all(names) or len(set(names)) < len(names):
        return False
    below = {cell_text(cell) for row in rows[1:] for cell in row}
    return not below & set(names) and not all(is_blank(text) for text in below)


def column_names(rows: Sequence[Sequence[RawCell]], width: int) -> list[str]:
    """Name each column from its header rows; upper rows run on over gaps to the right."""
    spread = [_spread(row, width) for row in rows[:-1]] + [_padded(row, width) for row in rows[-1:]]
    is_korean = any("가" <= char <= "힣" for row in spread for name in row for char in name)
    fallback = "열" if is_korean else "Column"
    names: list[str] = []
    for index in range(width):
        parts = [row[index] for row in spread if row[index]]
        name = " ".join(dict.fromkeys(parts)) or f"{fallback} {index + 1}"
        names.append(_distinct(name, names))
    return names


def _padded(row: Sequence[RawCell], width: int) -> list[str]:
    texts = [cell_text(cell) for cell in row[:width]]
    return texts + [""] * (width - len(texts))


def _spread(row: Sequence[RawCell], width: int) -> list[str]:
    spread: list[str] = []
    last = ""
    for text in _padded(row, width):
        last = text or last
        spread.append(last)
    return spread


def _distinct(name: str, taken: Sequence[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
