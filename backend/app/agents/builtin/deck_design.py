"""A deck of an exact number of slides: cover, summary, the best of the material, sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.agents.builtin.deck_offers import BULLET_EM, TITLE_EM, Offer, Part
from app.agents.builtin.deck_space import cited_ids, fitting_points, slide_count_of
from app.agents.builtin.deck_words import DeckWords, deck_words
from app.agents.builtin.document_words import document_words
from app.agents.builtin.figure_slides import FigureSlides
from app.agents.builtin.material import Material
from app.agents.builtin.shorten import fits, keeps_point, shorten
from app.agents.builtin.statement_slides import StatementSlides
from app.artifacts.blocks import (
    BulletSlide,
    Card,
    CardSlide,
    Deck,
    Run,
    Slide,
    SourcesSlide,
    TitleSlide,
)
from app.schemas.source import Source

_MOST_POINTS = 5
_FEW_POINTS, _MOST_CARDS = 2, 3


@dataclass(frozen=True, slots=True)
class _Try:
    """How sparing a deck is with points and with sources."""

    most_points: int
    source_price: float = 0.0


_TRIES = (_Try(5), _Try(3), _Try(2), _Try(3, 0.3), _Try(2, 0.3), _Try(2, 0.6), _Try(2, 1.0))


def _worth(offer: Offer, source_price: float) -> float:
    """Return what a slide is worth, less the price of its sources; the themes are free."""
    if offer.part is Part.THEMES:
        return offer.worth
    return offer.worth - source_price * max(0, len(set(offer.source_ids)) - 1)


def _repeats(offer: Offer, carried: set[str]) -> bool:
    """Say whether most of what a slide carries stands on another already."""
    return bool(offer.texts) and len(offer.texts & carried) * 2 > len(offer.texts)


def _trimmed(slide: Slide, most: int) -> Slide:
    """Keep the first points of a slide of points."""
    if not isinstance(slide, BulletSlide):
        return slide
    return fitting_points(slide.model_copy(update={"items": slide.items[:most]}))


class DeckDesigner:
    """Designs one deck. Blocks: run it in a thread."""

    def __init__(self, title: str, material: Material, today: date) -> None:
        self._title = title
        self._material = material
        self._today = today
        self._words: DeckWords = deck_words(material.language)
        figures = FigureSlides(material, self._words).offers()
        self._offers = [*figures, *StatementSlides(material, self._words).offers()]

    def design(self, slide_count: int) -> Deck:
        """Return a deck whose file has exactly `slide_count` slides, or fewer honest ones.

        A long list of sources takes a slide more: then slides get fewer points, or one slide of
        content is left out.
        """
        best = self._deck(2, _TRIES[-1])
        for room in range(slide_count, 1, -1):
            for attempt in _TRIES:
                deck = self._deck(room, attempt)
                pages = slide_count_of(deck)
                if pages == slide_count:
                    return deck
                if slide_count_of(best) < pages < slide_count:
                    best = deck
            if len(deck.slides) < room and pages < slide_count:
                break
        return best

    def _deck(self, room: int, attempt: _Try) -> Deck:
        cover = TitleSlide(
            title=self._title,
            subtitle=document_words(self._material.language).based_on(self._material.file_names()),
            footer=document_words(self._material.language).month(self._today),
        )
        chosen = self._chosen(max(0, room - 3), attempt.source_price)
        slides: list[Slide] = [cover] if room > 2 else []
        summary = self._summary(chosen)
        slides += [_trimmed(summary, attempt.most_points + 1)] if summary is not None else []
        slides += [_trimmed(offer.slide, attempt.most_points) for offer in chosen]
        used = self._sources_of(slides)
        if used:
            slides.append(SourcesSlide(title=self._words.sources))
        return Deck(
            title=self._title,
            language=self._material.language,
            created_on=self._today,
            slides=tuple(slides),
            sources=used,
        )

    def _chosen(self, count: int, source_price: float) -> list[Offer]:
        """Choose the most wanted slides, each message once, and put them in order of the talk.

        With a price on sources, slides that need few are preferred.
        """
        chosen: list[Offer] = []
        carried: set[str] = set()
        for offer in sorted(self._offers, key=lambda o: -_worth(o, source_price)):
            titles = {o.slide.title for o in chosen}
            is_new = offer.slide.title not in titles and not _repeats(offer, carried)
            if len(chosen) < count and is_new:
                chosen.append(offer)
                carried |= offer.texts
        chosen += self._quotes(count - len(chosen), chosen)
        return sorted(chosen, key=lambda o: (o.part, o.place, -o.worth))

    def _quotes(self, count: int, chosen: Sequence[Offer]) -> list[Offer]:
        """Show statements in full, where the files hold nothing else for the slides asked for."""
        quoted = {text for offer in chosen if offer.part is Part.QUOTE for text in offer.texts}
        titles = {offer.slide.title for offer in chosen}
        rest = [
            offer
            for offer in self._offers
            if offer.part is Part.QUOTE
            and not offer.texts & quoted
            and offer.slide.title not in titles
        ]
        by_title = {offer.slide.title: offer for offer in reversed(rest)}
        return list(by_title.values())[: max(0, count)]

    def _summary(self, chosen: Sequence[Offer]) -> BulletSlide | CardSlide | None:
        """Say the message of each slide, and the weightiest points besides."""
        said = {offer.slide.title for offer in chosen}
        title, title_ids = self._lead_message(said)
        runs = [
            Run(text=offer.message, source_ids=offer.source_ids[:1])
            for offer in chosen
            if offer.message
        ]
        runs += self._card_messages(chosen)
        runs += self._facts({title, *(run.text for run in runs)})
        runs = [run for run in runs if run.text != title]
        items = tuple((run,) for run in {run.text: run for run in runs}.values())
        cards = self._figure_cards() if len(items) <= _FEW_POINTS else ()
        if cards:
            return CardSlide(
                eyebrow=self._words.summary, title=title, cards=cards, source_ids=title_ids
            )
        if not items:
            return None
        return BulletSlide(
            eyebrow=self._words.summary,
            title=title,
            items=items[:_MOST_POINTS],
            source_ids=title_ids,
        )

    def _figure_cards(self) -> tuple[Card, ...]:
        """Make a card of each of the weightiest figures; none where there are less than two."""
        told: dict[str, Card] = {}
        for report, insight in self._material.insights[:_MOST_CARDS]:
            ids = self._material.citations.table(report.table)
            run = Run(text=insight.text, source_ids=ids)
            told.setdefault(insight.value, Card(title=insight.value, runs=(run,)))
        return tuple(told.values()) if len(told) > 1 else ()

    def _lead_message(self, said: set[str]) -> tuple[str, tuple[str, ...]]:
        """Return the weightiest message that no other slide has as its title, and its sources."""
        for report, insight in self._material.insights[:3]:
            if fits(insight.headline, TITLE_EM) and insight.headline not in said:
                return insight.headline, self._material.citations.table(report.table)
        for fact in self._material.key_facts:
            text = shorten(fact.finding.text, TITLE_EM)
            is_whole = keeps_point(fact.finding.text, TITLE_EM) and fits(text, TITLE_EM)
            if is_whole and text not in said:
                return text, self._material.cite(fact.finding)
        return self._words.summary_title, ()

    def _card_messages(self, chosen: Sequence[Offer]) -> list[Run]:
        """Take over what the cards say, so that the summary needs no sources of its own."""
        runs = [
            run
            for offer in chosen
            if isinstance(offer.slide, CardSlide)
            for card in offer.slide.cards
            for run in card.runs
        ]
        return [run.model_copy(update={"text": run.text.removesuffix(".")}) for run in runs]

    def _facts(self, said: set[str]) -> list[Run]:
        found = []
        for fact in self._material.key_facts[:6]:
            text = shorten(fact.finding.text, BULLET_EM)
            if text not in said and keeps_point(fact.finding.text, BULLET_EM):
                found.append(Run(text=text, source_ids=self._material.cite(fact.finding)))
        return found[:2]

    def _sources_of(self, slides: Sequence[Slide]) -> tuple[Source, ...]:
        """Return the sources in the order in which the slides cite them."""
        known = {source.id: source for source in self._material.citations.sources}
        return tuple(known[id] for id in cited_ids(slides) if id in known)
