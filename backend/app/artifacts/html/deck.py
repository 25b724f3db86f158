"""A preview of a deck: its slides as cards in the proportion of the screen."""

from collections.abc import Iterable

from app.artifacts.blocks import (
    BulletSlide,
    Card,
    CardSlide,
    ChartSlide,
    Deck,
    DeckKpi,
    QuoteSlide,
    Slide,
    SourcesSlide,
    TableSlide,
    TitleSlide,
)
from app.artifacts.captions import source_label
from app.artifacts.characters import clean_model
from app.artifacts.grid import table_grid
from app.artifacts.html.fragments import Fragments
from app.artifacts.html.page import page
from app.artifacts.html.tags import line, tag, text

_NOTES = {"en": "Notes", "ko": "발표자 노트"}


def preview_deck(deck: Deck) -> str:
    """Write a deck as a page: one card a slide, speaker notes folded below it."""
    cleaned = clean_model(deck)
    fragments = Fragments(cleaned.sources, cleaned.language)
    has_sources_slide = any(isinstance(slide, SourcesSlide) for slide in cleaned.slides)
    slides = "".join(
        tag("li", _slide(slide, fragments), _notes(slide, fragments)) for slide in cleaned.slides
    )
    body = tag("h1", line(cleaned.title)) + tag("ol", slides, class_="slides")
    if not has_sources_slide:
        body += fragments.sources()
    return page(title=cleaned.title, language=cleaned.language, body=body, body_class="deck")


def _slide(slide: Slide, fragments: Fragments) -> str:
    if isinstance(slide, TitleSlide):
        return _cover(slide)
    if isinstance(slide, SourcesSlide):
        title = tag("h2", line(slide.title))
        return tag("article", title, fragments.source_list(), class_="slide sources")
    return _content_slide(slide, fragments)


def _cover(slide: TitleSlide) -> str:
    lines = tuple(filter(None, (slide.subtitle, slide.footer)))
    inside = (tag("h2", line(slide.title)), *(tag("p", line(one)) for one in lines))
    return tag("article", *inside, class_="slide cover")


def _content_slide(
    slide: BulletSlide | ChartSlide | CardSlide | TableSlide | QuoteSlide, fragments: Fragments
) -> str:
    match slide:
        case BulletSlide():
            body = tag("ul", *(tag("li", fragments.runs(item)) for item in slide.items))
        case ChartSlide():
            body = _chart(slide, fragments)
        case CardSlide():
            body = _cards(slide.cards, fragments)
        case TableSlide():
            body = _table(slide, fragments)
        case QuoteSlide():
            quote = tag("blockquote", fragments.runs((slide.quote,)))
            body = quote + tag("p", text(slide.attribution), class_="note")
    eyebrow = tag("p", line(slide.eyebrow), class_="eyebrow") if slide.eyebrow else ""
    title = tag("h2", line(slide.title))
    return tag("article", eyebrow, title, body, _foot(slide, fragments), class_="slide")


def _chart(slide: ChartSlide, fragments: Fragments) -> str:
    chart = tag("figure", fragments.chart(slide.chart))
    if not slide.kpis:
        return chart
    kpis = tag("ul", *(_kpi(kpi, fragments) for kpi in slide.kpis), class_="kpis")
    return tag("div", chart, kpis, class_="split")


def _kpi(kpi: DeckKpi, fragments: Fragments) -> str:
    label = line(kpi.label) + fragments.citations(kpi.source_ids)
    return tag(
        "li", tag("span", line(kpi.value), class_="value"), tag("span", label, class_="label")
    )


def _cards(cards: Iterable[Card], fragments: Fragments) -> str:
    items = (
        tag(
            "li",
            tag("span", f"{number:02d}", class_="index", aria_hidden="true"),
            tag("h3", line(card.title)),
            tag("p", fragments.runs(card.runs)),
        )
        for number, card in enumerate(cards, start=1)
    )
    return tag("ul", *items, class_="cards")


def _table(slide: TableSlide, fragments: Fragments) -> str:
    grid = table_grid(slide.columns, slide.rows, fragments.language, has_total=slide.has_total)
    return fragments.table(grid, label=slide.title)


def _foot(slide: object, fragments: Fragments) -> str:
    if not isinstance(slide, ChartSlide | TableSlide):
        return ""
    marks = fragments.citations(slide.source_ids)
    label = line(source_label(fragments.language))
    return tag("p", f"{label} {marks}", class_="foot") if marks else ""


def _notes(slide: Slide, fragments: Fragments) -> str:
    if isinstance(slide, TitleSlide | SourcesSlide) or not slide.notes:
        return ""
    summary = tag("summary", line(_NOTES[fragments.language]))
    return tag("details", summary, tag("p", text(slide.notes)))
