"""Computed statements in Korean, in the formal polite style."""

from app.agents.builtin.amounts import say_percent, say_percent_short, trimmed
from app.agents.builtin.insight import Change, Part
from app.agents.builtin.korean import with_particle
from app.agents.builtin.periods import Period

_LEAST_SHARE = 0.001


class KoreanPhrases:
    """The sentences of the Korean output."""

    def change(self, change: Change) -> str:
        """Say how a measure went from its first to its last period."""
        subject, start, end = with_particle(change.name, "은"), _at(change.start), _at(change.end)
        if change.direction == 0:
            same = with_particle(change.last, "으로")
            return f"{subject} {end}에 {same} {with_particle(start, '과')} 같습니다."
        yearly = (
            f"(연평균 {say_percent(abs(change.yearly))} {_growth(change)})" if change.yearly else ""
        )
        return (
            f"{subject} {start} {change.first}에서 {end} {with_particle(change.last, '으로')} "
            f"{self._step(change)}{_went(change)}{yearly}."
        )

    def change_headline(self, change: Change) -> str:
        """Say the change as a title."""
        subject = with_particle(change.name, "은")
        span = f"{_at(change.start)}부터 {_at(change.end)}까지"
        if change.direction == 0:
            return f"{subject} {span} 변하지 않았습니다"
        return f"{subject} {span} {self._step(change, is_short=True)}{_went(change)}"

    def change_label(self, change: Change) -> str:
        """Name the change as a figure."""
        return f"{change.name} 변화, {_at(change.start)}~{_at(change.end)}"

    def latest(self, change: Change) -> str:
        """Say the last step of a series."""
        subject = f"{_at(change.end)} {with_particle(change.name, '은')}"
        if change.direction == 0:
            return (
                f"{subject} {with_particle(change.last, '으로')} "
                f"{with_particle(_at(change.start), '과')} 같습니다."
            )
        if not self._amount(change):
            return f"{subject} {change.last}입니다."
        return (
            f"{subject} {_at(change.start)}보다 {self._amount(change)} {_gone(change)} "
            f"{change.last}입니다."
        )

    def latest_headline(self, change: Change) -> str:
        """Say the last step as a title."""
        subject = f"{_at(change.end)} {with_particle(change.name, '이')}"
        if change.direction == 0:
            return f"{subject} {with_particle(change.last, '을')} 유지했습니다"
        step = self._step(change, is_short=True)
        return f"{subject} {step}{_going(change)} {with_particle(change.last, '이')} 됐습니다"

    def step_headline(self, change: Change) -> str:
        """Say the largest step of a series as a title."""
        subject = with_particle(change.name, "은")
        amount = self._amount(change, is_short=True)
        return f"{subject} {_at(change.end)}에 {amount}로 가장 크게 {_went(change)}"

    def of(self, label: str, name: str) -> str:
        """Name a measure of one category."""
        return f"{label}의 {name.removeprefix('전체 ')}"

    def at(self, name: str, period: Period | None) -> str:
        """Name a measure at a period, as a label."""
        return f"{_at(period)} {name}" if period else name

    def yearly_label(self, change: Change) -> str:
        """Name the average annual growth, as a label."""
        return f"연평균 증가율, {_at(change.start)}~{_at(change.end)}"

    def forecast(self, change: Change) -> str:
        """Say what the figures project."""
        subject = f"{_at(change.end)} {with_particle(change.name, '은')}"
        amount = self._amount(change)
        compared = f"{_at(change.start)}보다 {amount} {_gone(change)} " if amount else ""
        return f"{subject} {compared}{with_particle(change.last, '으로')} 전망됩니다."

    def forecast_headline(self, change: Change) -> str:
        """Say the projection as a title."""
        subject = f"{_at(change.end)} {with_particle(change.name, '은')}"
        return f"{subject} {with_particle(change.last, '으로')} 전망됩니다"

    def extreme(self, name: str, high: tuple[str, Period], low: tuple[str, Period]) -> str:
        """Say when a measure was highest and lowest."""
        return (
            f"{with_particle(name, '은')} {_at(high[1])}에 {with_particle(high[0], '으로')} "
            f"가장 높았고, "
            f"{_at(low[1])}에 {with_particle(low[0], '으로')} 가장 낮았습니다."
        )

    def largest(self, part: Part) -> str:
        """Say which category is the largest and its share."""
        subject = f"{_when(part.period)}{part.label}의 {with_particle(part.name, '이')}"
        value = with_particle(part.value, "으로")
        most = _most(part.name)
        if part.share is None:
            return f"{subject} {value} 가장 {'큽니다' if _is_size(part.name) else '많습니다'}."
        return (
            f"{subject} {value} 가장 {most}며, 전체의 "
            f"{with_particle(_share(part.share), '을')} 차지합니다."
        )

    def largest_headline(self, part: Part) -> str:
        """Say the largest category as a title."""
        if part.share is None:
            return (
                f"{part.label}의 {with_particle(part.name, '이')} 가장 "
                f"{'큽니다' if _is_size(part.name) else '많습니다'}"
            )
        share = with_particle(say_percent_short(part.share), "을")
        return (
            f"{_when(part.period)}{with_particle(part.label, '이')} {part.whole}의 {share} "
            "차지합니다"
        )

    def share_label(self, part: Part) -> str:
        """Name a category's share, as a label."""
        return f"{part.label}의 {part.whole} 비중"

    def top(self, name: str, labels: tuple[str, ...], share: float, period: Period | None) -> str:
        """Say what the largest categories make up together."""
        listed = with_particle(", ".join(labels), "을")
        whole = "전체" if name == "합계" else f"전체 {name}"
        return f"{_when(period)}{listed} 합치면 {whole}의 {say_percent(share)}입니다."

    def smallest(self, part: Part) -> str:
        """Say which category is the smallest."""
        share = f"(전체의 {_share(part.share)})" if part.share is not None else ""
        value = with_particle(part.value, "으로")
        least = "작습니다" if _is_size(part.name) else "적습니다"
        return (
            f"{_when(part.period)}{part.label}의 {with_particle(part.name, '은')} {value} "
            f"가장 {least}{share}."
        )

    def ranked(self, high: Part, low: Part) -> str:
        """Say which categories have the highest and the lowest value."""
        return (
            f"{_when(high.period)}{with_particle(high.name, '은')} "
            f"{with_particle(high.label, '이')} "
            f"{with_particle(high.value, '으로')} 가장 높고 {with_particle(low.label, '이')} "
            f"{with_particle(low.value, '으로')} 가장 낮습니다."
        )

    def ranked_headline(self, high: Part) -> str:
        """Say the highest category as a title."""
        return (
            f"{high.label}의 {with_particle(high.name, '이')} "
            f"{with_particle(high.value, '으로')} 가장 높습니다"
        )

    def mean(self, name: str, mean: str, low: str, high: str, count: int) -> str:
        """Say the average and the span of a measure."""
        subject = without_average(name)
        return f"{subject}의 평균은 {mean}이고, {low}부터 {high}까지 분포합니다({count:,}개 행)."

    def mean_label(self, name: str) -> str:
        """Name an average, as a label."""
        return f"평균 {without_average(name)}"

    def total(self, name: str, value: str, count: int) -> str:
        """Say the sum of a measure."""
        return f"{without_total(name)} 합계는 {value}입니다({count:,}개 행)."

    def total_label(self, name: str) -> str:
        """Name a sum, as a label."""
        return f"{without_total(name)} 합계"

    def whole_headline(self, label: str, value: str) -> str:
        """Say a sum or an average over all rows as a title; `label` names it."""
        return f"{with_particle(label, '은')} {value}입니다"

    def mover(self, label: str, change: Change, *, is_fastest: bool) -> str:
        """Say which category grew most or least."""
        subject = _subject(label, change)
        span = (
            f"{_at(change.start)} {change.first}에서 {_at(change.end)} "
            f"{with_particle(change.last, '으로')}"
        )
        amount = self._step(change)
        if is_fastest:
            return f"{subject} {span} {amount}{_going(change)} 증가율이 가장 높습니다."
        if change.direction < 0:
            return f"{subject} {span} {amount}{_went(change)}."
        return f"{subject} {span} {amount}{_going(change)} 증가율이 가장 낮습니다."

    def mover_headline(self, label: str, change: Change) -> str:
        """Say a category's change as a title."""
        subject = _subject(label, change)
        return f"{subject} {_at(change.end)}까지 {self._step(change, is_short=True)}{_went(change)}"

    def said_change(self, change: Change) -> str:
        """Write a change as a signed figure."""
        amount = self._amount(change, is_short=True)
        sign = "+" if change.direction > 0 else "-" if change.direction < 0 else ""
        return f"{sign}{amount}" if amount else change.last

    def _step(self, change: Change, *, is_short: bool = False) -> str:
        amount = self._amount(change, is_short=is_short)
        return f"{amount} " if amount else ""

    def _amount(self, change: Change, *, is_short: bool = False) -> str:
        if change.points is not None:
            return f"{trimmed(abs(change.points) * 100, 1)}%p"
        if change.fraction is None:
            return ""
        say = say_percent_short if is_short else say_percent
        return say(abs(change.fraction))


