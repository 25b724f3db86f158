"""Series and breakdowns of a table with one row per observation."""

from collections.abc import Sequence

from app.agents.builtin.breakdown_insights import Breakdown
from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.naming import column_phrase, combined_phrase, measure_phrase
from app.agents.builtin.periods import Period
from app.agents.builtin.series_insights import Series
from app.agents.builtin.table_view import TableView
from app.schemas.source import Language


def measure_series(
    view: TableView, measure: Measure, language: Language, rows: Sequence[int] | None = None
) -> Series:
    """Return a measure over time, combined over the rows of each period."""
    points = view.series(measure, rows)
    name = measure_phrase(view.table, measure.column, language)
    if any(len(point.rows) > 1 for point in points):
        name = combined_phrase(name, measure.aggregation, language)
    time = view.table.columns[view.time or 0].name
    return Series(
        name=name,
        column=measure.column,
        aggregation=measure.aggregation,
        points=points,
        columns=(time, measure.column.name),
        language=language,
    )


def measure_breakdown(view: TableView, measure: Measure, by: int, language: Language) -> Breakdown:
    """Return a measure by category, at the period that makes sense."""
    period = _period_for(view, measure)
    rows = view.rows_of(period) if period is not None else view.rows
    slices = view.breakdown(measure, by, rows)
    name = column_phrase(measure.column, language)
    is_mean = measure.aggregation is Aggregation.MEAN
    if is_mean and any(len(part.rows) > 1 for part in slices):
        name = combined_phrase(name, measure.aggregation, language)
    return Breakdown(
        name=name,
        whole=measure_phrase(view.table, measure.column, language),
        measure=measure,
        slices=slices,
        period=period,
        columns=(view.table.columns[by].name, measure.column.name),
        language=language,
    )


def category_series(
    view: TableView, measure: Measure, by: int, language: Language
) -> list[tuple[str, Series]]:
    """Return the measure over time for each category, in the order of the table."""
    groups: dict[str, list[int]] = {}
    for row in view.rows:
        label = view.table.rows[row][by]
        if label not in (None, ""):
            groups.setdefault(str(label).casefold(), []).append(row)
    return [
        (str(view.table.rows[rows[0]][by]), measure_series(view, measure, language, rows))
        for rows in groups.values()
    ]


def _period_for(view: TableView, measure: Measure) -> Period | None:
    """Break down the latest year; over months and days all rows, unless it is a stock."""
    if not view.periods:
        return None
    actual = [p for p in view.periods if not p.is_forecast] or list(view.periods)
    latest = max(actual, key=lambda p: p.order)
    return latest if latest.grain == "year" or measure.aggregation is Aggregation.STOCK else None
