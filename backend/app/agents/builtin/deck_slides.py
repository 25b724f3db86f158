"""The slides that a task's material can fill, each with its message as title."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from app.agents.builtin.charts import breakdown_chart, series_chart
from app.agents.builtin.deck_words import DeckWords
from app.agents.builtin.growth_steps import growth_steps
from app.agents.builtin.insight import Insight, InsightKind
from app.agents.builtin.material import Fact, Material, Theme
from app.agents.builtin.series_insights import series_insights, yearly_growth
from app.agents.builtin.shorten import fits, shorten
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.text_tables import small_table
from app.agents.results import Finding
from app.artifacts.blocks import (
    BulletSlide,
    Card,
    CardSlide,
    ChartSlide,
    ChartSpec,
    DeckKpi,
    QuoteSlide,
    Run,
    Slide,
    TableSlide,
)
from app.schemas.source import SourceTable
from app.sources import split_sentences

TITLE_EM, BULLET_EM, CARD_EM, CARD_TITLE_EM = 54.0, 66.0, 84.0, 15.0
_MOST_KPIS, _MOST_CARDS, _MOST_BULLETS, _LEAST_BULLETS = 3, 3, 4, 2
_FEW = 3
_LONG_SERIES, _RECENT = 14, 10
_QUOTE_EM = (24.0, 110.0)
_CHANGES = frozenset(
    {InsightKind.CHANGE, InsightKind.LATEST, InsightKind.FORECAST, InsightKind.EXTREME}
)


class Part(IntEnum):
    """The order of slides in the talk."""

    FIGURES = 1
    BREAKDOWN = 2
    TABLE = 3
    THEMES = 4
    THEME = 5
    QUOTE = 6
    DISAGREEMENT = 7
    LATE = 8
    GAPS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A slide that could be made: how much it is wanted, and where it belongs."""

    slide: Slide
    part: Part
    worth: float
    message: str
    source_ids: tuple[str, ...] = ()
    place: int = 0


