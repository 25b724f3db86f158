"""Axis scales: round steps, and ticks that take in every value."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.artifacts.blocks import ChartKind, ChartSpec

LARGEST_VALUE = 1e200
SMALLEST_VALUE = 1e-200
_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_NARROW_RANGE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A value axis: its ends, and the ticks between them, ends included."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Return where a value stands, 0 at the low end and 1 at the high end."""
        return (value - self.low) / (self.high - self.low)


def drawable(value: float | None) -> float | None:
    """Return the value as an axis can show it.

    None is what no axis can show (not finite, or beyond 1e200); what is within 1e-200 of zero is
    zero, since steps that small cannot be counted.
    """
    if value is None or not math.isfinite(value) or abs(value) > LARGEST_VALUE:
        return None
    return value if abs(value) > SMALLEST_VALUE else 0.0


def drawable_values(spec: ChartSpec) -> tuple[float, ...]:
    """List every value of a chart that can be drawn."""
    found = (drawable(value) for series in spec.series for value in series.values)
    return tuple(value for value in found if value is not None)


def value_scale(spec: ChartSpec, *, tick_count: int = 6) -> Scale:
    """Return the value axis of a chart that has at least one value.

    Bars start at zero. A line's axis may start above zero where its values lie close together.
    """
    values = drawable_values(spec)
    low, high = min(values), max(values)
    if spec.kind is not ChartKind.LINE or not _is_narrow(low, high):
        low, high = min(low, 0.0), max(high, 0.0)
    return round_scale(low, high, tick_count=tick_count)


def round_scale(low: float, high: float, *, tick_count: int = 6) -> Scale:
    """Return a scale with about `tick_count` round steps that covers `low` to `high`."""
    if high <= low:
        spread = abs(high) or 1.0
        low, high = (low - spread, high) if high < 0 else (low, high + spread)
    step = _round_step((high - low) / tick_count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(_exact(index, step) for index in range(first, last + 1))
    return Scale(low=ticks[0], high=ticks[-1], ticks=ticks)


def with_label_room(scale: Scale, values: Iterable[float], *, share: float) -> Scale:
    """Add a step at an end that a value nearly reaches, so that its label stays in the plot.

    `share` is how much of the axis a label needs.
    """
    found = tuple(values)
    step = scale.ticks[1] - scale.ticks[0]
    ticks = list(scale.ticks)
    if scale.high > 0 and scale.share(max(found)) > 1 - share:
        ticks.append(_exact(round(ticks[-1] / step) + 1, step))
    if scale.low < 0 and scale.share(min(found)) < share:
        ticks.insert(0, _exact(round(ticks[0] / step) - 1, step))
    return Scale(low=ticks[0], high=ticks[-1], ticks=tuple(ticks))


def tick_decimals(ticks: Iterable[float]) -> int:
    """Return how many decimals the ticks need to differ, at most 6."""
    ordered = sorted(ticks)
    step = ordered[1] - ordered[0] if len(ordered) > 1 else 1.0
    for decimals in range(6):
        scaled = step * 10**decimals
        if abs(scaled - round(scaled)) < 1e-6 * max(1.0, abs(scaled)) and round(scaled) != 0:
            return decimals
    return 6


def _is_narrow(low: float, high: float) -> bool:
    same_sign = low * high > 0
    nearest, farthest = sorted((abs(low), abs(high)))
    return same_sign and low != high and nearest > farthest * _NARROW_RANGE


def _round_step(rough: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(rough))
    fraction = rough / magnitude
    return next(step for step in _ROUND_STEPS if step >= fraction - 1e-9) * magnitude


def _exact(index: int, step: float) -> float:
    return float(f"{index * step:.12g}")
