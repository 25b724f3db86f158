"""Numbered captions of figures and tables."""

from docx.text.paragraph import Paragraph as DocxParagraph

from app.artifacts.captions import CaptionKind, caption_label, source_label
from app.artifacts.characters import clean_line
from app.artifacts.docx.text import BOLD, add_citations, add_field, add_text
from app.artifacts.docx.writing import Writing

_SEQUENCES = {"figure": "SEQ Figure \\* ARABIC", "table": "SEQ Table \\* ARABIC"}


def write_caption(
    writing: Writing, kind: CaptionKind, caption: str, source_ids: tuple[str, ...]
) -> DocxParagraph:
    """Write "Figure 1. Caption Source: [1]"; the number is a field that the program recounts."""
    paragraph = writing.add_paragraph("TableCaption" if kind == "table" else "Caption")
    add_text(paragraph, f"{caption_label(kind, writing.language)} ", BOLD)
    add_field(paragraph, _SEQUENCES[kind], str(writing.next_caption(kind)), BOLD)
    text = clean_line(caption)
    add_text(paragraph, ".", BOLD)
    add_text(paragraph, f" {text}" if text else "")
    if any(id in writing.numbers for id in source_ids):
        add_text(paragraph, f" {source_label(writing.language)} ")
        add_citations(paragraph, source_ids, writing.numbers)
    return paragraph
