"""The change of a series from each period to the next, as a chart and as statements."""

from itertools import pairwise

from app.agents.builtin.insight import Insight, InsightKind, Phrases
from app.agents.builtin.phrases_en import sentence_start
from app.agents.builtin.series_insights import Series, change_between, relative_change
from app.artifacts.blocks import ChartKind, ChartSeries, ChartSpec

_LEAST_STEPS, _MOST_STEPS, _MOST_COLUMNS = 3, 60, 12
_TITLE = {"en": "{name}, change on the period before", "ko": "{name}의 직전 기간 대비 증감률"}


def growth_steps(
    series: Series, phrases: Phrases
) -> tuple[ChartSpec, Insight | None, Insight | None] | None:
    """Return the chart of changes and the largest rise and fall; None for a short series."""
    points = series.actual
    pairs = list(pairwise(points))
    changes = [relative_change(first.value, last.value) for first, last in pairs]
    known = [change for change in changes if change is not None]
    if not _LEAST_STEPS <= len(known) <= _MOST_STEPS or len(known) != len(changes):
        return None
    high, low = changes.index(max(known)), changes.index(min(known))
    rise = _insight(series, phrases, high) if known[high] > 0 else None
    fall = _insight(series, phrases, low) if known[low] < 0 else None
    said = [insight.text for insight in (rise, fall) if insight is not None]
    chart = ChartSpec(
        kind=ChartKind.COLUMN if len(known) <= _MOST_COLUMNS else ChartKind.LINE,
        title=_TITLE[series.language].format(name=sentence_start(series.name)),
        categories=tuple(last.period.label for _, last in pairs),
        series=(ChartSeries(name=sentence_start(series.name), values=tuple(known)),),
        number_format="0.0%",
        alt_text=" ".join(said) or series.name,
    )
    return chart, rise, fall


def _insight(series: Series, phrases: Phrases, place: int) -> Insight:
    first, last = series.actual[place], series.actual[place + 1]
    change = change_between(series, first, last)
    return Insight(
        kind=InsightKind.LATEST,
        text=phrases.latest(change),
        headline=phrases.step_headline(change),
        value=phrases.said_change(change),
        label=phrases.at(series.name, last.period),
        rows=first.rows + last.rows,
        columns=series.columns,
    )
