"""The gate of decks: a file is opened again, measured and compared with its blocks."""

import io
import zipfile
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError
from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.presentation import Presentation as OpenDeck

from app.artifacts.blocks import Deck
from app.artifacts.characters import clean_model
from app.artifacts.checks import gate_check
from app.artifacts.pptx.gate_content import (
    chart_problems,
    glyph_problems,
    notes_problems,
    table_problems,
)
from app.artifacts.pptx.gate_layout import (
    bullet_problems,
    overlap_problems,
    picture_problems,
    size_problems,
    text_problems,
    title_problems,
)
from app.artifacts.pptx.gate_sources import (
    citation_problems,
    embedded_problems,
    list_problems,
)
from app.artifacts.pptx.pages import deck_pages
from app.artifacts.report import GateReport

_UNREADABLE = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    XMLSyntaxError,
    ParseError,
    PythonPptxError,
    OSError,
)


def check_pptx(content: bytes, deck: Deck) -> GateReport:
    """Check a file against the blocks that it was made from."""
    deck = clean_model(deck)
    try:
        file = Presentation(io.BytesIO(content))
        return _report(content, file, deck)
    except _UNREADABLE as error:
        problem = f"the file does not open: {type(error).__name__}: {error}"
        return GateReport(checks=(gate_check("opens", [problem]),))


def _report(content: bytes, file: OpenDeck, deck: Deck) -> GateReport:
    pages = deck_pages(deck)
    slides = tuple(file.slides)
    count = [] if len(slides) == len(pages) else [f"{len(slides)} slides instead of {len(pages)}"]
    checks = [
        gate_check("opens", []),
        gate_check("slides", count),
        gate_check("size", size_problems(file)),
        gate_check("titles", title_problems(slides)),
        gate_check("text_fits", text_problems(slides)),
        gate_check("overlaps", overlap_problems(slides)),
        gate_check("bullets", bullet_problems(slides)),
        gate_check("pictures", picture_problems(slides)),
        gate_check("characters", glyph_problems(slides)),
        gate_check("embedded_sources", embedded_problems(content, deck)),
    ]
    if not count:
        checks += [
            gate_check("charts", chart_problems(slides, pages, deck.language)),
            gate_check("tables", table_problems(slides, pages, deck.language)),
            gate_check("citations", citation_problems(slides, pages, deck)),
            gate_check("sources", list_problems(slides, pages, deck)),
            gate_check("notes", notes_problems(slides, pages, deck)),
        ]
    return GateReport(checks=tuple(checks))
