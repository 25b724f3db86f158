"""A preview of a workbook: its sheets one after another, with values as they are shown."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from app.artifacts.blocks import (
    ChartSeries,
    ChartSpec,
    Formula,
    Kpi,
    Sheet,
    SheetChart,
    SheetTable,
    Workbook,
)
from app.artifacts.characters import clean_model
from app.artifacts.formatting import format_cell, number_format_code
from app.artifacts.grid import table_grid
from app.artifacts.html.fragments import Fragments
from app.artifacts.html.page import page
from app.artifacts.html.tags import line, tag
from app.schemas.source import CellValue, Language, TableColumn

_MAX_ROWS = 200
_TOTAL: Mapping[Language, str] = {"en": "Total", "ko": "합계"}
_FUNCTIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "average": fmean,
    "min": min,
    "max": max,
}


def preview_workbook(workbook: Workbook) -> str:
    """Write a workbook as a page: figures, tables and charts of every sheet."""
    cleaned = clean_model(workbook)
    fragments = Fragments(cleaned.sources, cleaned.language)
    tables = {table.name: table for sheet in cleaned.sheets for table in sheet.tables}
    sheets = (_sheet(sheet, fragments, tables) for sheet in cleaned.sheets)
    body = tag("h1", line(cleaned.title)) + "".join(sheets) + fragments.sources()
    return page(title=cleaned.title, language=cleaned.language, body=body, body_class="workbook")


def _sheet(sheet: Sheet, fragments: Fragments, tables: Mapping[str, SheetTable]) -> str:
    parts = [tag("p", line(sheet.name), class_="eyebrow"), tag("h2", line(sheet.title))]
    if sheet.note:
        parts.append(tag("p", fragments.runs(sheet.note), class_="note"))
    if sheet.kpis:
        parts.append(tag("ul", *(_kpi(kpi, fragments) for kpi in sheet.kpis), class_="kpis"))
    parts.extend(_table(table, fragments) for table in sheet.tables)
    specs = (_chart_spec(chart, tables, fragments.language) for chart in sheet.charts)
    parts.extend(tag("figure", fragments.chart(spec)) for spec in specs if spec is not None)
    return tag("section", *parts, class_="sheet")


def _kpi(kpi: Kpi, fragments: Fragments) -> str:
    column = TableColumn(name=kpi.label, kind=kpi.kind, unit=kpi.unit, decimals=kpi.decimals)
    shown = format_cell(_value(kpi.value), column, fragments.language, with_unit=True)
    label = line(kpi.label) + fragments.citations(kpi.source_ids)
    return tag("li", tag("span", line(shown), class_="value"), tag("span", label, class_="label"))


def _table(table: SheetTable, fragments: Fragments) -> str:
    rows = [tuple(map(_value, row)) for row in table.rows]
    columns = (*table.columns, *table.calculated)
    shown = rows[:_MAX_ROWS]
    if table.totals:
        shown = [*shown, _totals(table, columns, rows, fragments.language)]
    grid = table_grid(columns, shown, fragments.language, has_total=bool(table.totals))
    caption = line(table.title) + fragments.citations(table.source_ids)
    if len(rows) > _MAX_ROWS:
        caption += f" · {_MAX_ROWS:,} / {len(rows):,}"
    inside = fragments.table(grid, label=table.title or table.name)
    return tag("figure", tag("figcaption", caption), inside)


def _totals(
    table: SheetTable,
    columns: tuple[TableColumn, ...],
    rows: Sequence[tuple[CellValue, ...]],
    language: Language,
) -> tuple[CellValue, ...]:
    cells: list[CellValue] = []
    for index, column in enumerate(columns):
        function = table.totals.get(column.name)
        if function is None:
            cells.append(_TOTAL[language] if index == 0 else None)
        else:
            cells.append(_total(function, [row[index] for row in rows if index < len(row)]))
    return tuple(cells)


def _total(function: str, values: Sequence[CellValue]) -> CellValue:
    if function == "count":
        return sum(value is not None for value in values)
    numbers = [
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    return _FUNCTIONS[function](numbers) if numbers else None


def _chart_spec(
    chart: SheetChart, tables: Mapping[str, SheetTable], language: Language
) -> ChartSpec | None:
    """Read a chart's values from its table; None where the table or a column is not there."""
    table = tables.get(chart.table)
    if table is None:
        return None
    columns = (*table.columns, *table.calculated)
    places = {column.name: index for index, column in enumerate(columns)}
    wanted = (chart.category_column, *chart.value_columns)
    if not all(name in places for name in wanted):
        return None
    rows = [tuple(map(_value, row)) for row in table.rows][: chart.max_points]
    category, *values = (places[name] for name in wanted)
    series = tuple(
        ChartSeries(name=columns[at].name, values=tuple(_number(row, at) for row in rows))
        for at in values
    )
    names = tuple(format_cell(_cell(row, category), columns[category], language) for row in rows)
    first = columns[values[0]] if values else columns[category]
    return ChartSpec(
        kind=chart.kind,
        title=chart.title,
        categories=names,
        series=series,
        number_format=number_format_code(first),
        unit=first.unit,
        alt_text=chart.alt_text,
    )


def _cell(row: tuple[CellValue, ...], index: int) -> CellValue:
    return row[index] if index < len(row) else None


def _number(row: tuple[CellValue, ...], index: int) -> float | None:
    value = _cell(row, index)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None


def _value(value: CellValue | Formula) -> CellValue:
    return value.value if isinstance(value, Formula) else value
