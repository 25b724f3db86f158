"""What every slide writer needs: the slide, its page, the deck's language and sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pptx.slide import Slide

from app.artifacts.citations import SourceEntry
from app.artifacts.pptx.pages import Page
from app.schemas.source import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class SlideWriting:
    """One slide being written."""

    slide: Slide
    page: Page
    number: int
    language: Language
    created_on: date
    numbers: Mapping[str, int]
    entries: tuple[SourceEntry, ...]
    """All sources of the deck."""
    cited: tuple[SourceEntry, ...]
    """The sources of this slide."""
