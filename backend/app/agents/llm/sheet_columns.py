"""The columns of a sheet's table: which can be summed, and the formulas made of them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.agents.builtin.column_roles import Aggregation
from app.agents.builtin.table_view import TableView
from app.agents.llm.tables import column_indices, data_row_positions
from app.artifacts.blocks import Formula
from app.artifacts.formatting import NUMERIC_KINDS
from app.schemas.source import CellValue, ColumnKind, SourceTable, TableColumn

Function = Literal["sum", "average", "count", "min", "max"]
ESCAPED = "[]#'"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumn:
    """A numeric column of a sheet's table: its place in the file's table and its name here."""

    place: int
    column: TableColumn
    aggregation: Aggregation


class SheetSource:
    """A table as a sheet shows it: kept columns with unique names, rows without totals."""

    def __init__(self, table: SourceTable, kept: Sequence[str], name: str) -> None:
        self.table = table
        self.name = name
        self.places = column_indices(table, kept) or tuple(range(len(table.columns)))
        self.columns = tuple(_uniquely_named([table.columns[place] for place in self.places]))
        self.positions = data_row_positions(table)
        self.rows = tuple(
            tuple(table.rows[position][place] for place in self.places)
            for position in self.positions
        )

    @cached_property
    def _view(self) -> TableView:
        return TableView(self.table)

    @property
    def is_over_time(self) -> bool:
        """Whether rows are periods, so that stocks do not add up over them."""
        return self._view.time is not None

    def index(self, name: str) -> int | None:
        """Return the place of a column in this sheet's table by its name in the file."""
        found = column_indices(self.table, (name,))
        return self.places.index(found[0]) if found and found[0] in self.places else None

    def number_column(self, name: str) -> NumberColumn | None:
        """Return a column that measures something, None for text, years and identifiers."""
        place = self.index(name)
        if place is None or self.columns[place].kind not in NUMERIC_KINDS:
            return None
        measure = self._view.measure_at(self.places[place])
        if measure is None:
            return None
        column, aggregation = self.columns[place], measure.aggregation
        return NumberColumn(place=place, column=column, aggregation=aggregation)

    def function(
        self, wanted: Function, column: NumberColumn, group: int | None = None
    ) -> Function:
        """Return the function to use: what makes no sense summed (rates, prices) is averaged.

        A stock (people, capacity) adds up within one time, which a group by time gives.
        """
        is_by_time = group is not None and self.places[group] == self._view.time
        is_stock = column.aggregation is Aggregation.STOCK and self.is_over_time and not is_by_time
        if wanted == "sum" and (column.aggregation is Aggregation.MEAN or is_stock):
            return "average"
        return wanted

    def numbers(self, place: int) -> list[float]:
        """Return the numbers of a column."""
        return [n for row in self.rows if (n := number(row[place])) is not None]


def number(value: CellValue | Formula) -> float | None:
    """Return a cell's number, None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def column_area(table: str, column: str) -> str:
    """Write a reference to all cells of a column: Sales[Amount]."""
    return f"{table}[{_escaped(column)}]"


def this_row(column: str) -> str:
    """Write a reference to a column's cell in the formula's own row: [@[Amount]]."""
    return f"[@[{_escaped(column)}]]"


def combined(function: Function, numbers: Sequence[float]) -> float:
    """Return what a function gives over numbers, as a spreadsheet would."""
    if function == "average":
        return math.fsum(numbers) / len(numbers)
    if function == "count":
        return float(len(numbers))
    if function == "sum":
        return math.fsum(numbers)
    return min(numbers) if function == "min" else max(numbers)


def result_column(column: TableColumn, name: str, function: Function = "sum") -> TableColumn:
    """Return the type of what a function gives of a column."""
    if function == "count":
        return TableColumn(name=name, kind=ColumnKind.INTEGER)
    is_finer = function == "average" and column.kind is not ColumnKind.PERCENT
    kind = ColumnKind.NUMBER if column.kind is ColumnKind.INTEGER and is_finer else column.kind
    decimals = max(column.decimals, 1) if is_finer else column.decimals
    return TableColumn(name=name, kind=kind, unit=column.unit, decimals=decimals)


def _escaped(column: str) -> str:
    return "".join(f"'{c}" if c in ESCAPED else c for c in column)


def _uniquely_named(columns: Sequence[TableColumn]) -> Iterator[TableColumn]:
    taken: set[str] = set()
    for place, column in enumerate(columns, start=1):
        base = " ".join(column.name.split()) or f"Column {place}"
        name, count = base, 1
        while name.casefold() in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name.casefold())
        yield column.model_copy(update={"name": name})
