"""Which category grew most and which least."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.agents.builtin.insight import Change, Insight, InsightKind, Phrases
from app.agents.builtin.series_insights import Series, change_between


@dataclass(frozen=True, slots=True)
class _Mover:
    label: str
    change: Change
    rows: tuple[int, ...]
    columns: tuple[str, ...]

    @property
    def growth(self) -> float:
        return self.change.fraction or 0.0


def mover_insights(
    named_series: Sequence[tuple[str, Series]], measure: str, phrases: Phrases
) -> list[Insight]:
    """Compare categories by their growth from the first to the last period they share."""
    movers = [m for label, series in named_series if (m := _mover(label, series, measure))]
    spans = {(m.change.start.order, m.change.end.order) for m in movers}
    if len(movers) < 2 or len(spans) != 1:
        return []
    movers.sort(key=lambda m: (-m.growth, m.label))
    fastest, slowest = movers[0], movers[-1]
    found = []
    if fastest.change.direction > 0:
        found.append(_insight(fastest, phrases, InsightKind.FASTEST, weight=2.0))
    if slowest.change.direction < 0 or (slowest.change.direction > 0 and len(movers) > 2):
        found.append(_insight(slowest, phrases, InsightKind.SLOWEST, weight=1.7))
    return found


def _mover(label: str, series: Series, measure: str) -> _Mover | None:
    points = series.actual if len(series.actual) >= 2 else series.points
    if len(points) < 2 or points[0].period.grain != "year":
        return None
    change = change_between(series, points[0], points[-1])
    if change.fraction is None:
        return None
    rows = points[0].rows + points[-1].rows
    return _Mover(label, replace(change, name=measure), rows, series.columns)


def _insight(mover: _Mover, phrases: Phrases, kind: InsightKind, *, weight: float) -> Insight:
    is_fastest = kind is InsightKind.FASTEST
    return Insight(
        kind=kind,
        text=phrases.mover(mover.label, mover.change, is_fastest=is_fastest),
        headline=phrases.mover_headline(mover.label, mover.change),
        value=phrases.said_change(mover.change),
        label=phrases.change_label(replace(mover.change, name=mover.label)),
        rows=mover.rows,
        columns=mover.columns,
        weight=weight,
    )
