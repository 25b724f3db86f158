"""A source table as a sheet: typed columns, useful calculated columns, a totals row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.agents.builtin.amounts import parse_unit
from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.formulas import column_of, formula, this_row
from app.agents.builtin.naming import column_title
from app.agents.builtin.phrases_en import sentence_start
from app.agents.builtin.series_insights import relative_change
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.workbook_words import WorkbookWords
from app.artifacts.blocks import Formula, SheetTable
from app.schemas.source import CellValue, ColumnKind, SourceTable, TableColumn

_VALUE = re.compile(
    r"\b(?:revenue|sales|amount|value|turnover|cost|spend)\b|매출|금액|판매액|비용", re.IGNORECASE
)
_VOLUME = re.compile(
    r"\b(?:units?|quantity|qty|volume|pieces|orders)\b|수량|대수|판매량|건수", re.IGNORECASE
)
_PRICE = re.compile(r"\bprice|\bper\s+unit|unit\s+(?:cost|value)|단가|가격|객단가", re.IGNORECASE)
_TINY_SHARE = 0.0005
_UNNAMED = {"en": "Column {place}", "ko": "{place}열"}
Cell = CellValue | Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """A table of the workbook made from a table of a file; `names` are its column names."""

    report: TableReport
    table: SheetTable
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in structured references."""
        return self.table.name

    def column(self, index: int) -> str:
        """Return the reference to a column of the source by position."""
        return column_of(self.name, self.names[index])


def data_table(
    report: TableReport, name: str, words: WorkbookWords, source_ids: Sequence[str]
) -> DataTable:
    """Lay a source table out as an Excel table."""
    names = unique_names(report.table, words)
    columns = tuple(
        column.model_copy(update={"name": unique, "kind": _kind(report, index)})
        for index, (column, unique) in enumerate(zip(report.table.columns, names, strict=True))
    )
    extra = _calculated(report, name, names, words)
    rows = tuple(
        (*report.table.rows[row], *(cells[place] for _, cells in extra))
        for place, row in enumerate(report.view.rows)
    )
    table = SheetTable(
        name=name,
        title=report.title,
        columns=columns,
        rows=rows,
        calculated=tuple(column for column, _ in extra),
        totals=_totals(report, names),
        source_ids=tuple(source_ids),
    )
    return DataTable(report=report, table=table, names=names)


def unique_names(table: SourceTable, words: WorkbookWords) -> tuple[str, ...]:
    """Return the headers on one line each, none empty, none twice."""
    taken: set[str] = set()
    names = []
    for place, column in enumerate(table.columns, start=1):
        name = " ".join(column.name.split()) or _UNNAMED[words.language].format(place=place)
        candidate, number = name, 2
        while candidate.casefold() in taken:
            candidate, number = f"{name} {number}", number + 1
        taken.add(candidate.casefold())
        names.append(candidate)
    return tuple(names)


def _kind(report: TableReport, index: int) -> ColumnKind:
    """Keep the file's type; a number column with decimals in an integer column is a number."""
    column = report.table.columns[index]
    cells = [report.table.rows[row][index] for row in report.view.rows]
    has_fraction = any(isinstance(cell, float) and not cell.is_integer() for cell in cells)
    return ColumnKind.NUMBER if column.kind is ColumnKind.INTEGER and has_fraction else column.kind


def _totals(
    report: TableReport, names: Sequence[str]
) -> dict[str, Literal["sum", "average", "min", "max", "count"]]:
    """Add up what adds up, never forecasts and levels; average single observations."""
    view = report.view
    if len(view.rows) < 2 or view.rows_are_measures:
        return {}
    has_forecast = any(period.is_forecast for period in view.periods)
    totals: dict[str, Literal["sum", "average", "min", "max", "count"]] = {}
    for measure in view.measures:
        is_mean = measure.aggregation is Aggregation.MEAN
        is_level = measure.aggregation is Aggregation.STOCK and bool(view.periods)
        if not is_mean and not is_level and not has_forecast:
            totals[names[measure.index]] = "sum"
    if totals or not view.rows_are_records:
        return totals
    return {names[m.index]: "average" for m in view.measures if m.aggregation is Aggregation.MEAN}


