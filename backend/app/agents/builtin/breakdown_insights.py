"""How a measure divides over categories, computed and put into words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.builtin.amounts import parse_unit, say_percent_short, say_value
from app.agents.builtin.column_roles import Aggregation, Measure
from app.agents.builtin.insight import Insight, InsightKind, Part, Phrases
from app.agents.builtin.periods import Period
from app.agents.builtin.table_view import Slice
from app.schemas.source import ColumnKind, Language

_NOT_COUNTS = frozenset(["sales", "expenses", "costs", "earnings", "savings", "proceeds", "losses"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A measure by category, largest first, at one period or over all rows."""

    name: str
    whole: str
    measure: Measure
    slices: tuple[Slice, ...]
    period: Period | None
    columns: tuple[str, ...]
    language: Language

    @property
    def total(self) -> float:
        """The sum over the categories."""
        return math.fsum(part.value for part in self.slices)

    @property
    def is_whole(self) -> bool:
        """Whether shares make sense: amounts that add up, none negative."""
        adds_up = self.measure.aggregation is not Aggregation.MEAN
        return adds_up and self.total > 0 and all(part.value >= 0 for part in self.slices)

    def share(self, part: Slice) -> float | None:
        """Return a category's share of the total, None where shares make no sense."""
        return part.value / self.total if self.is_whole else None

    def part(self, part: Slice) -> Part:
        """Put a category's value and share into words."""
        return Part(
            name=self.name,
            label=part.label,
            value=say_value(part.value, self.measure.column, self.language),
            share=self.share(part),
            period=self.period,
            is_count=self._is_count,
            whole=self.whole,
        )

    @property
    def _is_count(self) -> bool:
        """Whether the measure counts things, which are many or few, not high or low."""
        column = self.measure.column
        adds_up = self.measure.aggregation is not Aggregation.MEAN
        is_whole = column.kind is ColumnKind.INTEGER and parse_unit(column.unit).currency is None
        return adds_up and is_whole and _is_plural(self.name)


def _is_plural(name: str) -> bool:
    """Say whether an English name names things that are counted: "units sold"."""
    found = name.lower().split()
    words = set(found[:1] + found[-1:])
    return any(
        word == "people" or (word.endswith("s") and not word.endswith(("ss", "us")))
        for word in words - _NOT_COUNTS
    )


def breakdown_insights(breakdown: Breakdown, phrases: Phrases) -> list[Insight]:
    """Return the statements that a breakdown supports, most telling first."""
    if len(breakdown.slices) < 2 or breakdown.slices[0].value == breakdown.slices[-1].value:
        return []
    if breakdown.is_whole:
        return [
            _largest(breakdown, phrases),
            *_top(breakdown, phrases),
            *_smallest(breakdown, phrases),
        ]
    return [_ranked(breakdown, phrases)]


def _largest(breakdown: Breakdown, phrases: Phrases) -> Insight:
    largest = breakdown.slices[0]
    part = breakdown.part(largest)
    share = say_percent_short(part.share) if part.share is not None else part.value
    return Insight(
        kind=InsightKind.SHARE,
        text=phrases.largest(part),
        headline=phrases.largest_headline(part),
        value=share,
        label=phrases.share_label(part),
        rows=_all_rows(breakdown.slices),
        columns=breakdown.columns,
        weight=2.4,
    )


def _top(breakdown: Breakdown, phrases: Phrases) -> list[Insight]:
    if len(breakdown.slices) < 5:
        return []
    top = breakdown.slices[:3]
    share = math.fsum(part.value for part in top) / breakdown.total
    labels = tuple(part.label for part in top)
    text = phrases.top(breakdown.whole, labels, share, breakdown.period)
    return [
        Insight(
            kind=InsightKind.TOP,
            text=text,
            headline=text.rstrip("."),
            value=say_percent_short(share),
            label=phrases.share_label(
                Part(
                    name=breakdown.name,
                    whole=breakdown.whole,
                    label=", ".join(labels),
                    value="",
                    share=share,
                )
            ),
            rows=_all_rows(breakdown.slices),
            columns=breakdown.columns,
            weight=1.8,
        )
    ]


def _smallest(breakdown: Breakdown, phrases: Phrases) -> list[Insight]:
    smallest = breakdown.slices[-1]
    if len(breakdown.slices) < 3 or smallest.value <= 0:
        return []
    part = breakdown.part(smallest)
    return [
        Insight(
            kind=InsightKind.SMALLEST,
            text=phrases.smallest(part),
            headline=phrases.smallest(part).rstrip("."),
            value=part.value,
            label=f"{part.label}, {part.name}",
            rows=smallest.rows,
            columns=breakdown.columns,
            weight=1.0,
        )
    ]


def _ranked(breakdown: Breakdown, phrases: Phrases) -> Insight:
    high, low = breakdown.part(breakdown.slices[0]), breakdown.part(breakdown.slices[-1])
    return Insight(
        kind=InsightKind.RANKED,
        text=phrases.ranked(high, low),
        headline=phrases.ranked_headline(high),
        value=high.value,
        label=f"{high.label}, {high.name}",
        rows=breakdown.slices[0].rows + breakdown.slices[-1].rows,
        columns=breakdown.columns,
        weight=2.2,
    )


def _all_rows(slices: Sequence[Slice]) -> tuple[int, ...]:
    return tuple(sorted(row for part in slices for row in part.rows))
