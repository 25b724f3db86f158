"""A workbook from the tables of the sources: a summary with live formulas, then the data."""

from collections.abc import Sequence
from datetime import date

from app.agents.builtin.citing import Citations
from app.agents.builtin.data_sheet import DataTable, data_table
from app.agents.builtin.kpis import KpiMaker, distinct_kpis
from app.agents.builtin.pivots import Pivot, PivotMaker
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.wide_table import row_series
from app.agents.builtin.workbook_words import WorkbookWords, workbook_words
from app.artifacts.blocks import ChartKind, Run, Sheet, SheetChart, Workbook
from app.schemas.locator import shown_locator
from app.schemas.source import Language, SourceTable
from app.sources import SourceLibrary

_MOST_KPIS, _MOST_PIVOTS, _MOST_CHARTS = 6, 3, 2
_MOST_COLUMNS_CHART = 12
_MOST_POINTS = 40
_MOST_PLAIN = 6


class WorkbookDesigner:
    """Designs one workbook. Blocks: run it in a thread."""

    def __init__(self, title: str, language: Language, today: date, library: SourceLibrary) -> None:
        self._title = title
        self._language: Language = language
        self._today = today
        self._words: WorkbookWords = workbook_words(language)
        self._citations = Citations(library)

    def design(self, reports: Sequence[TableReport], plain: Sequence[SourceTable] = ()) -> Workbook:
        """Lay out the summary and one sheet for each table, those that matter most first.

        `plain` are tables of words alone; they get a sheet and no figures.
        """
        measured = [self._data(report, place) for place, report in enumerate(reports, start=1)]
        worded = [TableReport(table, self._language) for table in plain[:_MOST_PLAIN]]
        others = [
            self._data(report, place)
            for place, report in enumerate(worded, start=len(measured) + 1)
        ]
        summary = self._summary(measured)
        sheets = [self._sheet(data) for data in (*measured, *others)]
        return Workbook(
            title=self._title,
            language=self._language,
            created_on=self._today,
            sheets=(summary, *sheets),
            sources=self._citations.sources,
        )

    def _data(self, report: TableReport, place: int) -> DataTable:
        ids = self._citations.table(report.table)
        return data_table(report, f"Data{place}", self._words, ids)

    def _summary(self, tables: Sequence[DataTable]) -> Sheet:
        kpis = [kpi for data in tables[:3] for kpi in KpiMaker(data, self._words).make()]
        pivots = [
            pivot
            for number, data in enumerate(tables[:2], start=1)
            for pivot in PivotMaker(data, self._words, number).make()
        ][:_MOST_PIVOTS]
        charts = [pivot.chart for pivot in pivots if pivot.chart is not None]
        charts += self._direct_charts(tables, pivots)
        return Sheet(
            name=self._words.summary,
            title=self._title,
            note=(Run(text=self._words.summary_note),),
            kpis=distinct_kpis(kpis, _MOST_KPIS),
            tables=tuple(pivot.table for pivot in pivots),
            charts=tuple(charts[:_MOST_CHARTS]),
        )

    def _direct_charts(
        self, tables: Sequence[DataTable], pivots: Sequence[Pivot]
    ) -> list[SheetChart]:
        """Draw data tables as they are where no summary table was needed."""
        summed = {ref for pivot in pivots for ref in pivot.table.source_ids}
        return [
            chart
            for data in tables
            if not summed & set(data.table.source_ids) and (chart := data_chart(data)) is not None
        ]

    def _sheet(self, data: DataTable) -> Sheet:
        table = data.report.table
        note = self._words.source_note.format(
            rows=f"{len(data.table.rows):,}",
            file=table.file_name,
            locator=shown_locator(table.locator, self._language),
        )
        return Sheet(
            name=data.report.title,
            title=data.report.title,
            note=(Run(text=note, source_ids=data.table.source_ids),),
            tables=(data.table,),
        )


def data_chart(data: DataTable) -> SheetChart | None:
    """Draw a data table: its first measure over time or by label, or its periods by label."""
    report, view = data.report, data.report.view
    chart: SheetChart | None = None
    if not 2 <= len(view.rows) <= _MOST_POINTS:
        return chart
    if view.wide and view.row_label is not None:
        columns = tuple(data.names[index] for index, _ in view.wide)[-4:]
        chart = _chart(data, ChartKind.COLUMN, view.row_label, columns)
        chart = chart.model_copy(update={"max_points": _alike_rows(data)})
    elif view.is_one_row_per_period and view.time is not None and report.measures:
        kind = ChartKind.COLUMN if len(view.rows) <= _MOST_COLUMNS_CHART else ChartKind.LINE
        chart = _chart(data, kind, view.time, (data.names[report.measures[0].index],))
    elif report.breakdowns and view.label is not None:
        measure = report.breakdowns[0].measure
        chart = _chart(data, ChartKind.BAR, view.label, (data.names[measure.index],))
    return chart


def _alike_rows(data: DataTable) -> int | None:
    """Return how many of the first rows are in one unit; None when all are."""
    view = data.report.view
    if not view.rows_are_measures:
        return None
    language = data.report.language
    units = [row_series(view, row, language)[1].column.unit for row in view.rows]
    alike = next((i for i, unit in enumerate(units) if unit != units[0]), len(units))
    return None if alike == len(units) else alike


def _chart(data: DataTable, kind: ChartKind, category: int, values: tuple[str, ...]) -> SheetChart:
    insights = data.report.insights
    return SheetChart(
        kind=kind,
        title=data.report.title,
        table=data.name,
        category_column=data.names[category],
        value_columns=values,
        alt_text=insights[0].text if insights else data.report.title,
    )