def _calculated(
    report: TableReport, name: str, names: Sequence[str], words: WorkbookWords
) -> list[tuple[TableColumn, list[Cell]]]:
    """Return the one or two calculated columns that the table invites."""
    view = report.view
    if view.wide:
        return _wide_change(report, names, words)
    found = []
    unit_value = _unit_value(report, names, words)
    if unit_value is not None:
        found.append(unit_value)
    if view.is_one_row_per_period and report.measures:
        found.append(_growth(report, name, names, words))
    elif not view.periods and report.breakdowns and report.breakdowns[0].is_whole:
        found.append(_share(report, name, names, words))
    return found


def _growth(
    report: TableReport, name: str, names: Sequence[str], words: WorkbookWords
) -> tuple[TableColumn, list[Cell]]:
    measure = report.measures[0]
    column = column_of(name, names[measure.index])
    cells: list[Cell] = [None]
    values = [report.view.number(row, measure.index) for row in report.view.rows]
    for place in range(1, len(values)):
        change = _change(values[place - 1], values[place])
        own = this_row(names[measure.index])
        cells.append(
            None if change is None else formula(f"{own}/INDEX({column},{place})-1", change)
        )
    title = words.growth.format(name=sentence_start(column_title(measure.column)))
    return _percent(title), cells


def _share(
    report: TableReport, name: str, names: Sequence[str], words: WorkbookWords
) -> tuple[TableColumn, list[Cell]]:
    measure = report.breakdowns[0].measure
    values = [report.view.number(row, measure.index) for row in report.view.rows]
    total = report.breakdowns[0].total
    own, column = this_row(names[measure.index]), column_of(name, names[measure.index])
    cells: list[Cell] = [
        None if value is None else formula(f"{own}/SUM({column})", value / total)
        for value in values
    ]
    shares = [cell.value for cell in cells if isinstance(cell, Formula)]
    has_tiny = any(isinstance(share, float) and 0 < share < _TINY_SHARE for share in shares)
    title = words.share.format(name=sentence_start(column_title(measure.column)))
    return _percent(title, decimals=2 if has_tiny else 1), cells


def _unit_value(
    report: TableReport, names: Sequence[str], words: WorkbookWords
) -> tuple[TableColumn, list[Cell]] | None:
    """Divide an amount of money by a number of units, where the table gives no price itself."""
    value, volume = _find(report, _VALUE), _find(report, _VOLUME)
    if value is None or volume is None or value.index == volume.index:
        return None
    if any(_PRICE.search(column.name) for column in report.table.columns):
        return None
    if not parse_unit(value.column.unit).currency and value.column.kind is not ColumnKind.CURRENCY:
        return None
    cells: list[Cell] = []
    for row in report.view.rows:
        over, under = report.view.number(row, value.index), report.view.number(row, volume.index)
        expression = f"{this_row(names[value.index])}/{this_row(names[volume.index])}"
        cells.append(formula(expression, over / under) if over is not None and under else None)
    title = words.per_unit.format(
        value=column_title(value.column), volume=column_title(volume.column).lower()
    )
    column = TableColumn(name=title, kind=value.column.kind, unit=value.column.unit, decimals=2)
    return column, cells


def _find(report: TableReport, pattern: re.Pattern[str]) -> Measure | None:
    additive = (m for m in report.view.measures if m.aggregation is Aggregation.SUM)
    return next((m for m in additive if pattern.search(m.column.name)), None)


def _wide_change(
    report: TableReport, names: Sequence[str], words: WorkbookWords
) -> list[tuple[TableColumn, list[Cell]]]:
    ordered = sorted(report.view.wide, key=lambda pair: pair[1].order)
    (first, start), (last, end) = ordered[0], ordered[-1]
    own = f"{this_row(names[last])}/{this_row(names[first])}-1"
    cells: list[Cell] = []
    for row in report.view.rows:
        change = _change(report.view.number(row, first), report.view.number(row, last))
        cells.append(None if change is None else formula(own, change))
    title = words.change_between.format(start=start.label, end=end.label)
    return [(_percent(title), cells)]


def _change(first: float | None, last: float | None) -> float | None:
    """Compute exactly as the formula does: last / first - 1."""
    if first is None or last is None or relative_change(first, last) is None:
        return None
    return last / first - 1


def _percent(name: str, *, decimals: int = 1) -> TableColumn:
    return TableColumn(name=name, kind=ColumnKind.PERCENT, decimals=decimals)
