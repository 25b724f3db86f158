"""Live formulas with their values: calculated columns, summaries by group, headline figures."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.agents.builtin.column_roles import Aggregation
from app.agents.llm.sheet_columns import (
    Function,
    NumberColumn,
    SheetSource,
    column_area,
    combined,
    number,
    result_column,
    this_row,
)
from app.artifacts.blocks import Formula, Kpi, SheetTable
from app.schemas.source import CellValue, ColumnKind, Language, TableColumn

MAX_GROUPS = 60
CONDITIONAL = {"sum": "SUMIFS", "average": "AVERAGEIFS", "min": "MINIFS", "max": "MAXIFS"}
SHARE_NAMES: dict[Language, str] = {"en": "Share of {name}", "ko": "{name} 비중"}
CHANGE_NAMES: dict[Language, str] = {"en": "Change in {name}", "ko": "{name} 증감률"}
FUNCTION_NAMES: dict[Language, dict[Function, str]] = {
    "en": {
        "sum": "Total {name}",
        "average": "Average {name}",
        "count": "Number of rows",
        "min": "Lowest {name}",
        "max": "Highest {name}",
    },
    "ko": {
        "sum": "{name} 합계",
        "average": "{name} 평균",
        "count": "행 수",
        "min": "{name} 최솟값",
        "max": "{name} 최댓값",
    },
}


@dataclass(frozen=True, slots=True)
class CalculatedColumn:
    """A column with one formula a row."""

    column: TableColumn
    cells: tuple[Formula | None, ...]


def share_column(
    source: SheetSource, of: NumberColumn, language: Language
) -> CalculatedColumn | None:
    """Return each row's share of the column's total; None where a total makes no sense."""
    numbers = source.numbers(of.place)
    total = combined("sum", numbers) if numbers else 0.0
    if of.aggregation is Aggregation.MEAN or total == 0 or min(numbers) < 0:
        return None
    own, area = this_row(of.column.name), column_area(source.name, of.column.name)
    expression = f"={own}/SUM({area})"
    values = (number(row[of.place]) for row in source.rows)
    cells = tuple(
        None if v is None else Formula(expression=expression, value=v / total) for v in values
    )
    name = SHARE_NAMES[language].format(name=of.column.name)
    return CalculatedColumn(TableColumn(name=name, kind=ColumnKind.PERCENT, decimals=1), cells)


def change_column(
    source: SheetSource, of: NumberColumn, language: Language
) -> CalculatedColumn | None:
    """Return the change of each row from the row before, for rows in order of time."""
    if not source.is_over_time:
        return None
    own, area = this_row(of.column.name), column_area(source.name, of.column.name)
    values = [number(row[of.place]) for row in source.rows]
    cells: list[Formula | None] = [None]
    for place in range(1, len(values)):
        before, now = values[place - 1], values[place]
        is_known = before is not None and now is not None and before > 0
        cells.append(
            Formula(expression=f"={own}/INDEX({area},{place})-1", value=now / before - 1)
            if is_known and now is not None and before is not None
            else None
        )
    if not any(cells):
        return None
    name = CHANGE_NAMES[language].format(name=of.column.name)
    return CalculatedColumn(
        TableColumn(name=name, kind=ColumnKind.PERCENT, decimals=1), tuple(cells)
    )


def difference_column(
    source: SheetSource, first: NumberColumn, second: NumberColumn, name: str
) -> CalculatedColumn:
    """Return the first column less the second, row by row."""
    expression = f"={this_row(first.column.name)}-{this_row(second.column.name)}"
    column = result_column(first.column, name)
    decimals = max(first.column.decimals, second.column.decimals)
    cells = tuple(
        Formula(expression=expression, value=a - b) if a is not None and b is not None else None
        for a, b in _pairs(source, first, second)
    )
    return CalculatedColumn(column.model_copy(update={"decimals": decimals}), cells)


def ratio_column(
    source: SheetSource, first: NumberColumn, second: NumberColumn, name: str
) -> CalculatedColumn:
    """Return the first column divided by the second; as a percentage where both share a unit."""
    expression = f"={this_row(first.column.name)}/{this_row(second.column.name)}"
    same_unit = first.column.unit == second.column.unit and first.column.unit is not None
    kind = ColumnKind.PERCENT if same_unit else ColumnKind.NUMBER
    cells = tuple(
        Formula(expression=expression, value=a / b) if a is not None and b else None
        for a, b in _pairs(source, first, second)
    )
    column = TableColumn(name=name, kind=kind, decimals=1 if same_unit else 2)
    return CalculatedColumn(column, cells)


def summary_table(
    source: SheetSource,
    group: int,
    of: NumberColumn,
    function: Function,
    *,
    name: str,
    language: Language,
) -> SheetTable | None:
    """Return a table of one row a group, in order of first appearance, with live formulas."""
    by_group: dict[CellValue, list[float]] = {}
    for row in source.rows:
        value, key = number(row[of.place]), row[group]
        if value is not None and key not in (None, ""):
            by_group.setdefault(key, []).append(value)
    if len(by_group) == len(source.rows) or not _are_groups(list(by_group)):
        return None
    group_column = source.columns[group]
    label = FUNCTION_NAMES[language][function].format(name=of.column.name)
    condition = f"{column_area(source.name, group_column.name)},{this_row(group_column.name)}"
    expression = f"=COUNTIFS({condition})"
    if function != "count":
        area = column_area(source.name, of.column.name)
        expression = f"={CONDITIONAL[function]}({area},{condition})"
    counts = _group_counts(source, group)
    rows = tuple(
        (key, Formula(expression=expression, value=_grouped(function, numbers, counts[key])))
        for key, numbers in by_group.items()
    )
    return SheetTable(
        name=name,
        title=label,
        columns=(group_column,),
        rows=rows,
        calculated=(result_column(of.column, label, function),),
        totals={label: "sum"} if function in {"sum", "count"} else {},
    )


def headline(
    source: SheetSource, of: NumberColumn, function: Function, language: Language, label: str
) -> Kpi | None:
    """Return one live figure over a column."""
    numbers = source.numbers(of.place)
    if not numbers:
        return None
    area = column_area(source.name, of.column.name)
    name = label or FUNCTION_NAMES[language][function].format(name=of.column.name)
    shown = result_column(of.column, name, function)
    value = combined(function, numbers)
    return Kpi(
        label=name,
        value=Formula(expression=f"={function.upper()}({area})", value=value),
        kind=shown.kind,
        unit=shown.unit,
        decimals=shown.decimals,
    )


def _pairs(
    source: SheetSource, first: NumberColumn, second: NumberColumn
) -> Iterator[tuple[float | None, float | None]]:
    return ((number(row[first.place]), number(row[second.place])) for row in source.rows)


def _are_groups(keys: list[CellValue]) -> bool:
    """Whether a condition finds each key and nothing else: no wildcards, no case twins."""
    texts = [key for key in keys if isinstance(key, str)]
    is_plain = not any(text[:1] in "<>=" or set(text) & set("*?~") for text in texts)
    are_distinct = len({text.casefold() for text in texts}) == len(texts)
    return 2 <= len(keys) <= MAX_GROUPS and is_plain and are_distinct


def _group_counts(source: SheetSource, group: int) -> dict[CellValue, int]:
    counts: dict[CellValue, int] = {}
    for row in source.rows:
        counts[row[group]] = counts.get(row[group], 0) + 1
    return counts


def _grouped(function: Function, numbers: list[float], rows: int) -> float:
    return float(rows) if function == "count" else combined(function, numbers)
