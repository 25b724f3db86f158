"""Check of formulas: each one is worked out again and gives its stored value."""

from collections.abc import Iterator

from app.artifacts.xlsx.formula import (
    Calculator,
    CellAddress,
    FormulaError,
    UnreadableFormulaError,
)
from app.artifacts.xlsx.gate_cells import address, are_close
from app.artifacts.xlsx.layout import FIRST_COLUMN, PlacedSheet, PlacedWorkbook
from app.artifacts.xlsx.read import ReadSheet, ReadWorkbook


def formula_problems(file: ReadWorkbook, placed: PlacedWorkbook) -> Iterator[str]:
    """Yield the formulas whose result differs from the stored value, or cannot be worked out."""
    calculator = Calculator(file)
    sheets = {sheet.name: sheet for sheet in placed.sheets}
    for read in file.sheets.values():
        for (row, column), formula in read.formulas.items():
            place = CellAddress(
                sheet=read.name,
                row=row,
                column=column,
                table=_table_at(sheets.get(read.name), row, column),
            )
            problem = _problem(calculator, read, formula, place)
            if problem:
                yield f"{address(read.name, row, column)}: {problem}"


def _problem(calculator: Calculator, read: ReadSheet, formula: str, place: CellAddress) -> str:
    stored = read.value(place.row, place.column)
    try:
        result = calculator.result(formula, place)
    except UnreadableFormulaError as error:
        return f"{formula} cannot be checked: {error}"
    except FormulaError as error:
        return f"{formula} gives {error.code}"
    if are_close(_shown(result), _shown(stored)):
        return ""
    return f"{formula} gives {result!r}, but {stored!r} is stored"


def _shown(value: object) -> float | int | str | bool:
    """Return what a formula cell shows: an empty reference is 0, a lost text is empty."""
    if value is None:
        return ""
    if isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _table_at(sheet: PlacedSheet | None, row: int, column: int) -> str | None:
    for table in sheet.tables if sheet else ():
        in_rows = table.header_row < row <= table.end_row + 1
        if in_rows and FIRST_COLUMN < column <= table.last_column + 1:
            return table.name
    return None
