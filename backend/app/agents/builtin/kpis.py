"""Headline figures of a workbook: live formulas over the data tables."""

from collections.abc import Sequence
from dataclasses import replace

from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.data_sheet import DataTable
from app.agents.builtin.formulas import condition, formula, number_text, span_conditions
from app.agents.builtin.naming import column_title
from app.agents.builtin.periods import Period, years_between
from app.agents.builtin.phrases_en import in_sentence, sentence_start
from app.agents.builtin.series_insights import compound_rate
from app.agents.builtin.table_view import Point, combine
from app.agents.builtin.wide_table import row_series
from app.agents.builtin.workbook_words import WorkbookWords
from app.artifacts.blocks import Kpi
from app.schemas.source import ColumnKind


class KpiMaker:
    """Makes the headline figures of one data table."""

    def __init__(self, data: DataTable, words: WorkbookWords) -> None:
        self._data = data
        self._words = words
        self._view = data.report.view

    def make(self) -> list[Kpi]:
        """Return the figures that matter most, at most four."""
        report = self._data.report
        if self._view.wide:
            return self._wide()[:4]
        if self._view.time is not None:
            return [kpi for m in report.measures[:2] for kpi in self._over_time(m)][:4]
        return [kpi for m in report.measures[:3] for kpi in self._over_all(m)][:4]

    def _over_time(self, measure: Measure) -> list[Kpi]:
        points = self._view.series(measure)
        is_combined = any(len(point.rows) > 1 for point in points)
        is_mean = measure.aggregation is Aggregation.MEAN
        if is_mean and is_combined and not self._view.rows_are_records:
            return []
        actual = [p for p in points if not p.period.is_forecast] or list(points)
        if not actual:
            return []
        name = column_title(measure.column)
        first, last = actual[0], actual[-1]
        said = last.period.said(self._words.language)
        latest = self._at(measure, last)
        found = [
            self._kpi(
                self._words.latest.format(name=name, period=said), latest, last.value, measure
            )
        ]
        if len(actual) < 2 or first.value <= 0 or measure.column.kind is ColumnKind.PERCENT:
            return found
        before = self._at(measure, first)
        span = {"start": first.period.said(self._words.language), "end": said}
        label = self._words.change.format(name=name, **span)
        found.append(self._percent(label, f"{latest}/{before}-1", last.value / first.value - 1))
        years = years_between(first.period, last.period)
        rate = compound_rate(first.value, last.value, years)
        if rate is not None:
            expression = f"({latest}/{before})^(1/{number_text(years)})-1"
            found.append(self._percent(self._words.yearly.format(name=name), expression, rate))
        return found

    def _at(self, measure: Measure, point: Point) -> str:
        function = "AVERAGEIFS" if measure.aggregation is Aggregation.MEAN else "SUMIFS"
        return f"{function}({self._data.column(measure.index)},{self._condition(point.period)})"

    def _condition(self, period: Period) -> str:
        time = self._view.time or 0
        column = self._data.column(time)
        if self._view.has_exact_periods:
            row = self._view.rows_of(period)[0]
            return f"{column},{condition(self._view.table.rows[row][time])}"
        return span_conditions(column, period)

    def _over_all(self, measure: Measure) -> list[Kpi]:
        values = [
            v for row in self._view.rows if (v := self._view.number(row, measure.index)) is not None
        ]
        if not values:
            return []
        is_mean = measure.aggregation is Aggregation.MEAN
        if is_mean and not self._view.rows_are_records:
            return []
        function = "AVERAGE" if is_mean else "SUM"
        value = combine(values, measure.aggregation)
        expression = f"{function}({self._data.column(measure.index)})"
        return [self._kpi(self._label(measure, is_mean=is_mean), expression, value, measure)]

    def _label(self, measure: Measure, *, is_mean: bool) -> str:
        name = column_title(measure.column)
        template = self._words.average if is_mean else self._words.total
        inside = in_sentence(name) if self._words.language == "en" else name
        return sentence_start(template.format(name=inside))

    def _wide(self) -> list[Kpi]:
        if self._view.rows_are_measures:
            return [
                kpi for place in range(min(2, len(self._view.rows))) for kpi in self._row(place)
            ]
        report = self._data.report
        (first, start), (last, end) = self._span()
        measure = self._view.measure_at(last)
        if measure is None or measure.aggregation is Aggregation.MEAN:
            return []
        name = report.series[0].name if report.series else report.title
        total = f"SUM({self._data.column(last)})"
        found = [self._kpi(self._at_label(name, end), total, self._sum(last), measure)]
        before = self._sum(first)
        if before > 0:
            expression = f"{total}/SUM({self._data.column(first)})-1"
            change = self._sum(last) / before - 1
            found.append(self._percent(self._change_label(name, start, end), expression, change))
        return found

    def _row(self, place: int) -> list[Kpi]:
        """Return a row's latest value, where rows are measures of their own."""
        (first, start), (last, end) = self._span()
        row = self._view.rows[place]
        label, series = row_series(self._view, row, self._words.language)
        value, before = self._view.number(row, last), self._view.number(row, first)
        measure = self._view.measure_at(last)
        if value is None or measure is None:
            return []
        own = f"INDEX({self._data.column(last)},{place + 1})"
        in_unit = replace(measure, column=series.column)
        found = [self._kpi(self._at_label(label, end), own, value, in_unit)]
        if before is not None and before > 0:
            expression = f"{own}/INDEX({self._data.column(first)},{place + 1})-1"
            change = self._change_label(label, start, end)
            found.append(self._percent(change, expression, value / before - 1))
        return found

    def _span(self) -> tuple[tuple[int, Period], tuple[int, Period]]:
        """Return the first and the last period column that is no forecast."""
        ordered = sorted(self._view.wide, key=lambda pair: pair[1].order)
        actual = [pair for pair in ordered if not pair[1].is_forecast]
        kept = actual if len(actual) >= 2 else ordered
        return kept[0], kept[-1]

    def _at_label(self, name: str, period: Period) -> str:
        said = period.said(self._words.language)
        return self._words.latest.format(name=sentence_start(name), period=said)

    def _change_label(self, name: str, start: Period, end: Period) -> str:
        language = self._words.language
        return self._words.change.format(
            name=sentence_start(name), start=start.said(language), end=end.said(language)
        )

    def _sum(self, index: int) -> float:
        values = [v for row in self._view.rows if (v := self._view.number(row, index)) is not None]
        return combine(values, Aggregation.SUM)

    def _kpi(self, label: str, expression: str, value: float, measure: Measure) -> Kpi:
        is_mean = measure.aggregation is Aggregation.MEAN
        is_fraction = not float(value).is_integer()
        kind = measure.column.kind
        if kind is ColumnKind.INTEGER and is_fraction:
            kind = ColumnKind.NUMBER
        decimals = measure.column.decimals
        return Kpi(
            label=label,
            value=formula(expression, value),
            kind=kind,
            unit=measure.column.unit,
            decimals=max(decimals, 1) if is_mean and is_fraction else decimals,
            source_ids=self._data.table.source_ids,
        )

    def _percent(self, label: str, expression: str, value: float) -> Kpi:
        return Kpi(
            label=label,
            value=formula(expression, value),
            kind=ColumnKind.PERCENT,
            decimals=1,
            source_ids=self._data.table.source_ids,
        )


def distinct_kpis(kpis: Sequence[Kpi], most: int) -> tuple[Kpi, ...]:
    """Return the figures, each label once, at most `most`."""
    by_label = {kpi.label: kpi for kpi in reversed(kpis)}
    ordered = [by_label[label] for label in dict.fromkeys(kpi.label for kpi in kpis)]
    return tuple(ordered[:most])
