"""Orders to a machine in the cells of a table: the row stays with its figures, the order goes.

A cell is judged more narrowly than a sentence: "Prepare the slides" is somebody's task in a list
of tasks. It goes when it speaks to an assistant, or dictates the words of the answer.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import ReferenceType, ref

from app.agents.builtin.directives import dictates_words
from app.agents.builtin.screening import addresses_a_machine, gives_order
from app.schemas.source import Extract, Language, SourceTable
from app.sources import CELL_JOIN, NAME_JOIN, split_sentences

# An order takes at least three words, in Korean as well.
_LEAST_CHARS, _LEAST_SPACES = 12, 2
_NUMBER = re.compile(r"\d+")
_COLUMN = {"en": "Column {number}", "ko": "{number}열"}


def has_cell_orders(extract: Extract) -> bool:
    """Say whether a header or a cell of a file's tables gives an order to a machine."""
    return any(_orders(extract, table) for table in extract.tables)


def without_cell_orders(extract: Extract) -> tuple[SourceTable, ...]:
    """Return a file's tables with such cells empty and such headers numbered."""
    return tuple(
        _without(table, _orders(extract, table), extract.language) for table in extract.tables
    )


def line_has_orders(line: str) -> bool:
    """Say whether a table's row, as its passage words it, holds such a cell or header."""
    return any(map(orders_a_machine, (*line.split(CELL_JOIN), *_values(line))))


def quotable_part(line: str) -> str:
    """Return the longest run of cells of a row's line without orders; "" where there is none."""
    if not line_has_orders(line):
        return line
    runs: list[list[str]] = [[]]
    for cell in line.split(CELL_JOIN):
        value = cell.partition(NAME_JOIN)[2] or cell
        if line_has_orders(cell) or gives_order(value):
            runs.append([])
        else:
            runs[-1].append(cell)
    return max((CELL_JOIN.join(run) for run in runs), key=len)


@lru_cache(maxsize=4096)
def orders_a_machine(cell: str) -> bool:
    """Say whether a cell speaks to an assistant or dictates what an answer is to say."""
    if len(cell) < _LEAST_CHARS or cell.count(" ") < _LEAST_SPACES:
        return False
    return addresses_a_machine(cell) or any(map(dictates_words, split_sentences(cell)))


@dataclass(frozen=True, slots=True)
class _Stored:
    """A table under the hash of its file, so that it is judged once and not kept in memory."""

    sha256: str
    table_id: str
    table: ReferenceType[SourceTable] = field(compare=False)


def _orders(extract: Extract, table: SourceTable) -> frozenset[str]:
    return _judged(_Stored(extract.sha256, table.id, ref(table)))


@lru_cache(maxsize=256)
def _judged(stored: _Stored) -> frozenset[str]:
    """Collect the texts that are orders; those that differ in their numbers are judged once."""
    table = stored.table()
    if table is None:
        return frozenset()
    texts = {cell for row in table.rows for cell in row if isinstance(cell, str)}
    texts |= {column.name for column in table.columns}
    shapes: dict[str, list[str]] = {}
    for text in texts:
        shapes.setdefault(_NUMBER.sub("0", text), []).append(text)
    found = (alike for shape, alike in shapes.items() if orders_a_machine(shape))
    return frozenset(text for alike in found for text in alike)


def _without(table: SourceTable, orders: frozenset[str], language: Language) -> SourceTable:
    if not orders:
        return table
    columns = tuple(
        column.model_copy(update={"name": _COLUMN[language].format(number=number)})
        if column.name in orders
        else column
        for number, column in enumerate(table.columns, start=1)
    )
    rows = tuple(tuple(None if cell in orders else cell for cell in row) for row in table.rows)
    return table.model_copy(update={"columns": columns, "rows": rows})


def _values(line: str) -> list[str]:
    return [cell.partition(NAME_JOIN)[2] for cell in line.split(CELL_JOIN)]
