"""Word files from documents, and the gate they pass."""

from app.artifacts.blocks import Document
from app.artifacts.document_checks import rendered_file
from app.artifacts.docx.check import check_docx
from app.artifacts.docx.render import render_docx
from app.artifacts.embedded_sources import SOURCES_NAMESPACE, NotAPackage, read_embedded_sources
from app.artifacts.report import RenderedFile

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def render(document: Document, name: str) -> RenderedFile:
    """Write a document as a Word file and check it."""
    content = render_docx(document)
    report = check_docx(content, document)
    return rendered_file(name, ".docx", media_type=MEDIA_TYPE, content=content, report=report)


__all__ = [
    "MEDIA_TYPE",
    "SOURCES_NAMESPACE",
    "NotAPackage",
    "check_docx",
    "read_embedded_sources",
    "render",
    "render_docx",
]
