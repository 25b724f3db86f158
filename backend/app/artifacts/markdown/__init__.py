"""Markdown from documents, and the gate it passes."""

from app.artifacts.blocks import Document
from app.artifacts.document_checks import rendered_file
from app.artifacts.markdown.check import check_markdown
from app.artifacts.markdown.render import render_markdown
from app.artifacts.report import RenderedFile

MEDIA_TYPE = "text/markdown"


def render(document: Document, name: str) -> RenderedFile:
    """Write a document as a Markdown file and check it."""
    content = render_markdown(document)
    report = check_markdown(content, document)
    return rendered_file(
        name, ".md", media_type=MEDIA_TYPE, content=content.encode(), report=report
    )


__all__ = ["MEDIA_TYPE", "check_markdown", "render", "render_markdown"]
