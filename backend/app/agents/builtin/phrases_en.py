"""Computed statements in plain business English."""

import re
from collections.abc import Sequence

from app.agents.builtin.amounts import say_percent, say_percent_short, trimmed
from app.agents.builtin.insight import Change, Part
from app.agents.builtin.periods import Period

_LEAST_SHARE = 0.001
_MOST_PLAIN_WORDS = 4
_TITLE_CASE = re.compile(r"^[A-Z][a-z]+(?:-[A-Z]?[a-z]+)*$")


class EnglishPhrases:
    """The sentences of the English output."""

    def change(self, change: Change) -> str:
        """Say how a measure went from its first to its last period."""
        name, start, end = sentence_start(change.name), change.start, change.end
        if change.direction == 0:
            return f"{name} stood at {change.last} {_in(end)}, the same as {_in(start)}."
        verb = "rose" if change.direction > 0 else "fell"
        yearly = (
            f", or {say_percent(abs(change.yearly))} a year on average" if change.yearly else ""
        )
        return (
            f"{name} {verb} from {change.first} {_in(start)} to {change.last} {_in(end)}"
            f"{self._by(change)}{yearly}."
        )

    def change_headline(self, change: Change) -> str:
        """Say the change as a title."""
        name = sentence_start(change.name)
        span = f"from {change.start.said('en')} to {change.end.said('en')}"
        if change.direction == 0:
            return f"{name} held steady {span}"
        verb = _grew(change)
        amount = self._amount(change, is_short=True)
        return f"{name} {verb} {amount} {span}" if amount else f"{name} {verb} to {change.last}"

    def change_label(self, change: Change) -> str:
        """Name the change as a figure."""
        return (
            f"{sentence_start(change.name)}, {change.start.said('en')} to {change.end.said('en')}"
        )

    def latest(self, change: Change) -> str:
        """Say the last step of a series."""
        name = sentence_start(change.name)
        if change.direction == 0:
            return f"{name} stayed at {change.last} {_in(change.end)}."
        amount = self._amount(change)
        step = f" {amount}" if amount else ""
        return (
            f"{name} {_grew(change)}{step} {_in(change.end)}, to {change.last} "
            f"from {change.first} {_in(change.start)}."
        )

    def latest_headline(self, change: Change) -> str:
        """Say the last step as a title."""
        name = sentence_start(change.name)
        if change.direction == 0:
            return f"{name} stayed at {change.last} {_in(change.end)}"
        amount = self._amount(change, is_short=True)
        step = f" {amount}" if amount else ""
        return f"{name} {_grew(change)}{step} to {change.last} {_in(change.end)}"

    def step_headline(self, change: Change) -> str:
        """Say the largest step of a series as a title."""
        which = "rise" if change.direction > 0 else "fall"
        amount = self._amount(change, is_short=True)
        return f"The steepest {which} in {change.name} came {_in(change.end)}: {amount}"

    def of(self, label: str, name: str) -> str:
        """Name a measure of one category."""
        return f"{label} {without_total(name)}"

    def at(self, name: str, period: Period | None) -> str:
        """Name a measure at a period, as a label."""
        return sentence_start(name) + (f", {period.said('en')}" if period else "")

    def yearly_label(self, change: Change) -> str:
        """Name the average annual growth, as a label."""
        return f"Average annual growth, {change.start.said('en')} to {change.end.said('en')}"

    def forecast(self, change: Change) -> str:
        """Say what the figures project."""
        amount = self._amount(change)
        side = "above" if change.direction > 0 else "below"
        compared = f", {amount} {side} {change.start.said('en')}" if amount else ""
        return (
            f"The figures project {change.name} of {change.last} for "
            f"{change.end.said('en')}{compared}."
        )

    def forecast_headline(self, change: Change) -> str:
        """Say the projection as a title."""
        verb = "reach" if change.direction > 0 else "fall to"
        return f"{sentence_start(change.name)} set to {verb} {change.last} {_by_time(change.end)}"

    def extreme(self, name: str, high: tuple[str, Period], low: tuple[str, Period]) -> str:
        """Say when a measure was highest and lowest."""
        return (
            f"{sentence_start(name)} peaked at {high[0]} {_in(high[1])}; "
            f"the low was {low[0]} {_in(low[1])}."
        )

    def largest(self, part: Part) -> str:
        """Say which category is the largest and its share."""
        share = f", {_share(part.share)} of the total" if part.share is not None else ""
        subject = (
            f"{sentence_start(part.label)} {_has(part.period)} "
            f"{'the most' if part.is_count else 'the highest'} {part.name}"
        )
        return f"{subject}{_when(part.period)}: {part.value}{share}."

    def largest_headline(self, part: Part) -> str:
        """Say the largest category as a title."""
        if part.share is None:
            return f"{sentence_start(part.label)} leads with {part.value} in {part.whole}"
        return (
            f"{sentence_start(part.label)} makes up {say_percent_short(part.share)} of "
            f"{part.whole}{_when(part.period)}"
        )

    def share_label(self, part: Part) -> str:
        """Name a category's share, as a label."""
        return f"{sentence_start(part.label)}, share of {part.whole}"

    def top(self, name: str, labels: tuple[str, ...], share: float, period: Period | None) -> str:
        """Say what the largest categories make up together."""
        return f"Together, {joined(labels)} make up {say_percent(share)} of {name}{_when(period)}."

    def smallest(self, part: Part) -> str:
        """Say which category is the smallest."""
        share = f" ({_share(part.share)} of the total)" if part.share is not None else ""
        subject = (
            f"{sentence_start(part.label)} {_has(part.period)} "
            f"{'the fewest' if part.is_count else 'the lowest'} {part.name}"
        )
        return f"{subject}{_when(part.period)}, at {part.value}{share}."

    def ranked(self, high: Part, low: Part) -> str:
        """Say which categories have the highest and the lowest value."""
        return (
            f"{sentence_start(high.label)} {_has(high.period)} the highest "
            f"{high.name}{_when(high.period)} ({high.value}) "
            f"and {low.label} the lowest ({low.value})."
        )

    def ranked_headline(self, high: Part) -> str:
        """Say the highest category as a title."""
        return f"{sentence_start(high.label)} has the highest {high.name}, at {high.value}"

    def mean(self, name: str, mean: str, low: str, high: str, count: int) -> str:
        """Say the average and the span of a measure."""
        return (
            f"The average {without_average(name)} across {count:,} rows is {mean}; "
            f"values run from {low} to {high}."
        )

    def mean_label(self, name: str) -> str:
        """Name an average, as a label."""
        return f"Average {without_average(name)}"

    def total(self, name: str, value: str, count: int) -> str:
        """Say the sum of a measure."""
        return f"The total {without_total(name)} across {count:,} rows is {value}."

    def total_label(self, name: str) -> str:
        """Name a sum, as a label."""
        return f"Total {without_total(name)}"

    def whole_headline(self, label: str, value: str) -> str:
        """Say a sum or an average over all rows as a title; `label` names it."""
        return f"The {label[:1].lower()}{label[1:]} is {value}"

    def mover(self, label: str, change: Change, *, is_fastest: bool) -> str:
        """Say which category grew most or least."""
        span = f"from {change.first} {_in(change.start)} to {change.last} {_in(change.end)}"
        slow = "grew slowest" if change.direction > 0 else "fell"
        verb = "grew fastest" if is_fastest else slow
        return f"{sentence_start(label)} {verb}{_measured(change)}: {span}{self._by(change)}."

    def mover_headline(self, label: str, change: Change) -> str:
        """Say a category's change as a title."""
        amount = self._amount(change, is_short=True)
        return (
            f"{sentence_start(label)} {_grew(change)} {amount}{_measured(change)} by "
            f"{change.end.said('en')}"
        )

    def said_change(self, change: Change) -> str:
        """Write a change as a signed figure."""
        amount = self._amount(change, is_short=True)
        sign = "+" if change.direction > 0 else "-" if change.direction < 0 else ""
        return f"{sign}{amount}" if amount else change.last

    def _by(self, change: Change) -> str:
        amount = self._amount(change)
        side = "up" if change.direction > 0 else "down"
        return f", {side} {amount}" if amount else ""

    def _amount(self, change: Change, *, is_short: bool = False) -> str:
        if change.points is not None:
            number = trimmed(abs(change.points) * 100, 1)
            return f"{number} percentage point{'' if number == '1' else 's'}"
        if change.fraction is None:
            return ""
        say = say_percent_short if is_short else say_percent
        return say(abs(change.fraction))


