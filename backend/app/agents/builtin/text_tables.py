"""Small tables for documents and slides, cut down from what the files hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.builtin.amounts import round_half_up
from app.agents.builtin.charts import with_unit
from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.naming import column_phrase, column_title
from app.agents.builtin.periods import Period
from app.agents.builtin.phrases_en import in_sentence, sentence_start
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.table_view import combine
from app.schemas.source import CellValue, ColumnKind, TableColumn

_TOTAL = {"en": "Total", "ko": "합계"}
_MOST_PERIODS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTable:
    """A caption, typed columns and few rows; the last may be a total."""

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    has_total: bool = False


def small_table(
    report: TableReport, *, most_rows: int = 8, most_columns: int = 5
) -> SmallTable | None:
    """Return the table that shows a report best; None where it would be empty."""
    view = report.view
    if not view.rows or not view.measures:
        return None
    if view.wide:
        return _rows_as_they_are(report, view.rows[:most_rows], _wide_columns(report, most_columns))
    if view.time is not None:
        return _over_time(report, most_rows, most_columns)
    return _listed(report, most_rows, most_columns)


def _listed(report: TableReport, most_rows: int, most_columns: int) -> SmallTable | None:
    view = report.view
    if _is_grouped(report):
        return _by_category(report, most_rows)
    return _rows_as_they_are(report, view.rows[:most_rows], _plain_columns(report, most_columns))


def _over_time(report: TableReport, most_rows: int, most_columns: int) -> SmallTable | None:
    view = report.view
    if view.is_one_row_per_period:
        ordered = [row for _, row in sorted(zip(view.periods, view.rows, strict=True), key=_order)]
        return _rows_as_they_are(report, ordered[-most_rows:], _plain_columns(report, most_columns))
    crossed = _category_by_year(report, most_rows, most_columns)
    return crossed if crossed is not None else _by_period(report, most_rows)


def _is_grouped(report: TableReport) -> bool:
    """Say whether categories gather rows, or one measure is all there is to list."""
    if not report.breakdowns:
        return False
    gathers = any(len(part.rows) > 1 for part in report.breakdowns[0].slices)
    return gathers or len(report.view.measures) == 1


def _order(pair: tuple[Period, int]) -> tuple[int, int, int]:
    return pair[0].order


def _wide_columns(report: TableReport, most: int) -> list[int]:
    view = report.view
    ordered = sorted(view.wide, key=lambda pair: pair[1].order)
    label = [view.row_label] if view.row_label is not None else []
    return [*label, *(index for index, _ in ordered[-(most - 1) :])]


def _plain_columns(report: TableReport, most: int) -> list[int]:
    """Return the time or label column, then the measures that matter, in the file's order."""
    view = report.view
    head = view.time if view.time is not None else view.row_label
    wanted = [measure.index for measure in report.measures]
    wanted += [m.index for m in view.measures if m.index not in wanted]
    kept = sorted(wanted[: most - (head is not None)])
    return [*([head] if head is not None else []), *kept]


def _rows_as_they_are(
    report: TableReport, rows: Sequence[int], columns: Sequence[int]
) -> SmallTable | None:
    if not rows or len(columns) < 2:
        return None
    return SmallTable(
        caption=_plain_caption(report),
        columns=tuple(_column(report, index) for index in columns),
        rows=tuple(tuple(_shown(report, row, index) for index in columns) for row in rows),
    )


def _plain_caption(report: TableReport) -> str:
    """Name a table of one measure by the measure, others by their title."""
    if len(report.view.measures) != 1 or report.view.wide:
        return report.title
    return sentence_start(column_phrase(report.view.measures[0].column, report.language))


def _column(report: TableReport, index: int) -> TableColumn:
    column = _headed(report.table.columns[index])
    is_said = index == report.view.time and not report.view.has_exact_periods
    return column.model_copy(update={"kind": ColumnKind.TEXT}) if is_said else column


def _shown(report: TableReport, row: int, index: int) -> CellValue:
    """Show a date by its period: 1 January 2016 of yearly figures is "2016"."""
    view = report.view
    if index != view.time or view.has_exact_periods:
        return report.table.rows[row][index]
    period = view.periods[view.rows.index(row)]
    return report.table.rows[row][index] if period.grain == "day" else period.said(report.language)


def _headed(column: TableColumn) -> TableColumn:
    """Keep the unit in the heading once: "Revenue (USD m)"."""
    return column.model_copy(update={"name": column_title(column)})


def _category_by_year(report: TableReport, most_rows: int, most_columns: int) -> SmallTable | None:
    view = report.view
    if not view.categories or not report.measures or not view.periods:
        return None
    periods = _distinct(view.periods)
    if (
        any(period.grain != "year" for period in periods)
        or len(periods) < 2
        or not report.breakdowns
    ):
        return None
    by, measure = view.categories[0], report.measures[0]
    labels = [part.label for part in report.breakdowns[0].slices]
    if len(labels) > most_rows - 1:
        return None
    shown = periods[-min(_MOST_PERIODS, most_columns - 1) :]
    rows: list[tuple[CellValue, ...]] = [
        (label, *(_cell(report, measure, by, label, period) for period in shown))
        for label in labels
    ]
    adds_up = measure.aggregation is not Aggregation.MEAN
    if adds_up:
        rows.append((_TOTAL[report.language], *(_sum(rows, i + 1) for i in range(len(shown)))))
    return SmallTable(
        caption=with_unit(_caption(report, measure), measure.column, report.language),
        columns=(
            _headed(view.table.columns[by]),
            *(_value_column(measure, period.label) for period in shown),
        ),
        rows=tuple(rows),
        has_total=adds_up,
    )


