"""The sources section: what each [n] stands for, with the words it rests on."""

from docx.oxml.xmlchemy import BaseOxmlElement

from app.artifacts.characters import clean_line
from app.artifacts.citations import SourceEntry, source_entries, sources_title
from app.artifacts.docx.ooxml import element
from app.artifacts.docx.text import Look, add_link, add_text, bookmark_name
from app.artifacts.docx.writing import Writing, element_of
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette


def write_sources(writing: Writing) -> None:
    """Write the section, unless the document has no sources: each file once, then its places."""
    entries = source_entries(writing.document.sources, writing.language)
    if not entries:
        return
    add_text(writing.add_paragraph("Heading1"), sources_title(writing.language))
    groups: dict[tuple[str, str], list[SourceEntry]] = {}
    for entry, source in zip(entries, writing.document.sources, strict=True):
        file_name = clean_line(source.file_name or "")
        groups.setdefault((entry.title, file_name), []).append(entry)
    for (title, file_name), members in groups.items():
        _write_file(writing, title, file_name)
        for entry in members:
            _write_entry(writing, entry, entry.place.removeprefix(file_name).removeprefix(", "))


def _write_file(writing: Writing, title: str, file_name: str) -> None:
    paragraph = writing.add_paragraph("SourceFile")
    add_text(paragraph, title, Look(bold=True, colour=_PALETTE.strong))
    if file_name and file_name != title:
        add_text(paragraph, f", {file_name}")


def _write_entry(writing: Writing, entry: SourceEntry, place: str) -> None:
    paragraph = writing.add_paragraph("SourceEntry")
    start, end = _bookmark(entry.number)
    element_of(paragraph).append(start)
    add_text(paragraph, f"[{entry.number}]", Look(bold=True, colour=_PALETTE.accent))
    element_of(paragraph).append(end)
    add_text(paragraph, "\t")
    add_text(paragraph, place)
    if entry.url:
        add_text(paragraph, ". " if place else "")
        add_link(paragraph, entry.url, entry.url, writing.file.part)
    if entry.quote:
        gap = "  " if place or entry.url else ""
        add_text(paragraph, f"{gap}{entry.quote}", Look(colour=_PALETTE.muted))


def _bookmark(number: int) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    id = str(number)
    start = element("w:bookmarkStart", {"w:id": id, "w:name": bookmark_name(number)})
    return start, element("w:bookmarkEnd", {"w:id": id})
