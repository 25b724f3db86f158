"""Structured references: Sales[Amount], Sales[@Amount], Sales[[#Totals],[Amount]]."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.artifacts.xlsx.formula.errors import UnreadableFormulaError

_ESCAPED = "[]#'"
_PLAIN_NAME = re.compile(r"[\w ]+")
_ITEM = re.compile(r"\[((?:'.|[^\[\]'])*)\]")


class TablePart(StrEnum):
    """Which rows of a table a reference means."""

    DATA = "#Data"
    ALL = "#All"
    HEADERS = "#Headers"
    TOTALS = "#Totals"
    THIS_ROW = "#This Row"


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredReference:
    """Columns of a table. `table` is None inside the table itself; no columns means all."""

    table: str | None
    part: TablePart = TablePart.DATA
    first_column: str | None = None
    last_column: str | None = None


def parse_brackets(table: str | None, brackets: str) -> StructuredReference:
    """Read the bracketed part of a structured reference.

    Raises:
        UnreadableFormulaError: the brackets hold something else.
    """
    inside = brackets[1:-1].strip()
    part = TablePart.DATA
    if inside.startswith("@"):
        part, inside = TablePart.THIS_ROW, inside[1:].strip()
    items = _items(inside)
    if items and items[0].startswith("#"):
        part = _part(items.pop(0))
    if len(items) > 2:
        message = f"too many columns in {brackets!r}"
        raise UnreadableFormulaError(message)
    columns: list[str | None] = [_unescaped(item) for item in items]
    columns = columns or [None]
    return StructuredReference(
        table=table, part=part, first_column=columns[0], last_column=columns[-1]
    )


def write_reference(reference: StructuredReference) -> str:
    """Write a reference as workbook files hold it, which every spreadsheet reads."""
    table = reference.table or ""
    columns = _columns_text(reference)
    if reference.part is TablePart.DATA:
        return f"{table}[{columns}]" if columns else f"{table}[]"
    if not columns:
        return f"{table}[{reference.part}]"
    bracketed = columns if columns.startswith("[") else f"[{columns}]"
    return f"{table}[[{reference.part}],{bracketed}]"


def column_reference(table: str, column: str) -> str:
    """Write the data cells of one column: Sales[Amount]."""
    return write_reference(
        StructuredReference(table=table, first_column=column, last_column=column)
    )


def _columns_text(reference: StructuredReference) -> str:
    first, last = reference.first_column, reference.last_column
    if first is None or last is None:
        return ""
    if first != last:
        return f"[{_escaped(first)}]:[{_escaped(last)}]"
    return first if _PLAIN_NAME.fullmatch(first) else f"[{_escaped(first)}]"


def _items(inside: str) -> list[str]:
    if not inside:
        return []
    if not inside.startswith("["):
        return [inside]
    items = _ITEM.findall(inside)
    if _ITEM.sub("", inside).strip(" ,:"):
        message = f"cannot read the reference {inside!r}"
        raise UnreadableFormulaError(message)
    return items


def _part(item: str) -> TablePart:
    for part in TablePart:
        if part.lower() == item.strip().lower():
            return part
    message = f"unknown table part {item!r}"
    raise UnreadableFormulaError(message)


def _escaped(name: str) -> str:
    return "".join(f"'{character}" if character in _ESCAPED else character for character in name)


def _unescaped(name: str) -> str:
    return re.sub(r"'(.)", r"\1", name)
