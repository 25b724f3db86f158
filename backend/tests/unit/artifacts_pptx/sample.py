"""A deck with one slide of each kind."""

import io
from datetime import UTC, date, datetime

from pptx import Presentation
from pptx.presentation import Presentation as OpenDeck

from app.artifacts.blocks import (
    BulletSlide,
    Card,
    CardSlide,
    ChartKind,
    ChartSeries,
    ChartSlide,
    ChartSpec,
    Deck,
    DeckKpi,
    QuoteSlide,
    Run,
    Slide,
    SourcesSlide,
    TableSlide,
    TitleSlide,
)
from app.artifacts.pptx import render
from app.schemas.source import ColumnKind, Language, Source, TableColumn

LONG = (
    "A title that goes on about the market, the regulation, the prices & the <people> who decide, "
    "until nobody can follow it any more, and then for another line or two, since nobody stops it"
)
LONG_KOREAN = (
    "아주 긴 제목이 계속 이어지며 시장과 제도와 가격과 사람들에 대해 끝없이 이야기하다가 아무도 "
    "더는 따라갈 수 없게 되고 그 뒤로도 몇 줄이나 더 이어지는데 글쓴이가 멈추지 못했기 때문입니다"
)


def make_sources(count: int = 2) -> tuple[Source, ...]:
    return tuple(
        Source(
            id=f"s{number}",
            title=f"Statistics {number}",
            file_name=f"supply{number}.xlsx",
            locator=f"Supply!A{number}",
            quote=f"The market reached {number} million.",
            retrieved_at=datetime(2026, 11, number % 28 + 1, tzinfo=UTC),
            sha256="ab" * 32,
        )
        for number in range(1, count + 1)
    )


def make_chart(**changes: object) -> ChartSpec:
    chart = ChartSpec(
        kind=ChartKind.COLUMN,
        title="Market size",
        unit="USD million",
        categories=("2024", "2025", "2026E"),
        series=(ChartSeries(name="Size", values=(118, None, 322)),),
        alt_text="The size grows from 118 to 322.",
        emphasis_from=2,
    )
    return chart.model_copy(update=changes)


def make_chart_slide(**changes: object) -> ChartSlide:
    slide = ChartSlide(
        eyebrow="Size",
        title="The market nearly triples",
        chart=make_chart(),
        kpis=(DeckKpi(value="39%", label="growth in 2025", source_ids=("s1",)),),
        source_ids=("s2",),
        notes="Say the growth first.",
    )
    return slide.model_copy(update=changes)


def make_bullets(count: int = 3, text: str = "A point", *, title: str = "Points") -> BulletSlide:
    items = tuple(
        (Run(text=f"{text} {number}", source_ids=("s1",)),) for number in range(1, count + 1)
    )
    return BulletSlide(eyebrow="Summary", title=title, items=items, notes="Be short.")


def make_cards(count: int = 3, text: str = "Because of this.") -> CardSlide:
    cards = tuple(
        Card(title=f"Force {number}", runs=(Run(text=text, source_ids=("s2",)),))
        for number in range(1, count + 1)
    )
    return CardSlide(eyebrow="Drivers", title="Forces drive demand", cards=cards)


def make_table(rows: int = 3, columns: int = 3, **changes: object) -> TableSlide:
    kinds = (ColumnKind.TEXT, ColumnKind.CURRENCY, ColumnKind.PERCENT)
    slide = TableSlide(
        title="Every year is profitable",
        columns=tuple(
            TableColumn(name=f"Column {place}", kind=kinds[place % 3], unit="USD", decimals=1)
            for place in range(columns)
        ),
        rows=tuple(
            tuple([f"Row {row}", -1234.5, 0.25][place % 3] for place in range(columns))
            for row in range(rows)
        ),
        has_total=True,
        source_ids=("s1",),
    )
    return slide.model_copy(update=changes)


def make_quote(text: str = "Storage pays.") -> QuoteSlide:
    return QuoteSlide(
        title="The source says it",
        quote=Run(text=text, source_ids=("s2",)),
        attribution="Statistics, p. 2",
    )


def make_deck(*slides: Slide, language: Language = "en", sources: int = 2) -> Deck:
    every = (
        TitleSlide(title="The market", subtitle="What drives it"),
        make_bullets(),
        make_chart_slide(),
        make_cards(),
        make_table(),
        make_quote(),
        SourcesSlide(title="Sources"),
    )
    return Deck(
        title="Market",
        language=language,
        created_on=date(2026, 11, 24),
        slides=slides or every,
        sources=make_sources(sources),
    )


def opened(deck: Deck) -> OpenDeck:
    return Presentation(io.BytesIO(render(deck, "deck.pptx").content))
