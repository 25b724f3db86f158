"""Design a workbook: the model names tables, columns and functions; code writes every cell."""

import asyncio
from collections.abc import Iterable, Iterator

from app.agents.errors import NothingToWorkFrom
from app.agents.llm.client import ModelClient, Order
from app.agents.llm.fence import system_prompt
from app.agents.llm.material import Citing, Material
from app.agents.llm.sheet_columns import Function, SheetSource
from app.agents.llm.sheet_formulas import (
    CalculatedColumn,
    change_column,
    difference_column,
    headline,
    ratio_column,
    share_column,
    summary_table,
)
from app.agents.llm.tables import shown_title, unknown_columns
from app.agents.llm.workbook_answer import (
    CalculatedAnswer,
    SheetAnswer,
    SheetChartAnswer,
    SummaryAnswer,
    WorkbookAnswer,
    named_columns,
    plain_sheet,
)
from app.agents.ports import Ask
from app.artifacts.blocks import ChartKind, Kpi, Sheet, SheetChart, SheetTable, Workbook
from app.artifacts.formatting import NUMERIC_KINDS
from app.schemas.source import CellValue

MAX_POINTS = 40
AXIS_KINDS = 4


async def design_workbook(client: ModelClient, ask: Ask) -> Workbook:
    """Ask for the choices and build the workbook from the tables.

    Raises:
        NothingToWorkFrom: The files hold no table.
    """
    material = await asyncio.to_thread(Material.of, ask)
    if not material.tables.by_reference:
        raise NothingToWorkFrom("The files hold no table to make a workbook of; add one.")
    answer = await client.ask(
        Order(
            operation="workbook",
            system=system_prompt("workbook", ask.language),
            prompt=lambda share: material.prompt(ask, share),
            answer=WorkbookAnswer,
            problems=lambda chosen: _problems(chosen, material),
        )
    )
    return await asyncio.to_thread(_Builder(ask, material).build, answer)


def _problems(answer: WorkbookAnswer, material: Material) -> tuple[str, ...]:
    problems: list[str] = []
    for sheet in answer.sheets:
        table = material.tables.find(sheet.table)
        if table is None:
            problems.append(f"There is no table {sheet.table!r}.")
            continue
        names = list(dict.fromkeys(named_columns(sheet)))
        problems += [
            f"Table {sheet.table} has no column {name!r}; it has "
            f"{', '.join(repr(c.name) for c in table.columns)}."
            for name in unknown_columns(table, names)
        ]
    texts = [answer.title]
    texts += [t for s in answer.sheets for t in (s.title, s.note, *(c.title for c in s.charts))]
    return (*problems, *material.problems(texts))


class _Builder:
    """Builds the workbook, and remembers which sources it used."""

    def __init__(self, ask: Ask, material: Material) -> None:
        self.ask = ask
        self.material = material
        self.cite = Citing(material)

    def build(self, answer: WorkbookAnswer) -> Workbook:
        """Return the workbook; a sheet of an unknown table is left out."""
        sheets = [s for n, a in enumerate(answer.sheets, 1) if (s := self._sheet(a, n)) is not None]
        if not sheets:
            first = next(iter(self.material.tables.by_reference))
            sheets = [
                s for s in [self._sheet(plain_sheet(first, answer.title), 1)] if s is not None
            ]
        return Workbook(
            title=self.material.plain(answer.title, self.ask.step.title),
            language=self.ask.language,
            created_on=self.ask.today,
            sheets=tuple(sheets),
            sources=self.cite.sources,
        )

    def _sheet(self, answer: SheetAnswer, number: int) -> Sheet | None:
        table = self.material.tables.find(answer.table)
        if table is None:
            return None
        ids = self.cite.table(table)
        source = SheetSource(table, _kept_columns(answer), f"Table_{number}")
        answer = _with_summaries_for_charts(answer, source)
        title = self.material.plain(answer.title, shown_title(table))
        data = self._data_table(source, answer, title).model_copy(update={"source_ids": ids})
        summaries = list(self._summaries(source, answer))
        shown = [s.model_copy(update={"source_ids": ids}) for s in summaries if s is not None]
        return Sheet(
            name=self.material.plain(answer.name, f"T{number}"),
            title=title,
            note=self.cite.runs(answer.note),
            kpis=tuple(
                kpi.model_copy(update={"source_ids": ids}) for kpi in self._kpis(source, answer)
            ),
            tables=(*shown, data),
            charts=tuple(self._charts(answer, source, data, summaries)),
        )

    def _data_table(self, source: SheetSource, answer: SheetAnswer, title: str) -> SheetTable:
        calculated = list(self._calculated(source, answer))
        rows = tuple(
            (*row, *(column.cells[place] for column in calculated))
            for place, row in enumerate(source.rows)
        )
        return SheetTable(
            name=source.name,
            title=title,
            columns=source.columns,
            rows=rows,
            calculated=tuple(column.column for column in calculated),
            totals=_totals(source, answer),
        )

    def _calculated(self, source: SheetSource, answer: SheetAnswer) -> Iterator[CalculatedColumn]:
        taken = {column.name.casefold() for column in source.columns}
        for choice in answer.calculated:
            column = self._calculated_column(source, choice)
            if column is not None and column.column.name.casefold() not in taken:
                taken.add(column.column.name.casefold())
                yield column

    def _calculated_column(
        self, source: SheetSource, choice: CalculatedAnswer
    ) -> CalculatedColumn | None:
        first = source.number_column(choice.column)
        second = source.number_column(choice.second_column or "")
        language = self.ask.language
        column: CalculatedColumn | None = None
        if first is not None and choice.kind == "share":
            column = share_column(source, first, language)
        elif first is not None and choice.kind == "change":
            column = change_column(source, first, language)
        elif first is not None and second is not None:
            signs = {"difference": "\u2212", "ratio": "/"}
            name = f"{first.column.name} {signs[choice.kind]} {second.column.name}"
            named = self.material.plain(choice.name, name)
            make = difference_column if choice.kind == "difference" else ratio_column
            column = make(source, first, second, named)
        return column

    def _summaries(self, source: SheetSource, answer: SheetAnswer) -> Iterator[SheetTable | None]:
        """Yield one table a summary asked for, None where it makes none, so that numbers hold."""
        for number, choice in enumerate(answer.summaries, start=1):
            group = source.index(choice.group_column)
            of = source.number_column(choice.value_column)
            if group is None or of is None or source.columns[group].kind in NUMERIC_KINDS:
                yield None
                continue
            function = source.function(choice.function, of, group)
            name = f"{source.name}_by_{number}"
            language = self.ask.language
            yield summary_table(source, group, of, function, name=name, language=language)

    def _kpis(self, source: SheetSource, answer: SheetAnswer) -> Iterator[Kpi]:
        for choice in answer.kpis:
            of = source.number_column(choice.column)
            if of is None:
                continue
            function = source.function(choice.function, of)
            label = self.material.plain(choice.label) if function == choice.function else ""
            kpi = headline(source, of, function, self.ask.language, label)
            if kpi is not None:
                yield kpi

    def _charts(
        self,
        answer: SheetAnswer,
        source: SheetSource,
        data: SheetTable,
        summaries: list[SheetTable | None],
    ) -> Iterator[SheetChart]:
        for choice in answer.charts:
            title = self.material.plain(choice.title, data.title)
            table = data
            category, columns = _axes(source, choice)
            if choice.summary is not None:
                number = choice.summary - 1
                summary = summaries[number] if 0 <= number < len(summaries) else None
                if summary is None:
                    continue
                table = summary
                category, columns = summary.columns[0].name, (summary.calculated[0].name,)
            if columns and category and len(table.rows) >= 2:
                yield _sheet_chart(choice, title, table, category, columns)


