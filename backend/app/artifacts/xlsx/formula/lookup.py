"""The functions that find a cell: INDEX, MATCH, VLOOKUP, XLOOKUP."""

from collections.abc import Sequence

from app.artifacts.xlsx.formula.areas import Area, CellContent, Scalar
from app.artifacts.xlsx.formula.coerce import (
    Argument,
    are_equal,
    number,
    order_key,
    scalar,
    sound,
    truth,
)
from app.artifacts.xlsx.formula.errors import NOT_AVAILABLE, VALUE, FormulaError


def index(arguments: Sequence[Argument]) -> Argument:
    """INDEX(area, row, [column]); row or column 0 means all of them."""
    area = _area(arguments[0])
    row = int(number(arguments[1]))
    column = int(number(arguments[2])) if len(arguments) > 2 else 1
    if len(arguments) == 2 and area.height == 1:
        row, column = 1, row
    rows = (row, row) if row else (1, area.height)
    columns = (column, column) if column else (1, area.width)
    area.at(rows[1], columns[1])
    return area.part(rows, columns)


def match(arguments: Sequence[Argument]) -> Scalar:
    """MATCH(value, area, [1 | 0 | -1]): the place of the value, from 1."""
    wanted, area = scalar(arguments[0]), _area(arguments[1])
    kind = number(arguments[2]) if len(arguments) > 2 else 1
    contents = list(area.values())
    place = _exact_place(wanted, contents) if kind == 0 else _near_place(wanted, contents, kind)
    if place is None:
        raise FormulaError(NOT_AVAILABLE)
    return place + 1


def vlookup(arguments: Sequence[Argument]) -> Scalar:
    """VLOOKUP(value, area, column, [sorted])."""
    area = _area(arguments[1])
    is_sorted = truth(arguments[3]) if len(arguments) > 3 else True
    keys = area.part((1, area.height), (1, 1))
    row = match((arguments[0], keys, 1 if is_sorted else 0))
    return sound(area.at(int(number(row)), int(number(arguments[2]))))


def xlookup(arguments: Sequence[Argument]) -> Scalar:
    """XLOOKUP(value, keys, values, [if not found])."""
    keys, values = _area(arguments[1]), _area(arguments[2])
    place = _exact_place(scalar(arguments[0]), list(keys.values()))
    if place is None:
        if len(arguments) > 3:
            return scalar(arguments[3])
        raise FormulaError(NOT_AVAILABLE)
    return sound(values.at(1, place + 1) if values.height == 1 else values.at(place + 1, 1))


def _area(argument: Argument) -> Area:
    if not isinstance(argument, Area):
        raise FormulaError(VALUE)
    return argument


def _exact_place(wanted: Scalar, contents: Sequence[CellContent]) -> int | None:
    for place, content in enumerate(contents):
        if isinstance(content, FormulaError) or content is None:
            continue
        if are_equal(wanted, content):
            return place
    return None


def _near_place(wanted: Scalar, contents: Sequence[CellContent], kind: float) -> int | None:
    best = None
    for place, content in enumerate(contents):
        if content is None or isinstance(content, FormulaError):
            continue
        key, bound = order_key(content, wanted), order_key(wanted, content)
        if key[0] != bound[0]:
            continue
        beyond = _is_greater(key, bound) if kind > 0 else _is_greater(bound, key)
        if beyond:
            break
        best = place
    return best


def _is_greater(left: tuple[int, float | str], right: tuple[int, float | str]) -> bool:
    if isinstance(left[1], str) or isinstance(right[1], str):
        return str(left[1]) > str(right[1])
    return left[1] > right[1]
