"""Whether two figures, as printed or as stored, can be the same amount."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.agents.review.grids import Cell
from app.sources import quantities_in

_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Amount:
    """A magnitude and half of its last digit's worth; both in percent for percentages."""

    value: float
    room: float


def can_agree(first: Cell, second: Cell) -> bool:
    """Say whether two cells can show one amount, each rounded and scaled as it is printed.

    Cells without a number agree with everything: there is nothing to compare.
    """
    ours, theirs = list(_readings(first)), list(_readings(second))
    if not ours or not theirs:
        return True
    return any(_agree(one, other) for one in ours for other in theirs)


def _agree(one: Amount, other: Amount) -> bool:
    room = max(one.room, other.room) + _SLACK * max(one.value, other.value)
    return abs(one.value - other.value) <= room


def _readings(cell: Cell) -> Iterator[Amount]:
    """Yield what a cell may mean: exact, as a percentage, in the scale of its unit."""
    if cell.value is not None:
        yield Amount(abs(cell.value), 0.0)
        if cell.is_fraction:
            yield Amount(abs(cell.value) * 100, 0.0)
        # "USD m", "억원": money, so that a single letter counts as a scale.
        for named in quantities_in(f"$1{cell.unit.split()[-1]}" if cell.unit.strip() else ""):
            yield Amount(abs(cell.value) * float(named.scale), 0.0)
    for quantity in quantities_in(cell.shown)[:1]:
        exponent = quantity.mantissa.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        room = 0.5 * 10.0**-decimals
        scale = float(quantity.scale)
        yield Amount(float(abs(quantity.mantissa)) * scale, room * scale)
        yield Amount(float(abs(quantity.mantissa)), room)
