"""The functions that the calculator knows, except the lazy ones (IF, IFERROR)."""

import math
import statistics
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal

from app.artifacts.xlsx.formula.areas import Area, Scalar
from app.artifacts.xlsx.formula.coerce import (
    Argument,
    is_number,
    number,
    numbers,
    text,
    truth,
)
from app.artifacts.xlsx.formula.criteria import matching_cells
from app.artifacts.xlsx.formula.errors import DIVISION, NUMBER, VALUE, FormulaError
from app.artifacts.xlsx.formula.lookup import index, match, vlookup, xlookup

Function = Callable[[Sequence[Argument]], Argument]
_EPOCH = date(1899, 12, 30)


def _sum(arguments: Sequence[Argument]) -> Scalar:
    return math.fsum(numbers(arguments))


def _average(arguments: Sequence[Argument]) -> Scalar:
    return _mean(list(numbers(arguments)))


def _mean(values: Sequence[float]) -> float:
    if not values:
        raise FormulaError(DIVISION)
    return math.fsum(values) / len(values)


def _min(arguments: Sequence[Argument]) -> Scalar:
    return min(numbers(arguments), default=0)


def _max(arguments: Sequence[Argument]) -> Scalar:
    return max(numbers(arguments), default=0)


def _median(arguments: Sequence[Argument]) -> Scalar:
    values = list(numbers(arguments))
    if not values:
        raise FormulaError(NUMBER)
    return statistics.median(values)


def _product(arguments: Sequence[Argument]) -> Scalar:
    return math.prod(numbers(arguments))


def _count(arguments: Sequence[Argument]) -> Scalar:
    return sum(
        sum(map(is_number, argument.values())) if isinstance(argument, Area) else 1
        for argument in arguments
    )


def _counta(arguments: Sequence[Argument]) -> Scalar:
    return sum(
        sum(content is not None for content in argument.values())
        if isinstance(argument, Area)
        else 1
        for argument in arguments
    )


def _large(arguments: Sequence[Argument]) -> Scalar:
    return _ranked(sorted(numbers(arguments[:1]), reverse=True), number(arguments[1]))


def _small(arguments: Sequence[Argument]) -> Scalar:
    return _ranked(sorted(numbers(arguments[:1])), number(arguments[1]))


def _ranked(values: Sequence[float], place: float) -> float:
    if not 1 <= place <= len(values):
        raise FormulaError(NUMBER)
    return values[int(place) - 1]


def _sumproduct(arguments: Sequence[Argument]) -> Scalar:
    areas = [argument for argument in arguments if isinstance(argument, Area)]
    if len(areas) != len(arguments) or len({(area.height, area.width) for area in areas}) != 1:
        raise FormulaError(VALUE)
    rows = zip(*(area.values() for area in areas), strict=True)
    return math.fsum(
        math.prod(cell if isinstance(cell, (int, float)) and is_number(cell) else 0 for cell in row)
        for row in rows
    )


def _subtotal(arguments: Sequence[Argument]) -> Argument:
    code = int(number(arguments[0])) % 100
    names = {1: "AVERAGE", 2: "COUNT", 3: "COUNTA", 4: "MAX", 5: "MIN", 6: "PRODUCT", 9: "SUM"}
    if code not in names:
        raise FormulaError(VALUE)
    return FUNCTIONS[names[code]](arguments[1:])


def _sumifs(arguments: Sequence[Argument]) -> Scalar:
    return math.fsum(_selected(arguments[1:], arguments[0]))


def _averageifs(arguments: Sequence[Argument]) -> Scalar:
    return _mean(_selected(arguments[1:], arguments[0]))


def _minifs(arguments: Sequence[Argument]) -> Scalar:
    return min(_selected(arguments[1:], arguments[0]), default=0)


def _maxifs(arguments: Sequence[Argument]) -> Scalar:
    return max(_selected(arguments[1:], arguments[0]), default=0)


def _sumif(arguments: Sequence[Argument]) -> Scalar:
    return math.fsum(_selected(arguments[:2], arguments[2] if len(arguments) > 2 else arguments[0]))


def _averageif(arguments: Sequence[Argument]) -> Scalar:
    return _mean(_selected(arguments[:2], arguments[2] if len(arguments) > 2 else arguments[0]))


def _countifs(arguments: Sequence[Argument]) -> Scalar:
    return sum(1 for _ in matching_cells(arguments, None))


