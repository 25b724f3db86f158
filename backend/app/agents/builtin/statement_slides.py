"""Slides of statements: cards, topics, quotes, disagreements, gaps."""

from collections.abc import Sequence

from app.agents.builtin.deck_offers import BULLET_EM, TITLE_EM, Offer, Part
from app.agents.builtin.deck_words import DeckWords
from app.agents.builtin.declared import is_declared
from app.agents.builtin.material import Fact, Material, Theme
from app.agents.builtin.shorten import fits, keeps_point, shorten
from app.agents.results import Finding
from app.artifacts.blocks import BulletSlide, Card, CardSlide, QuoteSlide, Run
from app.schemas.locator import shown_locator
from app.sources import split_sentences

CARD_EM, CARD_TITLE_EM = 105.0, 15.0
_MOST_CARDS, _MOST_BULLETS, _LEAST_BULLETS, _FEW = 3, 4, 2, 3
_LAST_PLACE = 50
_QUOTE_EM = (24.0, 110.0)


class StatementSlides:
    """Makes the slides that carry the sources' own words."""

    def __init__(self, material: Material, words: DeckWords) -> None:
        self._material = material
        self._words = words

    def offers(self) -> list[Offer]:
        """Return all slides of statements that the findings can fill."""
        return [
            *self._theme_slides(),
            *self._further_slides(),
            *self._quote_slides(),
            *self._disagreement_slides(),
            *self._gap_slides(),
        ]

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
        texts: list[str] = []
        for theme in themes:
            fact = self._best(theme.facts, CARD_EM)
            if fact is None:
                continue
            ids = self._material.cite(fact.finding)
            text = f"{shorten(fact.finding.text, CARD_EM)}."
            texts.append(fact.finding.text)
            cards.append(Card(title=theme.label, runs=(Run(text=text, source_ids=ids),)))
        if len(cards) < 2:
            return []
        title, title_ids = self._cards_title(themes, set(texts), len(cards))
        slide = CardSlide(
            eyebrow=self._words.themes,
            title=title,
            cards=tuple(cards),
            source_ids=title_ids,
            notes=self._words.facts_note,
        )
        said = (id for card in cards for run in card.runs for id in run.source_ids)
        ids = (*title_ids, *said)
        return [
            Offer(
                slide=slide,
                part=Part.THEMES,
                worth=7.0,
                message="",
                source_ids=ids,
                texts=frozenset(texts),
            )
        ]

    def _cards_title(
        self, themes: Sequence[Theme], shown: set[str], count: int
    ) -> tuple[str, tuple[str, ...]]:
        """Say the strongest finding of the themes, one that no card has if there is any."""
        facts = [fact for theme in themes for fact in theme.facts]
        others = [fact for fact in facts if fact.finding.text not in shown]
        lead = self._best(others, TITLE_EM) or self._best(facts, TITLE_EM)
        if lead is None:
            return self._words.themes_title.format(count=self._words.counts[count]), ()
        return shorten(lead.finding.text, TITLE_EM), self._material.cite(lead.finding)

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
            source_ids=self._material.cite(lead.finding),
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
            texts=frozenset(fact.finding.text for fact in others),
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
            slide = BulletSlide(
                eyebrow=self._words.detail,
                title=title,
                items=items,
                source_ids=self._material.cite(lead.finding),
            )
            found.append(
                Offer(
                    slide=slide,
                    part=Part.THEME,
                    worth=2.6,
                    message="",
                    place=_LAST_PLACE + place,
                    texts=frozenset(fact.finding.text for fact in group),
                )
            )
        return found

    def _fills(self, theme: Theme) -> bool:
        return len(theme.facts) > _LEAST_BULLETS and self._best(theme.facts, TITLE_EM) is not None

    def _bullet(self, fact: Fact, room: float = BULLET_EM) -> tuple[Run, ...]:
        text = fact.finding.text
        text = shorten(text, room if keeps_point(text, room) else 2 * BULLET_EM)
        return (Run(text=text, source_ids=self._material.cite(fact.finding)),)

    def _best(self, facts: Sequence[Fact], most_em: float) -> Fact | None:
        """Return the weightiest statement that can be said in so little room."""
        order = {id(fact.finding): rank for rank, fact in enumerate(self._material.facts)}
        ranked = sorted(facts, key=lambda fact: order[id(fact.finding)])
        return next((f for f in ranked if keeps_point(f.finding.text, most_em)), None)

    def _quote_slides(self) -> list[Offer]:
        found: list[Offer] = []
        for fact in self._material.facts:
            text = fact.finding.text
            low, high = _QUOTE_EM
            if fact.passage is None or not fits(text, high) or fits(text, low):
                continue
            located = shown_locator(fact.passage.locator, self._material.language)
            quote = Run(text=text, source_ids=self._material.cite(fact.finding))
            slide = QuoteSlide(
                eyebrow=self._words.quote,
                title=fact.finding.topic,
                quote=quote,
                attribution=f"{fact.passage.file_name}, {located}",
            )
            worth = 3.0 - 0.1 * len(found)
            found.append(
                Offer(
                    slide=slide,
                    part=Part.QUOTE,
                    worth=worth,
                    message="",
                    source_ids=quote.source_ids,
                    texts=frozenset({text}),
                )
            )
        return found[:4]

    def _disagreement_slides(self) -> list[Offer]:
        items: list[tuple[Run, ...]] = []
        ids: list[str] = []
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
        if not quotes or not is_declared(quotes[0]):
            return finding.text
        return " ".join(split_sentences(quotes[0])[:2])

    def _gap_slides(self) -> list[Offer]:
        if not self._material.gaps:
            return []
        items = tuple((Run(text=gap),) for gap in self._material.gaps[:_MOST_BULLETS])
        slide = BulletSlide(eyebrow=self._words.gaps, title=self._words.gaps_title, items=items)
        return [Offer(slide=slide, part=Part.GAPS, worth=2.0, message="")]