class SlideMaker:
    """Makes offers of slides out of the material."""

    def __init__(self, material: Material, words: DeckWords) -> None:
        self._material = material
        self._words = words

    def offers(self) -> list[Offer]:
        """Return all slides that the material can fill honestly."""
        found = [
            *self._figure_slides(),
            *self._table_slides(),
            *self._theme_slides(),
            *self._further_slides(),
            *self._quote_slides(),
            *self._disagreement_slides(),
            *self._gap_slides(),
        ]
        return found

    def _figure_slides(self) -> list[Offer]:
        found = []
        for place, report in enumerate(self._material.reports[:4]):
            found += [self._series_slide(report, place, i) for i in range(len(report.series[:3]))]
            found += [
                self._breakdown_slide(report, place, i) for i in range(len(report.breakdowns[:3]))
            ]
            found += [self._recent_slide(report, place), self._steps_slide(report, place)]
        return [offer for offer in found if offer is not None]

    def _series_slide(self, report: TableReport, place: int, rank: int) -> Offer | None:
        series = report.series[rank]
        own = [i for i in report.insights if i.columns == series.columns and i.kind in _CHANGES]
        if not own:
            return None
        lead = next((i for i in own if i.kind is InsightKind.LATEST), own[0])
        kpis = [
            self._kpi(report, insight) for insight in own if insight.kind is not InsightKind.EXTREME
        ]
        yearly = yearly_growth(series, report.phrases)
        if yearly is not None:
            ids = self._ids(report.table)
            kpis.insert(2, DeckKpi(value=yearly[0], label=yearly[1], source_ids=ids))
        chart = series_chart(series, " ".join(i.text for i in own[:2]))
        return self._chart_offer(
            report, chart, lead, kpis, Part.FIGURES, 10.0 - 2.5 * place - 4.5 * rank
        )

    def _recent_slide(self, report: TableReport, place: int) -> Offer | None:
        """Show the last ten points of a long series closer."""
        series = report.series[0] if report.series else None
        if series is None or len(series.actual) < _LONG_SERIES:
            return None
        recent = replace(series, points=series.actual[-_RECENT:])
        own = series_insights(recent, report.phrases)
        change = next(i for i in own if i.kind is InsightKind.CHANGE)
        kpis = [self._kpi(report, change)]
        yearly = yearly_growth(recent, report.phrases)
        if yearly is not None:
            kpis.append(
                DeckKpi(value=yearly[0], label=yearly[1], source_ids=self._ids(report.table))
            )
        chart = series_chart(recent, change.text)
        return self._chart_offer(report, chart, change, kpis, Part.FIGURES, 3.6 - place)

    def _steps_slide(self, report: TableReport, place: int) -> Offer | None:
        """Show the change from each period to the next, and say the largest step."""
        series = report.series[0] if report.series else None
        steps = growth_steps(series, report.phrases) if series is not None else None
        if steps is None:
            return None
        chart, rise, fall = steps
        kpis = [self._kpi(report, insight) for insight in (rise, fall) if insight is not None]
        lead = rise or fall
        if lead is None:
            return None
        return self._chart_offer(report, chart, lead, kpis, Part.FIGURES, 3.4 - place)

    def _breakdown_slide(self, report: TableReport, place: int, rank: int) -> Offer | None:
        breakdown = report.breakdowns[rank]
        own = [i for i in report.insights if i.columns == breakdown.columns]
        if not own:
            return None
        extra = [i for i in report.insights if i.kind in {InsightKind.FASTEST, InsightKind.SLOWEST}]
        kpis = [self._kpi(report, i) for i in (*own[:2], *(extra if rank == 0 else []))]
        chart = breakdown_chart(breakdown, " ".join(i.text for i in own[:2]))
        worth = 8.0 - 2.5 * place - 2.2 * rank
        return self._chart_offer(report, chart, own[0], kpis, Part.BREAKDOWN, worth)

    def _chart_offer(
        self,
        report: TableReport,
        chart: ChartSpec,
        lead: Insight,
        kpis: Sequence[DeckKpi],
        part: Part,
        worth: float,
    ) -> Offer:
        ids = self._ids(report.table)
        slide = ChartSlide(
            eyebrow=report.title,
            title=lead.headline,
            chart=chart,
            kpis=_distinct_kpis(kpis)[:_MOST_KPIS],
            source_ids=ids,
            notes=self._computed(report, lead),
        )
        return Offer(slide=slide, part=part, worth=worth, message=lead.headline, source_ids=ids)

    def _kpi(self, report: TableReport, insight: Insight) -> DeckKpi:
        ids = self._ids(report.table)
        return DeckKpi(value=insight.value, label=insight.label, source_ids=ids)

    def _table_slides(self) -> list[Offer]:
        found = []
        for place, report in enumerate(self._material.reports[:3]):
            table = small_table(report, most_rows=8, most_columns=6)
            if table is None or len(table.rows) < 2:
                continue
            ids = self._ids(report.table)
            slide = TableSlide(
                eyebrow=self._words.figures,
                title=self._words.table_title.format(title=_lowered(table.caption, self._words)),
                columns=table.columns,
                rows=table.rows,
                has_total=table.has_total,
                source_ids=ids,
                notes=" ".join(i.text for i in report.insights[:2]),
            )
            message = ""
            found.append(
                Offer(
                    slide=slide, part=Part.TABLE, worth=4.2 - place, message=message, source_ids=ids
                )
            )
        return found

    def _theme_slides(self) -> list[Offer]:
        themes = [theme for theme in self._material.themes if theme.facts]
        found = [self._theme_slide(theme, place) for place, theme in enumerate(themes)]
        offers = [offer for offer in found if offer is not None]
        cards = self._cards(self._card_themes())
        return [*cards, *offers]

    def _card_themes(self) -> list[Theme]:
        """Take the weightiest themes with short names, a risk among them, in order."""
        fitting = [t for t in self._material.themes if self._fits_card(t)]
        ranked = [t for t in self._material.ranked_themes if t in fitting]
        kept = ranked[:_MOST_CARDS]
        late = next((t for t in ranked if t.is_late), None)
        if late is not None and late not in kept and len(kept) == _MOST_CARDS:
            kept[-1] = late
        return [theme for theme in self._material.themes if theme in kept]

    def _fits_card(self, theme: Theme) -> bool:
        return fits(theme.label, CARD_TITLE_EM * 2) and self._best(theme.facts, CARD_EM) is not None

    def _cards(self, themes: Sequence[Theme]) -> list[Offer]:
        cards: list[Card] = []
        for theme in themes:
            fact = self._best(theme.facts, CARD_EM)
            if fact is None:
                continue
            ids = self._material.cite(fact.finding)
            text = f"{shorten(fact.finding.text, CARD_EM)}."
            cards.append(Card(title=theme.label, runs=(Run(text=text, source_ids=ids),)))
        if len(cards) < 2:
            return []
        title = self._words.themes_title.format(count=self._words.counts[len(cards)])
        slide = CardSlide(
            eyebrow=self._words.themes,
            title=title,
            cards=tuple(cards),
            notes=self._words.facts_note,
        )
        ids = tuple(id for card in cards for run in card.runs for id in run.source_ids)
        return [Offer(slide=slide, part=Part.THEMES, worth=7.0, message="", source_ids=ids)]

    def _theme_slide(self, theme: Theme, place: int) -> Offer | None:
        """Make a slide of one topic: its most telling sentence as title, the others as points."""
        lead = self._best(theme.facts, TITLE_EM)
        others = [fact for fact in theme.facts if fact is not lead]
        if lead is None or len(others) < _LEAST_BULLETS:
            return None
        room = BULLET_EM * 2 if len(others) <= _FEW else BULLET_EM
        items = tuple(self._bullet(fact, room) for fact in others[:_MOST_BULLETS])
        title = shorten(lead.finding.text, TITLE_EM)
        slide = BulletSlide(
            eyebrow=theme.label,
            title=title,
            items=items,
            notes=f"{theme.label}: {lead.finding.text}",
        )
        late = theme.is_late
        ids = tuple(id for item in items for run in item for id in run.source_ids)
        return Offer(
            slide=slide,
            part=Part.LATE if late else Part.THEME,
            worth=(6.0 if late else 5.0 - 0.25 * place),
            message=title,
            source_ids=(*self._material.cite(lead.finding), *ids),
            place=place,
        )

    def _further_slides(self) -> list[Offer]:
        """Gather the statements that no topic slide takes, a few to a slide."""
        taken = {
            id(fact)
            for theme in self._material.themes
            if self._fills(theme)
            for fact in theme.facts
        }
        rest = [fact for fact in self._material.facts if id(fact) not in taken]
        size = _MOST_BULLETS + 1
        groups = [rest[start : start + size] for start in range(0, len(rest), size)]
        found = []
        for place, group in enumerate(groups):
            lead = self._best(group, TITLE_EM)
            others = [fact for fact in group if fact is not lead]
            if lead is None or not others:
                continue
            title = shorten(lead.finding.text, TITLE_EM)
            items = tuple(self._bullet(fact) for fact in others)
            slide = BulletSlide(eyebrow=self._words.detail, title=title, items=items)
            found.append(
                Offer(slide=slide, part=Part.THEME, worth=2.6, message="", place=50 + place)
            )
        return found

    def _fills(self, theme: Theme) -> bool:
        return len(theme.facts) > _LEAST_BULLETS and self._best(theme.facts, TITLE_EM) is not None

    def _bullet(self, fact: Fact, room: float = BULLET_EM) -> tuple[Run, ...]:
        text = shorten(fact.finding.text, room)
        return (Run(text=text, source_ids=self._material.cite(fact.finding)),)

    def _best(self, facts: Sequence[Fact], most_em: float) -> Fact | None:
        """Return the weightiest statement that can be said in so little room."""
        order = {id(fact.finding): rank for rank, fact in enumerate(self._material.facts)}
        ranked = sorted(facts, key=lambda fact: order[id(fact.finding)])
        return next((f for f in ranked if fits(shorten(f.finding.text, most_em), most_em)), None)

    def _quote_slides(self) -> list[Offer]:
        found = []
        for fact in self._material.facts:
            text = fact.finding.text
            low, high = _QUOTE_EM
            if fact.passage is None or not fits(text, high) or fits(text, low):
                continue
            quote = Run(text=text, source_ids=self._material.cite(fact.finding))
            slide = QuoteSlide(
                eyebrow=self._words.quote,
                title=self._words.quote_title.format(topic=fact.finding.topic),
                quote=quote,
                attribution=f"{fact.passage.file_name}, {fact.passage.locator}",
            )
            worth = 3.0 - 0.1 * len(found)
            found.append(
                Offer(
                    slide=slide,
                    part=Part.QUOTE,
                    worth=worth,
                    message="",
                    source_ids=quote.source_ids,
                )
            )
        return found[:4]

    def _disagreement_slides(self) -> list[Offer]:
        items, ids = [], []
        for finding in self._material.contradictions[:3]:
            cited = self._material.cite(finding)
            ids += cited
            items.append((Run(text=self._dispute(finding), source_ids=cited),))
        if not items:
            return []
        title = self._words.one_disagreement
        if len(items) > 1:
            title = self._words.disagreements_title.format(
                count=self._words.counts[len(items)].lower()
            )
        slide = BulletSlide(eyebrow=self._words.disagreements, title=title, items=tuple(items))
        return [
            Offer(
                slide=slide, part=Part.DISAGREEMENT, worth=6.5, message=title, source_ids=tuple(ids)
            )
        ]

    def _dispute(self, finding: Finding) -> str:
        """Say a disagreement in the two sentences that open it, where a file declares it."""
        quotes = self._material.quotes_of(finding)
        sentences = split_sentences(quotes[0]) if quotes and quotes[0] in finding.text else []
        text = " ".join(sentences[:2])
        return text if len(sentences) > 1 else finding.text

    def _gap_slides(self) -> list[Offer]:
        if not self._material.gaps:
            return []
        items = tuple((Run(text=gap),) for gap in self._material.gaps[:_MOST_BULLETS])
        slide = BulletSlide(eyebrow=self._words.gaps, title=self._words.gaps_title, items=items)
        return [Offer(slide=slide, part=Part.GAPS, worth=2.0, message="")]

    def _ids(self, table: SourceTable) -> tuple[str, ...]:
        return self._material.citations.table(table)

    def _computed(self, report: TableReport, lead: Insight) -> str:
        table = report.table
        note = self._words.computed_note.format(file=table.file_name, locator=table.locator)
        return f"{lead.text} {note}"


def _distinct_kpis(kpis: Sequence[DeckKpi]) -> tuple[DeckKpi, ...]:
    by_label = {kpi.label: kpi for kpi in reversed(kpis)}
    return tuple(by_label[label] for label in dict.fromkeys(kpi.label for kpi in kpis))


def _lowered(text: str, words: DeckWords) -> str:
    return text if words.language == "ko" else text
