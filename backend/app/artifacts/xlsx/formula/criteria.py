"""The conditions of SUMIFS and its family: 5, "text", ">=10", "<>x", "a*"."""

import operator
import re
from collections.abc import Callable, Iterator, Sequence

from app.artifacts.xlsx.formula.areas import Area, CellContent
from app.artifacts.xlsx.formula.coerce import Argument, is_number, scalar
from app.artifacts.xlsx.formula.errors import VALUE, FormulaError

Condition = Callable[[CellContent], bool]
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.DOTALL)
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WILDCARDS = {"*": ".*", "?": "."}


def matching_cells(conditions: Sequence[Argument], target: Area | None) -> Iterator[CellContent]:
    """Yield the target's cells where every condition holds.

    `conditions` alternates areas and their conditions; without a target the first area is it.
    """
    areas = [area for area in conditions[::2] if isinstance(area, Area)]
    tests = [condition(criterion) for criterion in conditions[1::2]]
    if len(areas) != len(tests) or not areas:
        raise FormulaError(VALUE)
    shown = target or areas[0]
    if any((area.height, area.width) != (shown.height, shown.width) for area in areas):
        raise FormulaError(VALUE)
    columns = [area.values() for area in areas]
    for content, *cells in zip(shown.values(), *columns, strict=True):
        if all(test(cell) for test, cell in zip(tests, cells, strict=True)):
            yield content


def condition(criterion: Argument) -> Condition:
    """Turn a criterion into a test of a cell."""
    value = scalar(criterion)
    if not isinstance(value, str):
        wanted = 0 if value is None else value
        return lambda content: type(content) is not bool and content == wanted
    match = _CONDITION.fullmatch(value)
    sign, operand = (match.group(1) or "=", match.group(2)) if match else ("=", value)
    parsed = _as_number(operand)
    if sign in _COMPARISONS:
        return _ordered(_COMPARISONS[sign], parsed)
    equal = _text_test(operand) if parsed is None else _number_test(parsed)
    return equal if sign == "=" else lambda content: not equal(content)


def _ordered(compare: Callable[[float, float], bool], bound: float | None) -> Condition:
    if bound is None:
        return lambda _content: False

    def test(content: CellContent) -> bool:
        if isinstance(content, bool) or not isinstance(content, (int, float)):
            return False
        return compare(content, bound)

    return test


def _number_test(wanted: float) -> Condition:
    def test(content: CellContent) -> bool:
        if isinstance(content, str):
            return _as_number(content) == wanted
        return is_number(content) and content == wanted

    return test


def _text_test(wanted: str) -> Condition:
    if not wanted:
        return lambda content: content is None or content == ""
    pattern = re.compile(_pattern(wanted), re.IGNORECASE | re.DOTALL)
    return lambda content: isinstance(content, str) and pattern.fullmatch(content) is not None


def _pattern(wanted: str) -> str:
    pieces = re.findall(r"~[*?~]|.", wanted, re.DOTALL)
    return "".join(
        re.escape(piece[1:]) if len(piece) == 2 else _WILDCARDS.get(piece, re.escape(piece))
        for piece in pieces
    )


def _as_number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
