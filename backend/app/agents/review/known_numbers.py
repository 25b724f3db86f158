"""Numbers that are known: as they are written, and as values that may be printed rounded."""

from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal

from app.sources import Quantity, numbers_in

_LEAST_DIGITS = 2
_SLACK = 1e-9


class KnownNumbers:
    """A set of numbers to look up in. Percentages are apart: 39 does not bear out 39%."""

    def __init__(
        self,
        texts: Iterable[str] = (),
        plain: Iterable[float] = (),
        percents: Iterable[float] = (),
    ) -> None:
        self._written = {number for text in texts for number in numbers_in(text)}
        shares = {float(n.rstrip("%")) for n in self._written if n.endswith("%")}
        amounts = {float(n) for n in self._written if not n.endswith("%")}
        self._percents = sorted(shares | {abs(value) for value in percents})
        self._plain = sorted(amounts | {abs(value) for value in plain})

    def has(self, quantity: Quantity) -> bool:
        """Say whether a number of a text is one of these, or one of these rounded as it is.

        "12.5 million" is also borne out by a 12.5 of a table that counts in millions.
        """
        if quantity.normal in self._written:
            return True
        known = self._percents if quantity.is_percent else self._plain
        mantissa, scale = float(abs(quantity.mantissa)), float(quantity.scale)
        if not _is_precise(quantity):
            return _stands(mantissa * scale, 0.0, known)
        step = 0.5 * 10.0 ** -_decimals(quantity.mantissa)
        return _stands(mantissa * scale, step * scale, known) or (
            scale != 1 and _stands(mantissa, step, known)
        )

    def has_value(self, value: float) -> bool:
        """Say whether a cell's value (39 for 39%) is one of these, as precisely as cells are."""
        room = max(abs(value), 1.0) * 1e-6
        return any(_stands(abs(value), room, known) for known in (self._plain, self._percents))


def _stands(value: float, step: float, known: list[float]) -> bool:
    room = step + _SLACK * max(value, 1.0)
    place = bisect_left(known, value - room)
    return place < len(known) and known[place] <= value + room


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _is_precise(quantity: Quantity) -> bool:
    """Say whether a number may be a rounded one: "7" is a rounding of too much."""
    digits = "".join(map(str, abs(quantity.mantissa).as_tuple().digits)).lstrip("0")
    return len(digits) >= _LEAST_DIGITS
