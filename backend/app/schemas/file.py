"""Users' files as they see them."""

from datetime import datetime

from pydantic import Field

from app.schemas.base import Frozen
from app.schemas.page import Page


class FileRead(Frozen):
    """An uploaded file and what was read from it."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    title: str
    language: str
    page_count: int | None = None
    passage_count: int = Field(description="Citable pieces of text.")
    table_count: int
    notices: tuple[str, ...] = Field(description="What was left out on reading, and why.")
    created_at: datetime


class FilePage(Page[FileRead]):
    """A page of files, newest first."""


class FileList(Frozen):
    """The files that one upload gave, in its order."""

    items: tuple[FileRead, ...]


class PassageRead(Frozen):
    """A passage found by search; `locator` says where in the file it stands."""

    file_id: str
    file_name: str
    locator: str
    section: str
    text: str
    sha256: str
    score: float = Field(description="The fused rank; higher is nearer.")


class PassageList(Frozen):
    """What a search found, nearest first."""

    items: tuple[PassageRead, ...]
