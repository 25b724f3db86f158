"""One table, analysed for one goal: its series, its breakdowns and what they say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from app.agents.builtin.amounts import say_value
from app.agents.builtin.asked_period import asked_steps
from app.agents.builtin.breakdown_insights import Breakdown, breakdown_insights
from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.insight import Insight, InsightKind, Phrases
from app.agents.builtin.long_table import category_series, measure_breakdown, measure_series
from app.agents.builtin.movers import mover_insights
from app.agents.builtin.naming import measure_phrase, table_title, wide_subject
from app.agents.builtin.phrases_en import EnglishPhrases
from app.agents.builtin.phrases_ko import KoreanPhrases
from app.agents.builtin.series_insights import Series, series_insights
from app.agents.builtin.table_view import TableView, combine
from app.agents.builtin.wide_table import row_series, wide_breakdowns, wide_series
from app.schemas.source import ColumnKind, Language, SourceTable
from app.sources.text import tokens

_MOST_MEASURES = 3
_LEAST_TITLE = 3
_PASTED = re.compile(r"Pasted (?:text|data)|붙여 넣은")
_FIGURES = {"en": "Figures", "ko": "수치"}
_MOST_LABELS = 40
_MOST_CATEGORIES = 12
_LEAST_FOR_MEAN = 4
_MOST_LISTED = 5
_SAMPLE_WEIGHT = 0.4
_TRAIT = re.compile(
    r"\b(?:age|height|weight|born|birth)\b|나이|연령|키$|체중|몸무게|출생", re.IGNORECASE
)
_SAMPLE = re.compile(
    r"\b(?:interviewed|respondents?|responses|sample|participants)\b|면담|응답|표본|참가",
    re.IGNORECASE,
)


def phrases_for(language: Language) -> Phrases:
    """Return the sentences of a language."""
    return KoreanPhrases() if language == "ko" else EnglishPhrases()


class TableReport:
    """What one table says, in one language, with the measures nearest to the goal first."""

    def __init__(
        self,
        table: SourceTable,
        language: Language,
        goal: str = "",
        nearness: Mapping[str, float] | None = None,
    ) -> None:
        self.table = table
        self.language: Language = language
        self.view = TableView(table)
        self.phrases = phrases_for(language)
        self._goal = goal
        self._goal_tokens = frozenset(tokens(goal))
        self._nearness = nearness or {}

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures to speak of."""
        return self.measures_by_worth[:_MOST_MEASURES]

    @cached_property
    def measures_by_worth(self) -> tuple[Measure, ...]:
        """All measures: those that the goal names first, then amounts of money."""

        def rank(measure: Measure) -> tuple[bool, int, float, bool, bool, int]:
            name = measure.column.name
            overlap = len(self._goal_tokens & set(tokens(name)))
            near = 0.0 if overlap else round(self._nearness.get(name, 0.0), 1)
            is_trait = self.view.is_of_people and _TRAIT.search(name) is not None
            is_minor = (is_trait and not overlap) or _SAMPLE.search(name) is not None
            is_money = measure.column.kind is ColumnKind.CURRENCY
            is_mean = measure.aggregation is Aggregation.MEAN
            return (is_minor, -overlap, -near, is_mean, not is_money, measure.index)

        return tuple(sorted(self.view.measures, key=rank))

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The series over time that the table holds, of at least two points."""
        found: Iterable[Series] = ()
        if self.view.wide:
            found = wide_series(self.view, self.language, self._goal)
        elif self.view.time is not None:
            found = (measure_series(self.view, m, self.language) for m in self.measures)
        return tuple(s for s in found if len(s.points) >= 2 and self._is_sound(s))

    def _is_sound(self, series: Series) -> bool:
        """Refuse averages over groups of unknown size."""
        is_combined = any(len(point.rows) > 1 for point in series.points)
        is_mean = series.aggregation is Aggregation.MEAN
        return not (is_mean and is_combined) or self.view.rows_are_records

    @cached_property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """The breakdowns by category that the table holds, of at least two parts."""
        if self.view.wide:
            found = wide_breakdowns(self.view, self.language, self._goal)
        else:
            found = [
                measure_breakdown(self.view, measure, by, self.language)
                for measure, by in self._pairs()
            ]
        return tuple(b for b in found if len(b.slices) >= 2 and self._is_fair(b))

    def _pairs(self) -> list[tuple[Measure, int]]:
        """Take the first measure by every dimension, then the other measures by the first."""
        dimensions = self.dimensions
        if not dimensions or not self.measures:
            return []
        is_list = dimensions[0] == self.view.label and self.view.time is None
        others = self.measures_by_worth[1:_MOST_LISTED] if is_list else self.measures[1:]
        first = [(self.measures[0], by) for by in dimensions]
        return first + [(measure, dimensions[0]) for measure in others]

    def _is_fair(self, breakdown: Breakdown) -> bool:
        is_combined = any(len(part.rows) > 1 for part in breakdown.slices)
        is_mean = breakdown.measure.aggregation is Aggregation.MEAN
        return not (is_mean and is_combined) or self.view.rows_are_records

    @property
    def dimensions(self) -> tuple[int, ...]:
        """The columns to break down by: categories, else the label of each row."""
        view = self.view
        if view.categories:
            return view.categories[:2]
        is_list = view.label is not None and view.time is None and not view.is_of_people
        return (view.label,) if view.label is not None and is_list and self._is_short else ()

    @property
    def _is_short(self) -> bool:
        return len(self.view.rows) <= _MOST_LABELS

    @cached_property
    def named_series(self) -> tuple[tuple[str, Series], ...]:
        """The first measure over time, for each category."""
        view, language = self.view, self.language
        if view.wide:
            rows = () if view.rows_are_measures else view.rows[:_MOST_LABELS]
            return tuple(row_series(view, row, language) for row in rows)
        if view.time is None or not view.categories or not self.measures:
            return ()
        found = category_series(view, self.measures[0], view.categories[0], language)
        return tuple(found) if len(found) <= _MOST_CATEGORIES else ()

    @cached_property
    def insights(self) -> tuple[Insight, ...]:
        """All statements about the table, most telling first, each sentence once."""
        found: list[Insight] = []
        for place, series in enumerate(self.series):
            found += _discounted(series_insights(series, self.phrases), place)
        if self.series:
            found += asked_steps(self.series[0], self.named_series, self._goal, self.phrases)
        for place, breakdown in enumerate(self.breakdowns):
            told = breakdown_insights(breakdown, self.phrases)
            weight = _SAMPLE_WEIGHT if _SAMPLE.search(breakdown.name) else 1.0
            found += [replace(i, weight=i.weight * weight) for i in _discounted(told, place)]
        found += mover_insights(self.named_series, self._named_measure, self.phrases)
        found += self._aggregates()
        unique = {i.text: i for i in sorted(found, key=lambda i: i.weight)}
        return tuple(sorted(unique.values(), key=lambda i: (-i.weight, i.text)))

    @property
    def title(self) -> str:
        """The table's title, or its file's name in words; what it measures, where that is short."""
        title = table_title(self.table)
        if len(title) >= _LEAST_TITLE and not _PASTED.match(title):
            return title
        subject = wide_subject(self.table, self.language, self._goal)
        return subject[:1].upper() + subject[1:] if subject else _FIGURES[self.language]

    @property
    def _named_measure(self) -> str:
        if self.view.wide or not self.measures:
            return wide_subject(self.table, self.language, self._goal)
        return measure_phrase(self.table, self.measures[0].column, self.language)

    def _aggregates(self) -> list[Insight]:
        """Say sums and averages over all rows, where no time divides them."""
        if self.view.time is not None or self.view.wide:
            return []
        found = []
        for place, measure in enumerate(self.measures):
            found += _discounted(self._aggregate(measure), place)
        return found

    def _aggregate(self, measure: Measure) -> list[Insight]:
        pairs = [
            (r, v) for r in self.view.rows if (v := self.view.number(r, measure.index)) is not None
        ]
        is_mean = measure.aggregation is Aggregation.MEAN
        if len(pairs) < (_LEAST_FOR_MEAN if is_mean else 2):
            return []
        if is_mean and not self.view.rows_are_records:
            return []
        values = [value for _, value in pairs]
        name = measure_phrase(self.table, measure.column, self.language)
        value = self._said(combine(values, measure.aggregation), measure)
        if is_mean:
            span = self._said(min(values), measure), self._said(max(values), measure)
            text = self.phrases.mean(name, value, *span, len(values))
            label = self.phrases.mean_label(name)
        else:
            text = self.phrases.total(name, value, len(values))
            label = self.phrases.total_label(name)
        return [
            Insight(
                kind=InsightKind.MEAN if is_mean else InsightKind.TOTAL,
                text=text,
                headline=self.phrases.whole_headline(label, value),
                value=value,
                label=label[:1].upper() + label[1:],
                rows=tuple(row for row, _ in pairs),
                columns=(measure.column.name,),
                weight=2.1 if is_mean else 1.9,
            )
        ]

    def _said(self, value: float, measure: Measure) -> str:
        return say_value(value, measure.column, self.language)


def _discounted(insights: list[Insight], place: int) -> list[Insight]:
    """Lower the weight of what is said of later measures and dimensions."""
    return [replace(insight, weight=insight.weight * 0.75**place) for insight in insights]