def sentence_start(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def in_sentence(name: str) -> str:
    """Write a column's name inside a sentence: "Unit Price" is "unit price", "GDP" stays."""
    words = name.split()
    if len(words) > _MOST_PLAIN_WORDS:
        return name
    return " ".join(w.lower() if _TITLE_CASE.match(w) else w for w in words)


def joined(labels: Sequence[str]) -> str:
    """Join names as a list: "A, B and C"."""
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} and {labels[-1]}"


def without_total(name: str) -> str:
    """Drop "total" at either end, which the phrase brings itself."""
    return re.sub(r"^total\s+|\s+(?:total|sum)$", "", name, flags=re.IGNORECASE)


def without_average(name: str) -> str:
    """Drop "average" at either end, which the phrase brings itself."""
    return re.sub(
        r"^(?:average|avg\.?|mean)\s+|\s+(?:average|avg\.?|mean)$", "", name, flags=re.IGNORECASE
    )


def _share(share: float) -> str:
    return say_percent(share) if share == 0 or share >= _LEAST_SHARE else "under 0.1%"


def _has(period: Period | None) -> str:
    return "had" if period is not None else "has"


def _measured(change: Change) -> str:
    return f" in {change.name}" if change.name else ""


def _grew(change: Change) -> str:
    if change.is_level:
        return "rose" if change.direction > 0 else "fell"
    return "grew" if change.direction > 0 else "fell"


def _in(period: Period) -> str:
    return f"{'on' if period.grain == 'day' else 'in'} {period.said('en')}"


def _by_time(period: Period) -> str:
    return f"by {period.said('en')}"


def _when(period: Period | None) -> str:
    return f" {_in(period)}" if period is not None else ""
