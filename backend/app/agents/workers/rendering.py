"""Renderers by file name. Each brings a library of some megabytes and tenths of a second, so it is
imported with the first file of its kind, in the thread that renders.
"""

import threading
from pathlib import PurePath

from app.agents.errors import TaskFailed
from app.artifacts.blocks import Deck, Document, Workbook
from app.artifacts.report import RenderedFile

# One at a time: python-pptx imports itself in a circle, which two threads at once cannot do.
_importing = threading.Lock()

# ruff: noqa: PLC0415 - imported at first use, as said above


def render_document(document: Document, name: str) -> RenderedFile:
    """Render a document as its name's extension says.

    Raises:
        TaskFailed: The extension is none that a document can have.
    """
    match PurePath(name).suffix.lower():
        case ".docx":
            with _importing:
                from app.artifacts import docx

            return docx.render(document, name)
        case ".md":
            with _importing:
                from app.artifacts import markdown

            return markdown.render(document, name)
        case ".html":
            with _importing:
                from app.artifacts import html

            return html.render(document, name)
    raise TaskFailed(f"{name}: a document can be .docx, .md or .html; rename it.")


def render_workbook(workbook: Workbook, name: str) -> RenderedFile:
    """Render a workbook as .xlsx."""
    with _importing:
        from app.artifacts import xlsx

    return xlsx.render(workbook, name)


def render_deck(deck: Deck, name: str) -> RenderedFile:
    """Render a deck as .pptx."""
    with _importing:
        from app.artifacts import pptx

    return pptx.render(deck, name)
