"""A written document as a Word file."""

import io

from app.artifacts.blocks import (
    Block,
    Callout,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Table,
)
from app.artifacts.characters import clean_line, clean_model, is_right_to_left
from app.artifacts.docx.callouts import write_callout
from app.artifacts.docx.embedded import embed_sources
from app.artifacts.docx.figures import write_figure
from app.artifacts.docx.numbering import BULLET_NUMBERING, list_properties
from app.artifacts.docx.page import prepare_file
from app.artifacts.docx.source_list import write_sources
from app.artifacts.docx.tables import write_table
from app.artifacts.docx.text import add_runs, add_text, has_content, mark_right_to_left
from app.artifacts.docx.writing import Writing, element_of
from app.artifacts.ooxml import rewrite_parts
from app.artifacts.title_block import eyebrow_line


def render_docx(document: Document) -> bytes:
    """Write a document as docx; the same document gives the same bytes."""
    writing = Writing.start(clean_model(document))
    prepare_file(writing)
    _write_title(writing)
    for block in writing.document.blocks:
        _write_block(writing, block)
    write_sources(writing)
    embed_sources(writing.file, writing.document.sources)
    package = io.BytesIO()
    writing.file.save(package)
    return rewrite_parts(package.getvalue(), {})


def _write_title(writing: Writing) -> None:
    document = writing.document
    lines = (
        ("Eyebrow", eyebrow_line(document)),
        ("Title", clean_line(document.title)),
        ("Subtitle", clean_line(document.subtitle)),
    )
    for style_id, text in lines:
        if text:
            _write_line(writing, style_id, text)


def _write_line(writing: Writing, style_id: str, text: str) -> None:
    paragraph = writing.add_paragraph(style_id)
    if is_right_to_left(text):
        mark_right_to_left(paragraph)
    add_text(paragraph, text)


def _write_block(writing: Writing, block: Block) -> None:
    match block:
        case Heading():
            _write_line(writing, f"Heading{block.level}", clean_line(block.text))
        case Paragraph():
            _write_paragraph(writing, block)
        case ListBlock():
            _write_list(writing, block)
        case Table():
            write_table(writing, block)
        case Figure():
            write_figure(writing, block)
        case Callout():
            write_callout(writing, block)


def _write_paragraph(writing: Writing, block: Paragraph) -> None:
    if has_content(block.runs):
        paragraph = writing.add_paragraph("Normal")
        add_runs(paragraph, block.runs, writing.numbers, writing.file.part)


def _write_list(writing: Writing, block: ListBlock) -> None:
    style_id = "ListNumber" if block.ordered else "ListBullet"
    numbering = writing.next_numbering() if block.ordered else BULLET_NUMBERING
    for item in filter(has_content, block.items):
        paragraph = writing.add_paragraph(style_id)
        element_of(paragraph).get_or_add_pPr().append(list_properties(numbering))
        add_runs(paragraph, item, writing.numbers, writing.file.part)
