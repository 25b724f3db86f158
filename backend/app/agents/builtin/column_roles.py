"""What a table's columns are: time, category, label, identifier, or a measure and how it adds up.

Years, percentages, prices, indices and identifiers are never added. When in doubt a measure is
averaged: an average of amounts is never nonsense, a sum of prices is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.agents.builtin.amounts import parse_unit
from app.agents.builtin.periods import parse_periods
from app.schemas.source import CellValue, ColumnKind, SourceTable, TableColumn


class Aggregation(StrEnum):
    """How values of a measure combine: flows add up; stocks add up at one time only."""

    SUM = "sum"
    STOCK = "stock"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Measure:
    """A numeric column that means something, and how its values combine."""

    index: int
    column: TableColumn
    aggregation: Aggregation


NUMERIC = frozenset(
    {ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.CURRENCY, ColumnKind.PERCENT}
)
_TOTAL_LABEL = re.compile(
    r"^\s*(?:(?:grand|sub|overall)[\s-]*)?totals?\b|^\s*sum\s*$|^\s*(?:average|mean|avg\.?)\s*$"
    r"|^\s*(?:합\s*계|총\s*계|소\s*계|총\s*합(?:계)?|누\s*계|평\s*균|계|전체)\s*$",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"(?:^|[\s_])(?:id|ids|no\.?|nr\.?|#|code|zip|phone|rank|row|seq|sku|order\s*(?:no|id"
    r"|number))(?:$|[\s_])"
    r"|^#$|번호|코드|순번|순위|전화|우편",
    re.IGNORECASE,
)
_AVERAGED = re.compile(
    r"\b(?:price|prices|rate|rates|ratio|share|index|indices|average|avg|mean|median|per"
    r"|percent|pct|score|scores"
    r"|rating|ratings|temperature|age|growth|yield|density|efficiency|intensity|duration|tariff"
    r"|fee|wage|salary"
    r"|satisfaction|nps|margin|lead\s+time|payback|cost\s+per|unit\s+cost|change|%)\b|%"
    r"|단가|가격|비율|지수|평균|점수|나이|연령|온도|비중|만족도|증감|성장|밀도|효율|시세|금리"
    r"|환율|요금|기간"
    r"|(?:[가-힣]율|[가-힣]률)(?:$|[\s(])|당(?:$|[\s(])|회수",
    re.IGNORECASE,
)
_ALWAYS_ADDED = re.compile(
    r"^(?:total|gross|net)\b|금액$|매출|비용|예산|수량|대수|건수", re.IGNORECASE
)
_SCORES = re.compile(r"\b(?:scores?|ratings?|satisfaction|nps)\b|만족도|점수|평점", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:responses|respondents|answers|votes|count|number|interviewed)\b|응답|인원|명|수$",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"\b(?:population|headcount|employees|customers|users|subscribers|members|installed"
    r"|cumulative|balance"
    r"|stock|inventory|backlog|capacity|fleet)\b|인구|인원|직원|가입자|고객\s*수|회원|누적|잔액"
    r"|재고|보유|정원|용량",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:participant|respondent|patient|student|subject|interviewee|person)s?\b|참가자|응답자"
    r"|환자|학생|대상자",
    re.IGNORECASE,
)
_PER_UNIT = re.compile(r"/|\bper\b|당|%|℃|°", re.IGNORECASE)
_MOST_LABEL_CHARS = 60


def is_total_label(text: CellValue) -> bool:
    """Say whether a cell marks its row as a total or an average of the rows above."""
    return isinstance(text, str) and _TOTAL_LABEL.match(text) is not None


def data_rows(table: SourceTable) -> tuple[int, ...]:
    """Return the positions of the rows that hold data: no totals, nothing empty."""
    return tuple(
        position
        for position, row in enumerate(table.rows)
        if any(cell not in (None, "") for cell in row)
        and not any(is_total_label(cell) for cell in _leading_texts(row))
    )


def _leading_texts(row: Sequence[CellValue]) -> list[str]:
    return [cell for cell in row[:3] if isinstance(cell, str)][:2]


def column_values(table: SourceTable, rows: Sequence[int], index: int) -> list[CellValue]:
    """Return a column's cells over the given rows."""
    return [table.rows[row][index] for row in rows]


