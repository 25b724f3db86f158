"""HTML pages from documents with their gate, and previews of workbooks and decks."""

from app.artifacts.blocks import Deck, Document, Workbook
from app.artifacts.document_checks import rendered_file
from app.artifacts.html.check import check_html
from app.artifacts.html.deck import preview_deck
from app.artifacts.html.document import render_html
from app.artifacts.html.workbook import preview_workbook
from app.artifacts.report import RenderedFile

MEDIA_TYPE = "text/html"


def render(document: Document, name: str) -> RenderedFile:
    """Write a document as an HTML page and check it."""
    content = render_html(document)
    report = check_html(content, document)
    return rendered_file(
        name, ".html", media_type=MEDIA_TYPE, content=content.encode(), report=report
    )


def preview_html(artefact: Document | Workbook | Deck) -> str:
    """Write any artefact as a page to look at in a browser."""
    match artefact:
        case Document():
            return render_html(artefact)
        case Workbook():
            return preview_workbook(artefact)
        case Deck():
            return preview_deck(artefact)


__all__ = ["MEDIA_TYPE", "check_html", "preview_html", "render", "render_html"]
