"""What was read from a user's files, and how a claim points back at it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from app.schemas.base import Frozen

Language = Literal["en", "ko"]
CellValue = bool | int | float | datetime | date | str | None


class PassageKind(StrEnum):
    """What kind of text a passage holds."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    NOTE = "note"


class Passage(Frozen):
    """One citable piece of a file: whole paragraphs, or up to twenty rows of a table.

    `locator` says where it stands in words a reader can follow: "p. 3", "Sheet1!A2:D21",
    "slide 4", "Market > Demand". `section` is the heading path above it. `sha256` is the hash of
    the normalised text; a citation carries it so that a later change of the file shows.
    """

    id: str
    file_id: str
    file_name: str
    ordinal: int
    kind: PassageKind
    locator: str
    section: str = ""
    text: str
    sha256: str


class ColumnKind(StrEnum):
    """The type of every value in a column."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    CURRENCY = "currency"
    PERCENT = "percent"
    DATE = "date"
    YEAR = "year"


class TableColumn(Frozen):
    """A typed column. `unit` is as the file gives it ("USD", "억원"); percents are fractions."""

    name: str
    kind: ColumnKind = ColumnKind.TEXT
    unit: str | None = None
    decimals: int = 0


class SourceTable(Frozen):
    """A table found in a file, typed. `locator` is the range or page it came from."""

    id: str
    file_id: str
    file_name: str
    title: str
    locator: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    passage_ids: tuple[str, ...] = ()


class Extract(Frozen):
    """All that reading one file gave. `notices` tell its owner what was left out."""

    file_id: str
    file_name: str
    media_type: str
    sha256: str
    title: str
    language: Language
    page_count: int | None = None
    passages: tuple[Passage, ...] = ()
    tables: tuple[SourceTable, ...] = ()
    notices: tuple[str, ...] = ()


class Source(Frozen):
    """Where a claim comes from. `quote` stands word for word in the stored passage `sha256`."""

    id: str
    kind: Literal["file", "web"] = "file"
    title: str
    file_id: str | None = None
    file_name: str | None = None
    passage_id: str | None = None
    locator: str | None = None
    url: str | None = None
    retrieved_at: datetime | None = None
    quote: str
    sha256: str
