"""Computed statements about a table, before and after they are put into words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.agents.builtin.periods import Period


class InsightKind(StrEnum):
    """What a statement says."""

    CHANGE = "change"
    LATEST = "latest"
    FORECAST = "forecast"
    EXTREME = "extreme"
    SHARE = "share"
    TOP = "top"
    SMALLEST = "smallest"
    RANKED = "ranked"
    MEAN = "mean"
    TOTAL = "total"
    FASTEST = "fastest"
    SLOWEST = "slowest"
    STEP = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """A computed statement: as a sentence, as a headline, and as a figure with a label.

    `rows` and `columns` are what it was computed from; `weight` ranks it among others.
    """

    kind: InsightKind
    text: str
    headline: str
    value: str
    label: str
    rows: tuple[int, ...]
    columns: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A measure at two periods. `fraction` is the relative change; for percentages, `points`.

    `first` and `last` are the values in words; `yearly` is the compound annual growth rate.
    """

    name: str
    start: Period
    end: Period
    first: str
    last: str
    direction: int
    fraction: float | None = None
    points: float | None = None
    yearly: float | None = None
    is_level: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A category's value of a measure, in words, and its share of the whole.

    `name` is the measure as its column has it, `whole` what all of it is called.
    """

    name: str
    whole: str
    label: str
    value: str
    share: float | None = None
    period: Period | None = None
    is_count: bool = False


class Phrases(Protocol):
    """The sentences of one language."""

    def change(self, change: Change) -> str:
        """Say how a measure went from its first to its last period."""
        ...

    def change_headline(self, change: Change) -> str:
        """Say the change as a title."""
        ...

    def change_label(self, change: Change) -> str:
        """Name the change as a figure."""
        ...

    def latest(self, change: Change) -> str:
        """Say the last step of a series."""
        ...

    def latest_headline(self, change: Change) -> str:
        """Say the last step as a title."""
        ...

    def step_headline(self, change: Change) -> str:
        """Say the largest step of a series as a title."""
        ...

    def of(self, label: str, name: str) -> str:
        """Name a measure of one category: "sales in North"."""
        ...

    def at(self, name: str, period: Period | None) -> str:
        """Name a measure at a period, as a label."""
        ...

    def yearly_label(self, change: Change) -> str:
        """Name the average annual growth, as a label."""
        ...

    def forecast(self, change: Change) -> str:
        """Say what the figures project."""
        ...

    def forecast_headline(self, change: Change) -> str:
        """Say the projection as a title."""
        ...

    def extreme(self, name: str, high: tuple[str, Period], low: tuple[str, Period]) -> str:
        """Say when a measure was highest and lowest."""
        ...

    def largest(self, part: Part) -> str:
        """Say which category is the largest and its share."""
        ...

    def largest_headline(self, part: Part) -> str:
        """Say the largest category as a title."""
        ...

    def share_label(self, part: Part) -> str:
        """Name a category's share, as a label."""
        ...

    def top(self, name: str, labels: tuple[str, ...], share: float, period: Period | None) -> str:
        """Say what the largest categories make up together."""
        ...

    def smallest(self, part: Part) -> str:
        """Say which category is the smallest."""
        ...

    def ranked(self, high: Part, low: Part) -> str:
        """Say which categories have the highest and the lowest value."""
        ...

    def ranked_headline(self, high: Part) -> str:
        """Say the highest category as a title."""
        ...

    def mean(self, name: str, mean: str, low: str, high: str, count: int) -> str:
        """Say the average and the span of a measure."""
        ...

    def mean_label(self, name: str) -> str:
        """Name an average, as a label."""
        ...

    def total(self, name: str, value: str, count: int) -> str:
        """Say the sum of a measure."""
        ...

    def total_label(self, name: str) -> str:
        """Name a sum, as a label."""
        ...

    def whole_headline(self, label: str, value: str) -> str:
        """Say a sum or an average over all rows as a title; `label` names it."""
        ...

    def mover(self, label: str, change: Change, *, is_fastest: bool) -> str:
        """Say which category grew most or least."""
        ...

    def mover_headline(self, label: str, change: Change) -> str:
        """Say a category's change as a title."""
        ...

    def said_change(self, change: Change) -> str:
        """Write a change as a signed figure: "+39.4%"."""
        ...
