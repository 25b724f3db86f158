"""The step of a series that a goal asks about: "Why did sales fall in Q3?"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from app.agents.builtin.insight import Insight, InsightKind, Phrases
from app.agents.builtin.periods import Period, parse_period
from app.agents.builtin.series_insights import Series, change_between
from app.agents.builtin.table_view import Point

_NAMED = re.compile(
    r"(?:(?:19|20|21)\d{2}\s*(?:[-/]|년)?\s*)?(?:q[1-4]|[1-4]\s*q|[1-4]\s*분기)(?:\s*(?:19|20|21)\d{2})?"
    r"|(?:(?:19|20|21)\d{2}\s*년\s*)?(?:1[0-2]|[1-9])\s*월"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december)"
    r"(?:\s+(?:19|20|21)\d{2})?|(?:19|20|21)\d{2}(?=\s*년|\b)",
    re.IGNORECASE,
)
_WHOLE, _PART, _MOST_PARTS = 4.0, 3.5, 2


def asked_steps(
    series: Series, named: Sequence[tuple[str, Series]], goal: str, phrases: Phrases
) -> list[Insight]:
    """Say the change into the period that the goal names, and which parts moved most with it."""
    asked = [p for m in _NAMED.finditer(goal) if (p := parse_period(" ".join(m.group().split())))]
    step = _step(series, asked)
    if len(asked) != 1 or step is None:
        return []
    whole = step[1].value - step[0].value
    parts = [(_moved(part, step), label, part) for label, part in named]
    along = [item for item in parts if item[0] * whole > 0]
    along.sort(key=lambda item: (-abs(item[0]), item[1]))
    found = [_insight(series, step, phrases, _WHOLE)]
    for place, (_, label, part) in enumerate(along[:_MOST_PARTS]):
        own = _step(part, asked)
        if own is not None and len(parts) > 1:
            subject = replace(part, name=phrases.of(label, series.name))
            found.append(_insight(subject, own, phrases, _PART - 0.1 * place))
    return found


def _step(series: Series, asked: Sequence[Period]) -> tuple[Point, Point] | None:
    """Return the points before and in the only period asked for, which a year may leave open."""
    steps = [
        (before, at)
        for before, at in pairwise(series.actual)
        for period in asked
        if at.period.grain == period.grain
        and at.period.part == period.part
        and period.year in {None, at.period.year}
    ]
    return steps[0] if len(steps) == 1 else None


def _moved(series: Series, step: tuple[Point, Point]) -> float:
    values = {point.period.order: point.value for point in series.points}
    first, last = (values.get(point.period.order) for point in step)
    return last - first if first is not None and last is not None else 0.0


def _insight(series: Series, step: tuple[Point, Point], phrases: Phrases, weight: float) -> Insight:
    change = change_between(series, *step)
    return Insight(
        kind=InsightKind.STEP,
        text=phrases.latest(change),
        headline=phrases.latest_headline(change),
        value=phrases.said_change(change),
        label=phrases.change_label(change),
        rows=step[0].rows + step[1].rows,
        columns=(*series.columns, series.name),
        weight=weight,
    )
