"""The block model: what agents write and renderers read."""

from app.artifacts.blocks.chart import ChartKind, ChartSeries, ChartSpec
from app.artifacts.blocks.deck import (
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
from app.artifacts.blocks.document import (
    Block,
    Callout,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Table,
)
from app.artifacts.blocks.text import Run, plain_text
from app.artifacts.blocks.workbook import Formula, Kpi, Sheet, SheetChart, SheetTable, Workbook

__all__ = [
    "Block",
    "BulletSlide",
    "Callout",
    "Card",
    "CardSlide",
    "ChartKind",
    "ChartSeries",
    "ChartSlide",
    "ChartSpec",
    "Deck",
    "DeckKpi",
    "Document",
    "Figure",
    "Formula",
    "Heading",
    "Kpi",
    "ListBlock",
    "Paragraph",
    "QuoteSlide",
    "Run",
    "Sheet",
    "SheetChart",
    "SheetTable",
    "Slide",
    "SourcesSlide",
    "Table",
    "TableSlide",
    "TitleSlide",
    "Workbook",
    "plain_text",
]