def _kept_columns(answer: SheetAnswer) -> list[str]:
    """Return the columns to keep: those named, and those that the sheet's other parts need."""
    return list(dict.fromkeys([*answer.columns, *named_columns(answer)])) if answer.columns else []


def _with_summaries_for_charts(answer: SheetAnswer, source: SheetSource) -> SheetAnswer:
    """Let a chart whose categories repeat in the table draw a summary instead, added if need be."""
    summaries = list(answer.summaries)
    charts = []
    for chart in answer.charts:
        category, value = source.index(chart.category_column), next(iter(chart.value_columns), "")
        is_repeated = category is not None and _repeats([row[category] for row in source.rows])
        if chart.summary is not None or not is_repeated or not value:
            charts.append(chart)
            continue
        wanted = SummaryAnswer(
            group_column=chart.category_column, value_column=value, function="sum"
        )
        if wanted not in summaries:
            summaries.append(wanted)
        charts.append(chart.model_copy(update={"summary": summaries.index(wanted) + 1}))
    return answer.model_copy(update={"summaries": tuple(summaries), "charts": tuple(charts)})


def _repeats(values: list[CellValue]) -> bool:
    return len(set(values)) < len(values)


def _totals(source: SheetSource, answer: SheetAnswer) -> dict[str, Function]:
    totals: dict[str, Function] = {}
    for choice in answer.totals:
        of = source.number_column(choice.column)
        if of is not None and of.place > 0:
            totals[of.column.name] = source.function(choice.function, of)
    return totals


def _axes(source: SheetSource, choice: SheetChartAnswer) -> tuple[str, tuple[str, ...]]:
    category = source.index(choice.category_column)
    found = [source.number_column(name) for name in choice.value_columns]
    numbers = [of for of in found if of is not None and of.place != category]
    same = [of for of in numbers if of.column.unit == numbers[0].column.unit]
    label = source.columns[category].name if category is not None else ""
    return label, tuple(of.column.name for of in same[:AXIS_KINDS])


def _sheet_chart(
    choice: SheetChartAnswer,
    title: str,
    table: SheetTable,
    category: str,
    columns: Iterable[str],
) -> SheetChart:
    values = tuple(columns)
    count = len(table.rows)
    is_pie = choice.chart == "pie" and len(values) == 1 and count <= 7
    kind = ChartKind(choice.chart) if choice.chart != "pie" or is_pie else ChartKind.COLUMN
    return SheetChart(
        kind=kind,
        title=title,
        table=table.name,
        category_column=category,
        value_columns=values,
        alt_text=f"{title}: {', '.join(values)} / {category}",
        max_points=MAX_POINTS if count > MAX_POINTS else None,
    )
