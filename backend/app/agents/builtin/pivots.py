"""Summary tables with live formulas over a data table: over time, by category, and both."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.builtin.breakdown_insights import Breakdown
from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.data_sheet import Cell, DataTable
from app.agents.builtin.formulas import (
    can_be_matched,
    column_of,
    condition,
    formula,
    span_conditions,
    this_row,
)
from app.agents.builtin.naming import column_title
from app.agents.builtin.periods import Period
from app.agents.builtin.table_view import combine
from app.agents.builtin.workbook_words import WorkbookWords
from app.artifacts.blocks import ChartKind, SheetChart, SheetTable
from app.schemas.source import ColumnKind, TableColumn

_MOST_PERIODS, _MOST_CATEGORIES, _MOST_MATRIX_PERIODS = 60, 15, 6
_MOST_COLUMNS_CHART = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """A summary table and the chart drawn from it."""

    table: SheetTable
    chart: SheetChart | None
    value_column: str


class PivotMaker:
    """Makes the summary tables of one data table."""

    def __init__(self, data: DataTable, words: WorkbookWords, number: int) -> None:
        self._data = data
        self._words = words
        self._number = number
        self._report = data.report
        self._view = data.report.view

    def make(self) -> list[Pivot]:
        """Return the tables that tell the most, at most two; wide tables are such tables."""
        if self._view.wide:
            return []
        found = [self._matrix() or self._by_category(), self._over_time()]
        return [pivot for pivot in reversed(found) if pivot is not None]

    def _over_time(self) -> Pivot | None:
        """Add up each period, where a period has several rows."""
        if self._view.time is None or self._view.is_one_row_per_period or not self._report.measures:
            return None
        periods = _distinct(self._view.periods)
        if not 2 <= len(periods) <= _MOST_PERIODS:
            return None
        measures = [m for m in self._report.measures if m.aggregation is not Aggregation.MEAN]
        measures = (measures or list(self._report.measures))[:3]
        name = f"ByTime{self._number}"
        time = self._data.names[self._view.time]
        rows = [self._time_row(period, measures) for period in periods]
        growth = self._growth_column(name, measures[0], rows)
        columns = (
            TableColumn(name=time),
            *(self._measure_column(measure) for measure in measures),
            growth[0],
        )
        cells = tuple((*row, growth[1][place]) for place, row in enumerate(rows))
        dimension = self._words.grains.get(periods[0].grain, time)
        dimension = time if self._view.has_exact_periods else dimension
        table = self._table(name, column_title(measures[0].column), dimension, columns, cells)
        kind = ChartKind.COLUMN if len(rows) <= _MOST_COLUMNS_CHART else ChartKind.LINE
        chart = self._chart(table, kind, columns[1].name)
        return Pivot(table=table, chart=chart, value_column=columns[1].name)

    def _time_row(self, period: Period, measures: Sequence[Measure]) -> list[Cell]:
        rows = self._view.rows_of(period)
        cells: list[Cell] = [period.said(self._words.language)]
        matched = self._period_conditions(period)
        cells += [self._cell_if_whole(measure, rows, matched) for measure in measures]
        return cells

    def _cell_if_whole(self, measure: Measure, rows: Sequence[int], conditions: str) -> Cell:
        is_whole = self._view.can_be_combined(measure, rows)
        return self._cell(measure, rows, conditions) if is_whole else None

    def _period_conditions(self, period: Period) -> str:
        column = self._data.column(self._view.time or 0)
        if self._view.has_exact_periods:
            row = self._view.rows_of(period)[0]
            return f"{column},{condition(self._view.table.rows[row][self._view.time or 0])}"
        return span_conditions(column, period)

    def _cell(self, measure: Measure, rows: Sequence[int], conditions: str) -> Cell:
        values = [v for row in rows if (v := self._view.number(row, measure.index)) is not None]
        if not values:
            return None
        function = "AVERAGEIFS" if measure.aggregation is Aggregation.MEAN else "SUMIFS"
        column = self._data.column(measure.index)
        return formula(f"{function}({column},{conditions})", combine(values, measure.aggregation))

    def _growth_column(
        self, name: str, measure: Measure, rows: Sequence[Sequence[Cell]]
    ) -> tuple[TableColumn, list[Cell]]:
        column = column_of(name, self._measure_column(measure).name)
        values = [_value(row[1]) for row in rows]
        cells: list[Cell] = [None]
        for place in range(1, len(rows)):
            before, own = values[place - 1], values[place]
            if before is None or own is None or before <= 0:
                cells.append(None)
                continue
            reference = this_row(self._measure_column(measure).name)
            cells.append(formula(f"{reference}/INDEX({column},{place})-1", own / before - 1))
        title = self._words.growth.format(name=column_title(measure.column))
        return TableColumn(name=title, kind=ColumnKind.PERCENT, decimals=1), cells

    def _by_category(self) -> Pivot | None:
        """Add up each category, at the latest year where the table has years."""
        breakdown = next(iter(self._report.breakdowns), None)
        if breakdown is None or not self._is_grouped(breakdown):
            return None
        by = self._index_of(breakdown.columns[0])
        labels = [part.label for part in breakdown.slices[:_MOST_CATEGORIES]]
        if not all(can_be_matched(label) for label in labels):
            return None
        measure, name = breakdown.measure, f"ByCategory{self._number}"
        column = self._measure_column(measure)
        rows: list[list[Cell]] = []
        for part in breakdown.slices[:_MOST_CATEGORIES]:
            matched = f"{self._data.column(by)},{condition(part.label)}"
            if breakdown.period is not None:
                matched += f",{self._period_conditions(breakdown.period)}"
            rows.append([part.label, self._cell(measure, part.rows, matched)])
        columns: list[TableColumn] = [TableColumn(name=self._data.names[by]), column]
        if breakdown.is_whole and len(breakdown.slices) <= _MOST_CATEGORIES:
            columns.append(self._share_column(name, column.name, rows))
        return self._category_pivot(name, breakdown, columns, rows)

    def _category_pivot(
        self,
        name: str,
        breakdown: Breakdown,
        columns: Sequence[TableColumn],
        rows: Sequence[Sequence[Cell]],
    ) -> Pivot:
        period = breakdown.period.said(self._words.language) if breakdown.period else None
        title = column_title(breakdown.measure.column)
        table = self._table(
            name, title, columns[0].name, columns, tuple(map(tuple, rows)), period=period
        )
        chart = self._chart(table, ChartKind.BAR, columns[1].name)
        return Pivot(table=table, chart=chart, value_column=columns[1].name)

    def _share_column(self, name: str, column: str, rows: list[list[Cell]]) -> TableColumn:
        values = [_value(row[1]) for row in rows]
        total = combine([v for v in values if v is not None], Aggregation.SUM)
        whole = column_of(name, column)
        for row, value in zip(rows, values, strict=True):
            share = None if value is None else value / total
            row.append(
                None if share is None else formula(f"{this_row(column)}/SUM({whole})", share)
            )
        return TableColumn(
            name=self._words.share.format(name=column), kind=ColumnKind.PERCENT, decimals=1
        )

    def _matrix(self) -> Pivot | None:
        """Cross categories with the last years, with the change between the first and last."""
        view, report = self._view, self._report
        if view.time is None or not view.categories or not report.measures:
            return None
        periods = _distinct(view.periods)[-_MOST_MATRIX_PERIODS:]
        by = view.categories[0]
        labels = [part.label for part in report.breakdowns[0].slices] if report.breakdowns else []
        is_yearly = all(period.grain == "year" for period in periods)
        fits = is_yearly and len(periods) >= 2 and 2 <= len(labels) <= _MOST_CATEGORIES
        if not fits or not all(can_be_matched(label) for label in labels):
            return None
        measure = report.measures[0]
        kind = self._measure_column(measure)
        names = [period.label for period in periods]
        columns = [TableColumn(name=self._data.names[by])]
        columns += [kind.model_copy(update={"name": n, "unit": None}) for n in names]
        rows = [self._matrix_row(label, by, measure, periods) for label in labels]
        change = self._words.change_between.format(start=names[0], end=names[-1])
        columns.append(TableColumn(name=change, kind=ColumnKind.PERCENT, decimals=1))
        for row in rows:
            row.append(_change_cell(row[1], row[-1], names[0], names[-1]))
        table = self._table(
            f"ByYear{self._number}",
            column_title(measure.column),
            self._data.names[by],
            columns,
            tuple(map(tuple, rows)),
            unit=measure.column.unit,
        )
        return Pivot(
            table=table, chart=self._chart(table, ChartKind.BAR, names[-1]), value_column=names[-1]
        )

    def _matrix_row(
        self, label: str, by: int, measure: Measure, periods: Sequence[Period]
    ) -> list[Cell]:
        cells: list[Cell] = [label]
        for period in periods:
            rows = [
                row
                for row in self._view.rows_of(period)
                if str(self._view.table.rows[row][by]).casefold() == label.casefold()
            ]
            matched = (
                f"{self._data.column(by)},{condition(label)},{self._period_conditions(period)}"
            )
            cells.append(self._cell_if_whole(measure, rows, matched))
        return cells

    def _table(
        self,
        name: str,
        measure: str,
        dimension: str,
        columns: Sequence[TableColumn],
        rows: tuple[tuple[Cell, ...], ...],
        *,
        period: str | None = None,
        unit: str | None = None,
    ) -> SheetTable:
        shown = dimension.lower() if self._words.language == "en" else dimension
        template = self._words.by_at if period else self._words.by
        title = template.format(name=measure, dimension=shown, period=period)
        return SheetTable(
            name=name,
            title=f"{title} ({unit})" if unit else title,
            columns=tuple(columns),
            rows=rows,
            source_ids=self._data.table.source_ids,
        )

    def _chart(self, table: SheetTable, kind: ChartKind, value: str) -> SheetChart:
        first = next(iter(self._report.insights), None)
        return SheetChart(
            kind=kind,
            title=table.title,
            table=table.name,
            category_column=table.columns[0].name,
            value_columns=(value,),
            alt_text=first.text if first is not None else table.title,
        )

    def _measure_column(self, measure: Measure) -> TableColumn:
        column = measure.column.model_copy(update={"name": self._data.names[measure.index]})
        is_mean = measure.aggregation is Aggregation.MEAN and column.kind is not ColumnKind.PERCENT
        if not is_mean:
            return column
        kind = ColumnKind.NUMBER if column.kind is ColumnKind.INTEGER else column.kind
        return column.model_copy(update={"decimals": max(column.decimals, 1), "kind": kind})

    def _is_grouped(self, breakdown: Breakdown) -> bool:
        """Say whether the breakdown gathers rows, or picks a year; else the data shows it."""
        return any(len(p.rows) > 1 for p in breakdown.slices) or breakdown.period is not None

    def _index_of(self, column: str) -> int:
        return next(i for i, c in enumerate(self._report.table.columns) if c.name == column)


def _value(cell: Cell) -> float | None:
    value = getattr(cell, "value", cell)
    return float(value) if isinstance(value, int | float) else None


def _change_cell(first: Cell, last: Cell, start: str, end: str) -> Cell:
    before, after = _value(first), _value(last)
    if before is None or after is None or before <= 0:
        return None
    return formula(f"{this_row(end)}/{this_row(start)}-1", after / before - 1)


def _distinct(periods: Sequence[Period]) -> list[Period]:
    by_order = {period.order: period for period in periods}
    return [by_order[order] for order in sorted(by_order)]
