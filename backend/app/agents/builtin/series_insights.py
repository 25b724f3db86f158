"""What a measure did over time, computed and put into words."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.builtin.amounts import say_percent_short, say_value
from app.agents.builtin.column_roles import Aggregation
from app.agents.builtin.insight import Change, Insight, InsightKind, Phrases
from app.agents.builtin.periods import years_between
from app.agents.builtin.table_view import Point
from app.schemas.source import ColumnKind, Language, TableColumn

_FLAT = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A named run of values over time, with how it is to be said."""

    name: str
    column: TableColumn
    aggregation: Aggregation
    points: tuple[Point, ...]
    columns: tuple[str, ...]
    language: Language

    @property
    def actual(self) -> tuple[Point, ...]:
        """The points that are not forecasts."""
        return tuple(p for p in self.points if not p.period.is_forecast)

    @property
    def forecast(self) -> tuple[Point, ...]:
        """The points marked as forecasts."""
        return tuple(p for p in self.points if p.period.is_forecast)

    def say(self, value: float) -> str:
        """Say a value of the series with its unit."""
        return say_value(value, self.column, self.language)


def relative_change(first: float, last: float) -> float | None:
    """Return (last - first) / first; None where the first value is not positive."""
    return (last - first) / first if first > 0 else None


def compound_rate(first: float, last: float, years: float) -> float | None:
    """Return the compound annual growth rate, (last / first) ** (1 / years) - 1.

    None below two years, or where a value is not positive.
    """
    if years < 2 or first <= 0 or last <= 0:
        return None
    return float((last / first) ** (1 / years) - 1)


def change_between(series: Series, first: Point, last: Point) -> Change:
    """Compute the change of a series between two of its points."""
    is_percent = series.column.kind is ColumnKind.PERCENT
    fraction = None if is_percent else relative_change(first.value, last.value)
    difference = last.value - first.value
    measured = difference if fraction is None else fraction
    # A change too small to show in a figure with one decimal is no change.
    direction = 0 if abs(measured) < _FLAT else 1 if measured > 0 else -1
    return Change(
        name=series.name,
        start=first.period,
        end=last.period,
        first=series.say(first.value),
        last=series.say(last.value),
        direction=direction,
        fraction=fraction,
        points=difference if is_percent else None,
        yearly=None
        if is_percent
        else compound_rate(first.value, last.value, years_between(first.period, last.period)),
        is_level=series.aggregation is Aggregation.MEAN,
    )


def series_insights(series: Series, phrases: Phrases) -> list[Insight]:
    """Return the statements that a series supports, most telling first."""
    if len(series.points) < 2:
        return []
    found = [*_changes(series, phrases), *_forecast(series, phrases), *_extremes(series, phrases)]
    return sorted(found, key=lambda insight: -insight.weight)


def _changes(series: Series, phrases: Phrases) -> list[Insight]:
    points = series.actual if len(series.actual) >= 2 else series.points
    whole = change_between(series, points[0], points[-1])
    found = [
        Insight(
            kind=InsightKind.CHANGE,
            text=phrases.change(whole),
            headline=phrases.change_headline(whole),
            value=phrases.said_change(whole),
            label=phrases.change_label(whole),
            rows=points[0].rows + points[-1].rows,
            columns=series.columns,
            weight=3.0,
        )
    ]
    if len(points) >= 3:
        found.append(_latest(series, points, phrases))
    return found


def _latest(series: Series, points: Sequence[Point], phrases: Phrases) -> Insight:
    step = change_between(series, points[-2], points[-1])
    return Insight(
        kind=InsightKind.LATEST,
        text=phrases.latest(step),
        headline=phrases.latest_headline(step),
        value=step.last,
        label=phrases.at(series.name, step.end),
        rows=points[-2].rows + points[-1].rows,
        columns=series.columns,
        weight=2.6,
    )


def _forecast(series: Series, phrases: Phrases) -> list[Insight]:
    if not series.forecast or not series.actual:
        return []
    ahead = change_between(series, series.actual[-1], series.forecast[-1])
    return [
        Insight(
            kind=InsightKind.FORECAST,
            text=phrases.forecast(ahead),
            headline=phrases.forecast_headline(ahead),
            value=ahead.last,
            label=phrases.at(series.name, ahead.end),
            rows=series.actual[-1].rows + series.forecast[-1].rows,
            columns=series.columns,
            weight=2.8,
        )
    ]


def _extremes(series: Series, phrases: Phrases) -> list[Insight]:
    """Say high and low only where they are not simply the ends of the series."""
    points = series.actual
    if len(points) < 4:
        return []
    high = max(points, key=lambda p: (p.value, p.period.order))
    low = min(points, key=lambda p: (p.value, p.period.order))
    ends = {points[0].period.order, points[-1].period.order}
    if high.value == low.value or {high.period.order, low.period.order} <= ends:
        return []
    said = (series.say(high.value), high.period), (series.say(low.value), low.period)
    return [
        Insight(
            kind=InsightKind.EXTREME,
            text=phrases.extreme(series.name, *said),
            headline=phrases.extreme(series.name, *said).rstrip("."),
            value=said[0][0],
            label=phrases.at(series.name, high.period),
            rows=high.rows + low.rows,
            columns=series.columns,
            weight=1.6,
        )
    ]


def yearly_growth(series: Series, phrases: Phrases) -> tuple[str, str] | None:
    """Return the compound annual growth as a figure and its label; None where there is none."""
    points = series.actual if len(series.actual) >= 2 else series.points
    change = change_between(series, points[0], points[-1])
    if change.yearly is None:
        return None
    return say_percent_short(change.yearly), phrases.yearly_label(change)