def _cell(report: TableReport, measure: Measure, by: int, label: str, period: Period) -> CellValue:
    view = report.view
    values = [
        value
        for row in view.rows_of(period)
        if str(view.table.rows[row][by]).casefold() == label.casefold()
        and (value := view.number(row, measure.index)) is not None
    ]
    return _tidy(combine(values, measure.aggregation), measure) if values else None


def _by_period(report: TableReport, most_rows: int) -> SmallTable | None:
    view = report.view
    measures = report.measures[:3]
    periods = _distinct(view.periods)[-most_rows:]
    if not measures or len(periods) < 2:
        return None
    by_measure = {m.index: {p.period.order: p.value for p in view.series(m)} for m in measures}
    rows = tuple(
        (
            period.said(report.language),
            *(_tidy(by_measure[m.index].get(period.order), m) for m in measures),
        )
        for period in periods
    )
    time = view.table.columns[view.time or 0]
    columns = (TableColumn(name=column_title(time)), *(_value_column(m) for m in measures))
    return SmallTable(caption=report.title, columns=columns, rows=rows)


def _by_category(report: TableReport, most_rows: int) -> SmallTable:
    breakdown = report.breakdowns[0]
    measure = breakdown.measure
    kept = breakdown.slices[: most_rows - breakdown.is_whole]
    if measure.aggregation is Aggregation.MEAN and report.view.rows_are_records:
        return _means_by_category(report, [part.label for part in kept])
    rows: list[tuple[CellValue, ...]] = [(p.label, _tidy(p.value, measure)) for p in kept]
    columns = [TableColumn(name=breakdown.columns[0]), _value_column(measure)]
    is_complete = len(kept) == len(breakdown.slices)
    if breakdown.is_whole:
        columns.append(_share_column(report))
        rows = [(*row, breakdown.share(part)) for row, part in zip(rows, kept, strict=True)]
        if is_complete:
            rows.append((_TOTAL[report.language], _tidy(breakdown.total, measure), 1.0))
    return SmallTable(
        caption=_caption(report, measure),
        columns=tuple(columns),
        rows=tuple(rows),
        has_total=breakdown.is_whole and is_complete,
    )


def _means_by_category(report: TableReport, labels: Sequence[str]) -> SmallTable:
    """Put the averages of up to three measures side by side."""
    view, by = report.view, report.dimensions[0]
    measures = [m for m in report.measures if m.aggregation is Aggregation.MEAN]
    values = {m.index: {p.label: p.value for p in view.breakdown(m, by)} for m in measures}
    rows = tuple(
        (label, *(_tidy(values[m.index].get(label), m) for m in measures)) for label in labels
    )
    columns = (_headed(view.table.columns[by]), *(_value_column(m) for m in measures))
    average = "평균" if report.language == "ko" else "averages"
    return SmallTable(caption=f"{report.title}: {average}", columns=columns, rows=rows)


def _share_column(report: TableReport) -> TableColumn:
    name = "비중" if report.language == "ko" else "Share"
    return TableColumn(name=name, kind=ColumnKind.PERCENT, decimals=1)


def _caption(report: TableReport, measure: Measure) -> str:
    name = column_title(measure.column)
    if name.casefold() in report.title.casefold():
        return report.title
    return (
        f"{report.title}: {in_sentence(name)}"
        if report.language == "en"
        else f"{report.title}: {name}"
    )


def _value_column(measure: Measure, name: str | None = None) -> TableColumn:
    column = _headed(measure.column)
    updates: dict[str, object] = {"name": name} if name else {}
    if name:
        updates["unit"] = None
    is_mean = measure.aggregation is Aggregation.MEAN and column.kind is not ColumnKind.PERCENT
    if is_mean:
        kind = ColumnKind.NUMBER if column.kind is ColumnKind.INTEGER else column.kind
        updates |= {"kind": kind, "decimals": max(1, column.decimals)}
    return column.model_copy(update=updates)


def _tidy(value: float | None, measure: Measure) -> float | None:
    """Round away the dust of adding binary fractions, nothing that the column shows."""
    if value is None or measure.column.kind is ColumnKind.PERCENT:
        return value
    return round_half_up(value, max(measure.column.decimals, 1) + 4)


def _sum(rows: Sequence[tuple[CellValue, ...]], index: int) -> float | None:
    values = [cell for row in rows if isinstance(cell := row[index], int | float)]
    return combine([float(value) for value in values], Aggregation.SUM) if values else None


def _distinct(periods: Sequence[Period]) -> list[Period]:
    by_order = {period.order: period for period in periods}
    return [by_order[order] for order in sorted(by_order)]
