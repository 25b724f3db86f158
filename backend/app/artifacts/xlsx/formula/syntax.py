"""What a formula is made of, once it is read."""

from dataclasses import dataclass

from app.artifacts.xlsx.formula.structured import StructuredReference


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text or truth value."""

    value: float | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRange:
    """A rectangle of cells, counted from 1. `sheet` is None for the formula's own sheet."""

    sheet: str | None
    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign before, or a per cent sign after, an operand."""

    operator: str
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what joins them."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; a missing argument is None."""

    function: str
    arguments: tuple["Expression | None", ...]


Expression = Constant | CellRange | StructuredReference | Unary | Binary | Call
