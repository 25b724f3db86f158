"""A slide deck as data: one message a slide, said in its title."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.artifacts.blocks.chart import ChartSpec
from app.artifacts.blocks.text import Run
from app.schemas.base import Frozen
from app.schemas.source import CellValue, Language, Source, TableColumn


class DeckKpi(Frozen):
    """A headline figure as it is to be shown ("39%", "5,680억 원"), and what it measures."""

    value: str
    label: str
    source_ids: tuple[str, ...] = ()


class Card(Frozen):
    """One of two to four equal points of a slide."""

    title: str
    runs: tuple[Run, ...]


class TitleSlide(Frozen):
    """The cover."""

    kind: Literal["title"] = "title"
    title: str
    subtitle: str = ""
    footer: str = ""


class BulletSlide(Frozen):
    """Up to six short points. `source_ids` are those of the title's own claim."""

    kind: Literal["bullets"] = "bullets"
    eyebrow: str = ""
    title: str
    items: tuple[tuple[Run, ...], ...]
    source_ids: tuple[str, ...] = ()
    notes: str = ""


class ChartSlide(Frozen):
    """A native chart and up to three headline figures."""

    kind: Literal["chart"] = "chart"
    eyebrow: str = ""
    title: str
    chart: ChartSpec
    kpis: tuple[DeckKpi, ...] = ()
    source_ids: tuple[str, ...] = ()
    notes: str = ""


class CardSlide(Frozen):
    """Two to four cards side by side. `source_ids` are those of the title's own claim."""

    kind: Literal["cards"] = "cards"
    eyebrow: str = ""
    title: str
    cards: tuple[Card, ...]
    source_ids: tuple[str, ...] = ()
    notes: str = ""


class TableSlide(Frozen):
    """A small table: at most eight rows and six columns."""

    kind: Literal["table"] = "table"
    eyebrow: str = ""
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    has_total: bool = False
    source_ids: tuple[str, ...] = ()
    notes: str = ""


class QuoteSlide(Frozen):
    """One sentence of a source, word for word."""

    kind: Literal["quote"] = "quote"
    eyebrow: str = ""
    title: str
    quote: Run
    attribution: str
    notes: str = ""


class SourcesSlide(Frozen):
    """The list of sources; the renderer fills it from `Deck.sources`."""

    kind: Literal["sources"] = "sources"
    title: str


Slide = Annotated[
    TitleSlide | BulletSlide | ChartSlide | CardSlide | TableSlide | QuoteSlide | SourcesSlide,
    Field(discriminator="kind"),
]


class Deck(Frozen):
    """A 16:9 deck. The number of a citation is its source's place in `sources`, from 1."""

    title: str
    language: Language
    created_on: date
    slides: tuple[Slide, ...]
    sources: tuple[Source, ...] = ()
