"""A written document as data."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.artifacts.blocks.chart import ChartSpec
from app.artifacts.blocks.text import Run
from app.schemas.base import Frozen
from app.schemas.source import CellValue, Language, Source, TableColumn


class Heading(Frozen):
    """A section heading, level 1 to 3."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=3)
    text: str


class Paragraph(Frozen):
    """Body text."""

    kind: Literal["paragraph"] = "paragraph"
    runs: tuple[Run, ...]


class ListBlock(Frozen):
    """A bulleted or numbered list; each item is a tuple of runs."""

    kind: Literal["list"] = "list"
    ordered: bool = False
    items: tuple[tuple[Run, ...], ...]


class Table(Frozen):
    """A table of typed cells. `has_total` marks the last row as a total."""

    kind: Literal["table"] = "table"
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    has_total: bool = False
    source_ids: tuple[str, ...] = ()


class Figure(Frozen):
    """A chart with a caption."""

    kind: Literal["figure"] = "figure"
    chart: ChartSpec
    caption: str
    source_ids: tuple[str, ...] = ()


class Callout(Frozen):
    """A shaded box: the key message, a warning, a limit of the work."""

    kind: Literal["callout"] = "callout"
    label: str
    runs: tuple[Run, ...]
    tone: Literal["key", "warning"] = "key"


Block = Annotated[
    Heading | Paragraph | ListBlock | Table | Figure | Callout, Field(discriminator="kind")
]


class Document(Frozen):
    """A document. The number of a citation is its source's place in `sources`, from 1."""

    title: str
    subtitle: str = ""
    eyebrow: str = ""
    language: Language
    created_on: date
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...] = ()