def without_total(name: str) -> str:
    """Drop a leading or trailing word for "total", which the phrase brings itself."""
    return name.removeprefix("총 ").removesuffix(" 합계").strip()


def without_average(name: str) -> str:
    """Drop a leading "평균", which the phrase brings itself."""
    return name.removeprefix("평균 ").removesuffix(" 평균").strip()


def _is_size(name: str) -> bool:
    """Say whether a measure is large or small rather than much or little."""
    return name.endswith(("규모", "크기", "비중", "용량", "면적", "폭", "값"))


def _most(name: str) -> str:
    return "크" if _is_size(name) else "많으"


def _share(share: float) -> str:
    return say_percent(share) if share == 0 or share >= _LEAST_SHARE else "0.1% 미만"


def _growth(change: Change) -> str:
    if change.is_level:
        return "상승" if change.direction > 0 else "하락"
    return "증가" if change.direction > 0 else "감소"


def _went(change: Change) -> str:
    if change.is_level:
        return "올랐습니다" if change.direction > 0 else "내렸습니다"
    return "늘었습니다" if change.direction > 0 else "줄었습니다"


def _gone(change: Change) -> str:
    if change.is_level:
        return "오른" if change.direction > 0 else "내린"
    return "늘어난" if change.direction > 0 else "줄어든"


def _going(change: Change) -> str:
    if change.is_level:
        return "올라" if change.direction > 0 else "내려"
    return "늘어" if change.direction > 0 else "줄어"


def _subject(label: str, change: Change) -> str:
    if not change.name:
        return with_particle(label, "은")
    return f"{label}의 {with_particle(change.name, '은')}"


def _at(period: Period) -> str:
    return period.said("ko")


def _when(period: Period | None) -> str:
    return f"{_at(period)} " if period is not None else ""
