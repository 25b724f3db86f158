"""Charts of a table: over time, and by category."""

from collections.abc import Sequence

from app.agents.builtin.breakdown_insights import Breakdown
from app.agents.builtin.column_roles import Aggregation
from app.agents.builtin.phrases_en import sentence_start
from app.agents.builtin.series_insights import Series
from app.agents.builtin.table_report import TableReport
from app.artifacts.blocks import ChartKind, ChartSeries, ChartSpec
from app.artifacts.formatting import number_format_code
from app.schemas.source import ColumnKind, Language, TableColumn

_MOST_COLUMNS, _MOST_BARS, _MOST_LINES = 12, 8, 4
_OTHER = {"en": "Other", "ko": "기타"}
_UNIT = {"en": "{title} ({unit})", "ko": "{title}({unit})"}
_BY = {"en": "{title} by {dimension}", "ko": "{dimension}별 {title}"}


def series_chart(series: Series, alt_text: str) -> ChartSpec:
    """Draw one measure over time: columns for a few periods, a line for many."""
    points = series.points
    first_forecast = next((i for i, p in enumerate(points) if p.period.is_forecast), None)
    return ChartSpec(
        kind=ChartKind.COLUMN if len(points) <= _MOST_COLUMNS else ChartKind.LINE,
        title=with_unit(sentence_start(series.name), series.column, series.language),
        categories=tuple(point.period.label for point in points),
        series=(
            ChartSeries(name=sentence_start(series.name), values=_values(series, len(points))),
        ),
        number_format=_format(series.column, [p.value for p in points]),
        unit=_unit(series.column),
        alt_text=alt_text,
        emphasis_from=first_forecast,
    )


def comparison_chart(
    named: Sequence[tuple[str, Series]], name: str, alt_text: str
) -> ChartSpec | None:
    """Draw a few categories over the same periods; None where they do not share them."""
    spans = {tuple(p.period.order for p in series.points) for _, series in named}
    if not 2 <= len(named) <= _MOST_LINES or len(spans) != 1 or len(next(iter(spans))) < 2:
        return None
    first = named[0][1]
    values = [point.value for _, series in named for point in series.points]
    is_long = len(first.points) * len(named) > _MOST_COLUMNS * 2
    return ChartSpec(
        kind=ChartKind.LINE if is_long else ChartKind.COLUMN,
        title=with_unit(sentence_start(name), first.column, first.language),
        categories=tuple(point.period.label for point in first.points),
        series=tuple(
            ChartSeries(name=sentence_start(label), values=_values(series, len(series.points)))
            for label, series in named
        ),
        number_format=_format(first.column, values),
        unit=_unit(first.column),
        alt_text=alt_text,
    )


def breakdown_chart(breakdown: Breakdown, alt_text: str) -> ChartSpec:
    """Draw a measure by category as bars, largest first; small amounts join in "Other"."""
    language, column = breakdown.language, breakdown.measure.column
    labels, values = _bars(breakdown)
    title = _BY[language].format(
        title=sentence_start(breakdown.name), dimension=_dimension(breakdown.columns[0], language)
    )
    if breakdown.period is not None:
        title = f"{title}, {breakdown.period.said(language)}"
    return ChartSpec(
        kind=ChartKind.BAR,
        title=with_unit(title, column, language),
        categories=tuple(labels),
        series=(ChartSeries(name=sentence_start(breakdown.name), values=tuple(values)),),
        number_format=_format(column, values),
        unit=_unit(column),
        alt_text=alt_text,
    )


def report_charts(report: TableReport) -> list[ChartSpec]:
    """Return the charts that show a table best, at most two: over time, then by category."""
    charts = []
    if report.series:
        charts.append(_time_chart(report))
    if report.breakdowns:
        breakdown = report.breakdowns[0]
        charts.append(breakdown_chart(breakdown, _alt(report, breakdown.columns)))
    return charts[:2]


def with_unit(title: str, column: TableColumn, language: Language) -> str:
    """Add the unit of a column to a title."""
    unit = _unit(column)
    return _UNIT[language].format(title=title, unit=unit) if unit else title


def _time_chart(report: TableReport) -> ChartSpec:
    series = report.series[0]
    alt_text = _alt(report, series.columns)
    if report.view.rows_are_measures:
        peers = [s for s in report.series if s.column.unit == series.column.unit][:3]
        several = comparison_chart([(s.name, s) for s in peers], report.table.title, alt_text)
        return several or series_chart(series, alt_text)
    return series_chart(series, alt_text)


def _alt(report: TableReport, columns: tuple[str, ...]) -> str:
    said = [insight.text for insight in report.insights if insight.columns == columns]
    return " ".join(said[:2]) or report.table.title


def _values(series: Series, count: int) -> tuple[float | None, ...]:
    return tuple(float(point.value) for point in series.points[:count])


def _bars(breakdown: Breakdown) -> tuple[list[str], list[float | None]]:
    slices = list(breakdown.slices)
    kept, rest = slices[:_MOST_BARS], slices[_MOST_BARS:]
    labels: list[str] = [part.label for part in kept]
    values: list[float | None] = [float(part.value) for part in kept]
    adds_up = breakdown.measure.aggregation is not Aggregation.MEAN
    if len(rest) == 1:
        labels.append(rest[0].label)
        values.append(float(rest[0].value))
    elif rest and adds_up:
        labels.append(_OTHER[breakdown.language])
        values.append(float(sum(part.value for part in rest)))
    return labels, values


def _dimension(name: str, language: Language) -> str:
    return name.replace("_", " ").lower() if language == "en" else name


def _unit(column: TableColumn) -> str | None:
    return None if column.kind is ColumnKind.PERCENT else column.unit


def _format(column: TableColumn, values: Sequence[float | None]) -> str:
    """Take the column's format, with a decimal where averages need one."""
    code = number_format_code(column)
    is_whole = all(value is None or float(value).is_integer() for value in values)
    if column.kind is ColumnKind.PERCENT or is_whole or column.decimals:
        return code if code != "General" else "#,##0"
    return "#,##0.0"
