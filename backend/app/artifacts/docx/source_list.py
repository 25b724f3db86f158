"""The sources section: what each [n] stands for, with the words it rests on."""

from docx.oxml.xmlchemy import BaseOxmlElement

from app.artifacts.citations import SourceEntry, source_entries, sources_title
from app.artifacts.docx.ooxml import element
from app.artifacts.docx.text import Look, add_link, add_text, bookmark_name
from app.artifacts.docx.writing import Writing, element_of
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette


def write_sources(writing: Writing) -> None:
    """Write the section, unless the document has no sources."""
    entries = source_entries(writing.document.sources, writing.language)
    if not entries:
        return
    add_text(writing.add_paragraph("Heading1"), sources_title(writing.language))
    for entry in entries:
        _write_entry(writing, entry)


def _write_entry(writing: Writing, entry: SourceEntry) -> None:
    paragraph = writing.add_paragraph("SourceEntry")
    start, end = _bookmark(entry.number)
    element_of(paragraph).append(start)
    add_text(paragraph, f"[{entry.number}]", Look(bold=True, colour=_PALETTE.accent))
    element_of(paragraph).append(end)
    add_text(paragraph, "\t")
    add_text(paragraph, entry.title, Look(bold=True, colour=_PALETTE.strong))
    if entry.place:
        add_text(paragraph, f", {entry.place}")
    if entry.url:
        add_text(paragraph, ". ")
        add_link(paragraph, entry.url, entry.url, writing.file.part)
    if entry.quote:
        add_text(paragraph, f"\n{entry.quote}", Look(colour=_PALETTE.muted))


def _bookmark(number: int) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    id = str(number)
    start = element("w:bookmarkStart", {"w:id": id, "w:name": bookmark_name(number)})
    return start, element("w:bookmarkEnd", {"w:id": id})