def _selected(conditions: Sequence[Argument], target: Argument) -> list[float]:
    if not isinstance(target, Area):
        raise FormulaError(VALUE)
    return [
        content
        for content in matching_cells(conditions, target)
        if isinstance(content, (int, float)) and is_number(content)
    ]


def _rounding(mode: str) -> Function:
    def rounded(arguments: Sequence[Argument]) -> Scalar:
        value, digits = Decimal(f"{number(arguments[0]):.15g}"), _digits(arguments)
        return float(value.scaleb(digits).to_integral_value(mode).scaleb(-digits))

    return rounded


def _digits(arguments: Sequence[Argument]) -> int:
    return int(number(arguments[1])) if len(arguments) > 1 else 0


def _power(arguments: Sequence[Argument]) -> Scalar:
    return power(number(arguments[0]), number(arguments[1]))


def power(base: float, exponent: float) -> float:
    """Return a power, or raise the error that a spreadsheet shows."""
    try:
        result: float | complex = base**exponent
    except ZeroDivisionError:
        raise FormulaError(DIVISION) from None
    except OverflowError:
        raise FormulaError(NUMBER) from None
    if isinstance(result, complex):
        raise FormulaError(NUMBER)
    return result


def _mod(arguments: Sequence[Argument]) -> Scalar:
    divisor = number(arguments[1])
    if divisor == 0:
        raise FormulaError(DIVISION)
    return number(arguments[0]) % divisor


def _rows(arguments: Sequence[Argument]) -> Scalar:
    if not isinstance(arguments[0], Area):
        raise FormulaError(VALUE)
    return arguments[0].height


def _date_part(part: str) -> Function:
    def read(arguments: Sequence[Argument]) -> Scalar:
        day: date = _EPOCH + timedelta(days=int(number(arguments[0])))
        return {"year": day.year, "month": day.month, "day": day.day}[part]

    return read


def _truths(arguments: Sequence[Argument]) -> list[bool]:
    values: list[bool] = []
    for argument in arguments:
        if isinstance(argument, Area):
            cells = [content for content in argument.values() if isinstance(content, (int, float))]
            values.extend(map(bool, cells))
        else:
            values.append(truth(argument))
    return values


FUNCTIONS: dict[str, Function] = {
    "ABS": lambda arguments: abs(number(arguments[0])),
    "AND": lambda arguments: all(_truths(arguments)),
    "AVERAGE": _average,
    "AVERAGEIF": _averageif,
    "AVERAGEIFS": _averageifs,
    "CONCAT": lambda arguments: "".join(map(text, arguments)),
    "CONCATENATE": lambda arguments: "".join(map(text, arguments)),
    "COUNT": _count,
    "COUNTA": _counta,
    "COUNTIF": _countifs,
    "COUNTIFS": _countifs,
    "DAY": _date_part("day"),
    "INDEX": index,
    "INT": _rounding(ROUND_FLOOR),
    "LARGE": _large,
    "MATCH": match,
    "MAX": _max,
    "MAXIFS": _maxifs,
    "MEDIAN": _median,
    "MIN": _min,
    "MINIFS": _minifs,
    "MOD": _mod,
    "MONTH": _date_part("month"),
    "NOT": lambda arguments: not truth(arguments[0]),
    "OR": lambda arguments: any(_truths(arguments)),
    "POWER": _power,
    "PRODUCT": _product,
    "ROUND": _rounding(ROUND_HALF_UP),
    "ROUNDDOWN": _rounding(ROUND_DOWN),
    "ROUNDUP": _rounding(ROUND_UP),
    "ROWS": _rows,
    "SMALL": _small,
    "SQRT": lambda arguments: power(number(arguments[0]), 0.5),
    "SUBTOTAL": _subtotal,
    "SUM": _sum,
    "SUMIF": _sumif,
    "SUMIFS": _sumifs,
    "SUMPRODUCT": _sumproduct,
    "VLOOKUP": vlookup,
    "XLOOKUP": xlookup,
    "YEAR": _date_part("year"),
}
FUNCTION_NAMES = frozenset(FUNCTIONS) | {"IF", "IFERROR"}
# Files hold these with the prefix "_xlfn.".
NEWER_FUNCTIONS = frozenset({"CONCAT", "MAXIFS", "MINIFS", "XLOOKUP"})
