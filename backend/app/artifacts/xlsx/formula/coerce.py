"""How spreadsheets turn one kind of value into another, and compare them."""

from collections.abc import Iterable, Iterator

from app.artifacts.xlsx.formula.areas import Area, CellContent, Scalar
from app.artifacts.xlsx.formula.errors import VALUE, FormulaError

Argument = Scalar | Area


def scalar(argument: Argument) -> Scalar:
    """Return the one value of an argument; an area must have one cell."""
    if not isinstance(argument, Area):
        return argument
    if argument.height != 1 or argument.width != 1:
        raise FormulaError(VALUE)
    return sound(argument.at(1, 1))


def sound(content: CellContent) -> Scalar:
    """Return a cell's value, or raise the error that it holds."""
    if isinstance(content, FormulaError):
        raise content
    return content


def number(argument: Argument) -> float:
    """Return an argument as a number: text that reads as one, truth values as 1 and 0."""
    value = scalar(argument)
    if value is None:
        return 0
    if isinstance(value, str):
        return _parsed(value)
    return value


def text(argument: Argument) -> str:
    """Return an argument as text, numbers in the General format."""
    value = scalar(argument)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str) else f"{value:.15g}"


def truth(argument: Argument) -> bool:
    """Return an argument as a truth value."""
    value = scalar(argument)
    if isinstance(value, str):
        if value.upper() in {"TRUE", "FALSE"}:
            return value.upper() == "TRUE"
        raise FormulaError(VALUE)
    return bool(value)


def is_number(content: CellContent) -> bool:
    """Whether a cell holds a number; truth values do not count."""
    return isinstance(content, (int, float)) and not isinstance(content, bool)


def numbers(arguments: Iterable[Argument | None]) -> Iterator[float]:
    """Yield the numbers in arguments: of areas only true numbers, of others what reads as one."""
    for argument in arguments:
        if not isinstance(argument, Area):
            yield number(argument)
            continue
        for content in argument.values():
            value = sound(content)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                yield value


def order_key(value: Scalar, other: Scalar) -> tuple[int, float | str]:
    """Return the sorting key of a value that is compared with another.

    Numbers come before text, text before truth values; an empty cell is the other's zero.
    """
    if value is None:
        value = "" if isinstance(other, str) else 0
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, value


def are_equal(left: Scalar, right: Scalar) -> bool:
    """Whether two values are equal to a spreadsheet, letters in any case."""
    return order_key(left, right) == order_key(right, left)


def _parsed(value: str) -> float:
    cleaned = value.strip().replace(",", "")
    try:
        return float(cleaned.removesuffix("%")) / (100 if cleaned.endswith("%") else 1)
    except ValueError:
        raise FormulaError(VALUE) from None