def find_time_column(table: SourceTable, rows: Sequence[int]) -> int | None:
    """Return the first column that holds periods of one grain and at least two of them."""
    for index, column in enumerate(table.columns):
        if column.kind in NUMERIC - {ColumnKind.INTEGER}:
            continue
        if column.kind is ColumnKind.INTEGER and not re.search(
            r"year|연도|년도", column.name, re.I
        ):
            continue
        periods = parse_periods(column_values(table, rows, index))
        if periods and len({period.order for period in periods}) > 1:
            return index
    return None


def find_measures(table: SourceTable, rows: Sequence[int], time: int | None) -> tuple[Measure, ...]:
    """Return the measures of a table in the order of its columns."""
    about_people = is_about_people(table, rows)
    found = []
    for index, column in enumerate(table.columns):
        if index == time or not _is_measure(table, rows, index):
            continue
        found.append(Measure(index, column, _aggregation(column, about_people=about_people)))
    if (
        len(found) == 1
        and found[0].aggregation is Aggregation.SUM
        and _AVERAGED.search(table.title)
    ):
        return (Measure(found[0].index, found[0].column, Aggregation.MEAN),)
    return tuple(_as_scores(found) if _SCORES.search(table.title) else found)


def _as_scores(measures: Sequence[Measure]) -> list[Measure]:
    """Average what a table of scores names by who gave or got them ("Gangnam", "Hongdae")."""
    return [
        measure
        if _ALWAYS_ADDED.search(measure.column.name) or _COUNTED.search(measure.column.name)
        else Measure(measure.index, measure.column, Aggregation.MEAN)
        for measure in measures
    ]


def _is_measure(table: SourceTable, rows: Sequence[int], index: int) -> bool:
    column = table.columns[index]
    if column.kind not in NUMERIC or _IDENTIFIER.search(column.name):
        return False
    values = [v for v in column_values(table, rows, index) if is_number(v)]
    if len(values) < max(1, len(rows) // 2):
        return False
    is_row_number = not column.name.strip() and values == list(range(1, len(values) + 1))
    return not is_row_number


def is_number(value: object) -> bool:
    """Say whether a cell is a number (a truth value is none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _aggregation(column: TableColumn, *, about_people: bool) -> Aggregation:
    per_unit = column.unit is not None and _PER_UNIT.search(column.unit)
    if column.kind is ColumnKind.PERCENT or per_unit:
        return Aggregation.MEAN
    if _STOCK.search(column.name) and not _AVERAGED.search(column.name):
        return Aggregation.STOCK
    if _AVERAGED.search(column.name.replace("_", " ")) and not _ALWAYS_ADDED.search(column.name):
        return Aggregation.MEAN
    has_currency = column.kind is ColumnKind.CURRENCY or parse_unit(column.unit).currency
    return Aggregation.MEAN if about_people and not has_currency else Aggregation.SUM


def is_about_people(table: SourceTable, rows: Sequence[int]) -> bool:
    """Say whether each row is one person (a survey), whose figures are averaged, not added."""
    if not rows or not table.columns:
        return False
    first = table.rows[rows[0]][0]
    return bool(_PERSON.search(table.columns[0].name)) or (
        isinstance(first, str) and bool(_PERSON.search(first))
    )


def find_categories(table: SourceTable, rows: Sequence[int], time: int | None) -> tuple[int, ...]:
    """Return text columns whose values repeat, fewest distinct values first of equal use."""
    found = []
    for index in _text_columns(table, time):
        distinct = {v for v in column_values(table, rows, index) if v not in (None, "")}
        if 2 <= len(distinct) <= 40 and len(distinct) <= len(rows) * 2 / 3:
            found.append((len(distinct) > 12, index))
    return tuple(index for _, index in sorted(found))


def find_label(table: SourceTable, rows: Sequence[int], time: int | None) -> int | None:
    """Return the first text column that names each row."""
    for index in _text_columns(table, time):
        values = [v for v in column_values(table, rows, index) if v not in (None, "")]
        if len(values) == len(rows) and len(set(values)) == len(rows):
            return index
    return None


def _text_columns(table: SourceTable, time: int | None) -> list[int]:
    return [
        index
        for index, column in enumerate(table.columns)
        if column.kind is ColumnKind.TEXT and index != time and _is_short(table, index)
    ]


def _is_short(table: SourceTable, index: int) -> bool:
    lengths = [len(str(row[index])) for row in table.rows if row[index] not in (None, "")]
    return bool(lengths) and max(lengths) <= _MOST_LABEL_CHARS
