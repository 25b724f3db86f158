"""Tables made ready: parts on several pages joined, codes as headers replaced by their meaning."""

import re
from collections.abc import Sequence

from app.schemas.source import ColumnKind, Passage, SourceTable, TableColumn
from app.sources import SourceLibrary

_CODE = re.compile(r"^(?=.*\d)[A-Z0-9][A-Z0-9_.\-]{5,}$")
_CURRENCY_ENDING = re.compile(r"[_ ](?P<unit>usd|eur|gbp|jpy|krw)$", re.IGNORECASE)
_LONG_NAME = 36
_PLACE_JOIN = "; "


def prepared_tables(library: SourceLibrary) -> list[SourceTable]:
    """Return the tables of all files, as a reader would see them."""
    return [_with_units(_with_meanings(t, library)) for t in _joined(library.tables)]


def _joined(tables: Sequence[SourceTable]) -> list[SourceTable]:
    """Join tables of one file that follow each other with the same title and columns."""
    joined: list[SourceTable] = []
    for table in tables:
        if joined and _continues(joined[-1], table):
            joined[-1] = _join(joined[-1], table)
        else:
            joined.append(table)
    return joined


def _continues(first: SourceTable, second: SourceTable) -> bool:
    is_same_place = first.file_id == second.file_id and first.title == second.title
    names = [column.name for column in first.columns]
    same_columns = names == [column.name for column in second.columns]
    return is_same_place and same_columns and len(names) >= 2


def _join(first: SourceTable, second: SourceTable) -> SourceTable:
    columns = tuple(
        _wider(one, other) for one, other in zip(first.columns, second.columns, strict=True)
    )
    return first.model_copy(
        update={
            "columns": columns,
            "rows": (*first.rows, *second.rows),
            "passage_ids": (*first.passage_ids, *second.passage_ids),
            "locator": f"{first.locator}{_PLACE_JOIN}{second.locator}",
        }
    )


def _wider(one: TableColumn, other: TableColumn) -> TableColumn:
    """Take the type with more decimals where two parts of a column differ."""
    return other if other.decimals > one.decimals else one


def _with_units(table: SourceTable) -> SourceTable:
    """Take the currency out of the names of columns: "sales_usd" is sales in USD."""
    return table.model_copy(update={"columns": tuple(map(_in_currency, table.columns))})


def _in_currency(column: TableColumn) -> TableColumn:
    match = _CURRENCY_ENDING.search(column.name)
    if match is None or column.unit or column.kind not in {ColumnKind.INTEGER, ColumnKind.NUMBER}:
        return column
    unit = match.group("unit").upper()
    return column.model_copy(update={"unit": unit, "kind": ColumnKind.CURRENCY})


def _with_meanings(table: SourceTable, library: SourceLibrary) -> SourceTable:
    """Name columns whose header is a code ("ATNHPIUS06037A") by what the file says it means."""
    if not any(_CODE.match(column.name) for column in table.columns):
        return table
    own = [p for p in library.passages if p.file_id == table.file_id]
    columns = tuple(
        column.model_copy(update={"name": _meaning(column.name, own) or column.name})
        for column in table.columns
    )
    return table.model_copy(update={"columns": columns})


def _meaning(code: str, passages: Sequence[Passage]) -> str:
    if not _CODE.match(code):
        return ""
    after = re.compile(
        rf"{re.escape(code)}\s*(?:\||:|=|-)\s*(?P<meaning>[A-Za-z가-힣][^|,;\n]{{4,90}})"
    )
    found = (after.search(passage.text) for passage in passages)
    meaning = next((match.group("meaning").strip() for match in found if match), "")
    return re.split(r"\s+(?:for|in|of)\s+", meaning)[0] if len(meaning) > _LONG_NAME else meaning
