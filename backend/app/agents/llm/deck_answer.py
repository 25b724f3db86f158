"""The shape in which a model designs a deck."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from app.agents.llm.chart_choice import ChartChoice
from app.agents.llm.wire import Answer

MAX_SLIDES = 40


class BulletsAnswer(Answer):
    """A slide of short points."""

    kind: Literal["bullets"]
    eyebrow: str = Field(max_length=60, description="The part of the story, one to three words.")
    title: str = Field(min_length=1, max_length=140)
    items: tuple[str, ...] = Field(min_length=1, max_length=6)
    notes: str = Field(max_length=600)


class CardAnswer(Answer):
    """A card."""

    title: str = Field(min_length=1, max_length=60)
    text: str = Field(min_length=1, max_length=260)


class CardsAnswer(Answer):
    """A slide of parallel points."""

    kind: Literal["cards"]
    eyebrow: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=140)
    cards: tuple[CardAnswer, ...] = Field(min_length=2, max_length=4)
    notes: str = Field(max_length=600)


class KpiAnswer(Answer):
    """A headline figure, as its fact has it."""

    value: str = Field(min_length=1, max_length=24)
    label: str = Field(min_length=1, max_length=80)
    fact: str = Field(max_length=8, description="Reference of the fact, such as F2.")


class ChartAnswer(ChartChoice):
    """A slide with a chart and headline figures."""

    kind: Literal["chart"]
    eyebrow: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=140)
    chart_title: str = Field(max_length=140)
    kpis: tuple[KpiAnswer, ...] = Field(max_length=3)
    notes: str = Field(max_length=600)


class TableSlideAnswer(Answer):
    """A slide with a small table, by reference."""

    kind: Literal["table"]
    eyebrow: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=140)
    table: str = Field(max_length=8)
    columns: tuple[str, ...] = Field(max_length=6)
    notes: str = Field(max_length=600)


class QuoteAnswer(Answer):
    """A slide with the words of a source."""

    kind: Literal["quote"]
    eyebrow: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=140)
    fact: str = Field(max_length=8)
    notes: str = Field(max_length=600)


SlideAnswer = BulletsAnswer | CardsAnswer | ChartAnswer | TableSlideAnswer | QuoteAnswer


class DeckAnswer(Answer):
    """A deck without its title slide and sources."""

    title: str = Field(min_length=1, max_length=120)
    subtitle: str = Field(max_length=200)
    slides: tuple[SlideAnswer, ...] = Field(min_length=1, max_length=MAX_SLIDES)


def slide_texts(slide: SlideAnswer) -> Iterator[str]:
    """Return every text of a slide, for the check of its numbers."""
    yield from (slide.eyebrow, slide.title, slide.notes)
    if isinstance(slide, BulletsAnswer):
        yield from slide.items
    elif isinstance(slide, CardsAnswer):
        for card in slide.cards:
            yield from (card.title, card.text)
    elif isinstance(slide, ChartAnswer):
        yield slide.chart_title
        for kpi in slide.kpis:
            yield from (kpi.value, kpi.label)
