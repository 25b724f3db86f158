"""Render a file by its name. Each renderer brings a library of some megabytes and tenths of a
second, so it is imported with the first file of its kind; by the press, in a process of its own.
"""

from pathlib import PurePath

from app.artifacts.blocks import Deck, Document, Workbook
from app.artifacts.report import RenderedFile
from app.core.errors import Invalid
from app.schemas.review import ReviewReport
from app.schemas.source import Language

# ruff: noqa: PLC0415 - imported at first use, as said above


class FileTypeUnknown(Invalid):
    """No renderer writes a file of this name."""

    code = "file_type_unknown"


def render(made: Document | Workbook | Deck, name: str) -> RenderedFile:
    """Render a document (.docx, .md or .html), a workbook (.xlsx) or a deck (.pptx), and check it.

    Raises:
        FileTypeUnknown: The name's extension is none that this can have.
    """
    match made:
        case Document():
            return _render_document(made, name)
        case Workbook():
            from app.artifacts import xlsx

            return xlsx.render(made, name)
        case Deck():
            from app.artifacts import pptx

            return pptx.render(made, name)


def load_renderers() -> None:
    """Import the office renderers before there is anything to render."""
    from app.artifacts import docx, pptx, xlsx  # noqa: F401 - only loaded


def add_review(content: bytes, review: ReviewReport, language: Language) -> bytes:
    """Return the file with its review in its properties."""
    from app.artifacts.review_property import with_review

    return with_review(content, review, language)


def _render_document(document: Document, name: str) -> RenderedFile:
    match PurePath(name).suffix.lower():
        case ".docx":
            from app.artifacts import docx

            return docx.render(document, name)
        case ".md":
            from app.artifacts import markdown

            return markdown.render(document, name)
        case ".html":
            from app.artifacts import html

            return html.render(document, name)
    raise FileTypeUnknown(f"{name}: a document can be .docx, .md or .html; rename it.")
