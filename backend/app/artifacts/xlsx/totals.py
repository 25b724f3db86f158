"""The totals row of a table: functions, their codes in SUBTOTAL, their values now."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.artifacts.blocks import Formula
from app.artifacts.xlsx.formula import column_reference
from app.artifacts.xlsx.layout import PlacedTable
from app.artifacts.xlsx.values import as_number, stored_value
from app.artifacts.xlsx.widths import plain_value
from app.schemas.source import Language

Number = float | int
_CODES = {"sum": 109, "average": 101, "min": 105, "max": 104, "count": 103}
_OPERATIONS: dict[str, Callable[[Sequence[Number]], Number]] = {
    "sum": math.fsum,
    "average": lambda numbers: math.fsum(numbers) / len(numbers),
    "min": lambda numbers: min(numbers, default=0),
    "max": lambda numbers: max(numbers, default=0),
}
_LABELS: dict[Language, dict[str, str]] = {
    "en": {
        "sum": "Total",
        "average": "Average",
        "min": "Lowest",
        "max": "Highest",
        "count": "Count",
    },
    "ko": {"sum": "합계", "average": "평균", "min": "최솟값", "max": "최댓값", "count": "개수"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTotal:
    """One cell of a totals row."""

    place: int
    function: str
    formula: str
    value: Number


def column_totals(table: PlacedTable) -> tuple[ColumnTotal, ...]:
    """Return the totals that the file can show; an average of no numbers is none."""
    found = []
    for name, function in table.table.totals.items():
        place = table.find_column(name)
        if place is None:
            continue
        value = _total(table, place, function)
        if value is not None:
            reference = column_reference(table.name, table.columns[place].name)
            formula = f"=SUBTOTAL({_CODES[function]},{reference})"
            found.append(ColumnTotal(place=place, function=function, formula=formula, value=value))
    return tuple(found)


def totals_label(table: PlacedTable, language: Language) -> str:
    """Return the word that starts a totals row: of its one function, or "Total"."""
    functions = set(table.table.totals.values())
    return _LABELS[language][functions.pop() if len(functions) == 1 else "sum"]


def _total(table: PlacedTable, place: int, function: str) -> Number | None:
    cells = [row[place] for row in table.table.rows if place < len(row)]
    contents = [stored_value(plain_value(cell)) for cell in cells]
    if function == "count":
        return sum(
            content is not None or isinstance(cell, Formula)
            for cell, content in zip(cells, contents, strict=True)
        )
    numbers = [number for number in map(as_number, contents) if number is not None]
    if function == "average" and not numbers:
        return None
    return _OPERATIONS[function](numbers)
