"""Say what a formula gives, from the cells that stand in the file.

Each formula is worked out from the stored values of the cells that it reads. If every formula of
a file agrees with its stored value, so does the whole file, since formulas form no circle; a
formula that reads its own cell is refused.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass

from app.artifacts.xlsx.formula.areas import Area, Grid, Scalar, table_cells
from app.artifacts.xlsx.formula.coerce import Argument, number, order_key, scalar, text, truth
from app.artifacts.xlsx.formula.errors import (
    DIVISION,
    NUMBER,
    REFERENCE,
    VALUE,
    FormulaError,
    UnreadableFormulaError,
)
from app.artifacts.xlsx.formula.functions import FUNCTIONS, power
from app.artifacts.xlsx.formula.parse import parse_formula
from app.artifacts.xlsx.formula.structured import StructuredReference
from app.artifacts.xlsx.formula.syntax import (
    Binary,
    Call,
    CellRange,
    Constant,
    Expression,
    Unary,
)

_MAX_CELLS_READ = 30_000_000
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "^": power,
}
_CallKey = tuple[str, tuple[Argument, ...], tuple[type, ...]]
_SortKey = tuple[int, float | str]
_COMPARISONS: dict[str, Callable[[_SortKey, _SortKey], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAddress:
    """Where a formula stands, counted from 1. `table` is the table around it, if any."""

    sheet: str
    row: int
    column: int
    table: str | None = None


class Calculator:
    """Works out the formulas of one file; results over areas are kept for the next formula."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._known: dict[_CallKey, Argument] = {}
        self._cells_read = 0

    def result(self, formula: str, address: CellAddress) -> Scalar:
        """Return what a formula gives where it stands.

        Raises:
            FormulaError: it gives an error value.
            UnreadableFormulaError: the calculator does not know it.
        """
        value = scalar(self._value(parse_formula(formula), address))
        if isinstance(value, float) and not math.isfinite(value):
            raise FormulaError(NUMBER)
        return value

    def _value(self, expression: Expression, address: CellAddress) -> Argument:
        match expression:
            case Constant(value=value):
                return value
            case CellRange() | StructuredReference():
                return self._area(expression, address)
            case Call():
                return self._call(expression, address)
            case _:
                return self._operation(expression, address)

    def _operation(self, expression: Unary | Binary, address: CellAddress) -> Scalar:
        if isinstance(expression, Binary):
            return self._joined(expression, address)
        value = number(self._value(expression.operand, address))
        return {"+": value, "-": -value, "%": value / 100}[expression.operator]

    def _joined(self, expression: Binary, address: CellAddress) -> Scalar:
        left = scalar(self._value(expression.left, address))
        right = scalar(self._value(expression.right, address))
        sign = expression.operator
        if sign == "&":
            return text(left) + text(right)
        if sign in _COMPARISONS:
            return _COMPARISONS[sign](order_key(left, right), order_key(right, left))
        if sign == "/":
            if number(right) == 0:
                raise FormulaError(DIVISION)
            return number(left) / number(right)
        return _ARITHMETIC[sign](number(left), number(right))

    def _call(self, call: Call, address: CellAddress) -> Argument:
        if call.function == "IF":
            return self._if(call, address)
        if call.function == "IFERROR":
            return self._iferror(call, address)
        function = FUNCTIONS.get(call.function)
        if function is None:
            message = f"the function {call.function} is not known"
            raise UnreadableFormulaError(message)
        arguments = tuple(
            None if argument is None else self._value(argument, address)
            for argument in call.arguments
        )
        if not any(isinstance(argument, Area) for argument in arguments):
            return _applied(function, call.function, arguments)
        key = (call.function, arguments, tuple(map(type, arguments)))
        if key not in self._known:
            self._count_cells(arguments)
            self._known[key] = _applied(function, call.function, arguments)
        return self._known[key]

    def _if(self, call: Call, address: CellAddress) -> Argument:
        if not 2 <= len(call.arguments) <= 3:
            raise FormulaError(VALUE)
        condition = call.arguments[0]
        holds = condition is not None and truth(self._value(condition, address))
        if len(call.arguments) == 2 and not holds:
            return False
        chosen = call.arguments[1 if holds else 2]
        return 0 if chosen is None else self._value(chosen, address)

    def _iferror(self, call: Call, address: CellAddress) -> Argument:
        if len(call.arguments) != 2:
            raise FormulaError(VALUE)
        tried, otherwise = call.arguments
        try:
            return None if tried is None else scalar(self._value(tried, address))
        except FormulaError:
            return "" if otherwise is None else self._value(otherwise, address)

    def _area(self, reference: CellRange | StructuredReference, address: CellAddress) -> Area:
        cells = reference
        if isinstance(cells, StructuredReference):
            cells = self._table_range(cells, address)
        sheet = cells.sheet or address.sheet
        if not self._grid.has_sheet(sheet):
            raise FormulaError(REFERENCE)
        area = Area(self._grid, sheet, cells)
        if area.contains(address.sheet, address.row, address.column):
            message = "the formula reads its own cell"
            raise UnreadableFormulaError(message)
        return area

    def _table_range(self, reference: StructuredReference, address: CellAddress) -> CellRange:
        name = reference.table or address.table or ""
        table = self._grid.find_table(name)
        if table is None:
            message = f"there is no table {name!r}"
            raise UnreadableFormulaError(message)
        return table_cells(table, reference, address.row)

    def _count_cells(self, arguments: tuple[Argument, ...]) -> None:
        for argument in arguments:
            if isinstance(argument, Area):
                self._cells_read += argument.height * argument.width
        if self._cells_read > _MAX_CELLS_READ:
            message = f"the formulas read more than {_MAX_CELLS_READ:,} cells"
            raise UnreadableFormulaError(message)


def _applied(
    function: Callable[[tuple[Argument, ...]], Argument],
    name: str,
    arguments: tuple[Argument, ...],
) -> Argument:
    try:
        return function(arguments)
    except IndexError:
        message = f"{name} has too few arguments"
        raise UnreadableFormulaError(message) from None
    except (OverflowError, ArithmeticError):
        raise FormulaError(NUMBER) from None
