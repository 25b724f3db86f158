"""Series and breakdowns of a table whose columns are periods and whose rows name things."""

import re

from app.agents.builtin.breakdown_insights import Breakdown
from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.naming import combined_phrase, split_unit, wide_subject
from app.agents.builtin.periods import Period
from app.agents.builtin.phrases_en import in_sentence
from app.agents.builtin.series_insights import Series
from app.agents.builtin.table_view import TableView
from app.schemas.source import Language, TableColumn

_MOST_ROWS = 6
_FIGURE = {"en": "figure", "ko": "값"}
_WHOLE = {"en": "the total", "ko": "합계"}
_UNIT_COLUMN = re.compile(r"^\s*(?:units?|단위)\s*$", re.IGNORECASE)


def wide_series(view: TableView, language: Language, goal: str = "") -> list[Series]:
    """Return one series for each row where rows are measures, else their total."""
    if view.rows_are_measures or len(view.rows) == 1:
        return [row_series(view, row, language)[1] for row in view.rows[:_MOST_ROWS]]
    measure = _measure(view)
    name = wide_subject(view.table, language, goal)
    return [
        Series(
            name=combined_phrase(name, measure.aggregation, language),
            column=measure.column,
            aggregation=measure.aggregation,
            points=view.wide_series(view.rows),
            columns=_names(view),
            language=language,
        )
    ]


def row_series(view: TableView, row: int, language: Language) -> tuple[str, Series]:
    """Return one row over the period columns, with its label."""
    written = str(view.table.rows[row][view.row_label or 0])
    label, bracketed = split_unit(written)
    unit = _unit_of(view, row) or bracketed
    column: TableColumn = view.table.columns[view.wide[0][0]]
    series = Series(
        name=in_sentence(label) if language == "en" else label,
        column=column.model_copy(update={"unit": unit}) if unit else column,
        aggregation=_measure(view).aggregation,
        points=view.wide_series((row,)),
        columns=_names(view),
        language=language,
    )
    return label, series


def wide_breakdowns(view: TableView, language: Language, goal: str = "") -> list[Breakdown]:
    """Return the rows at the latest period that is no forecast."""
    by = view.row_label
    if view.rows_are_measures or by is None or len(view.rows) < 2:
        return []
    index, period = _latest(view)
    known = view.measure_at(index)
    measure = known or Measure(index, view.table.columns[index], Aggregation.MEAN)
    subject = wide_subject(view.table, language, goal)
    return [
        Breakdown(
            name=subject or _FIGURE[language],
            whole=subject or _WHOLE[language],
            measure=measure,
            slices=view.breakdown(measure, by),
            period=period,
            columns=(view.table.columns[by].name, view.table.columns[index].name),
            language=language,
        )
    ]


def _latest(view: TableView) -> tuple[int, Period]:
    ordered = sorted(view.wide, key=lambda pair: pair[1].order)
    return ([pair for pair in ordered if not pair[1].is_forecast] or ordered)[-1]


def _measure(view: TableView) -> Measure:
    index = view.wide[0][0]
    return view.measure_at(index) or Measure(index, view.table.columns[index], Aggregation.MEAN)


def _names(view: TableView) -> tuple[str, ...]:
    return tuple(view.table.columns[index].name for index, _ in view.wide)


def _unit_of(view: TableView, row: int) -> str | None:
    for index, column in enumerate(view.table.columns):
        if _UNIT_COLUMN.match(column.name):
            cell = view.table.rows[row][index]
            return str(cell) if cell else None
    return None
