"""Small real files, made in memory for one test each."""

import io
import zipfile
from collections.abc import Callable, Sequence

import docx
import openpyxl
from docx.document import Document
from openpyxl.workbook import Workbook
from pptx import Presentation
from pptx.util import Inches

from app.schemas.source import Extract, Language
from app.sources import FileLimits, read_file

Cells = Sequence[Sequence[object]]


def read(
    content: bytes | str,
    name: str,
    *,
    limits: FileLimits | None = None,
    language: Language = "en",
) -> Extract:
    """Read content under a name."""
    raw = content.encode() if isinstance(content, str) else content
    return read_file(raw, file_id="f", file_name=name, limits=limits, language=language)


def word(build: Callable[[Document], object]) -> bytes:
    """Make a Word document."""
    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def workbook(build: Callable[[Workbook], None]) -> bytes:
    """Make a workbook; formulas have no stored results."""
    book = openpyxl.Workbook()
    build(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet(rows: Cells, title: str = "Sheet1") -> bytes:
    """Make a workbook of one sheet."""

    def build(book: Workbook) -> None:
        active = book.worksheets[0]
        active.title = title
        for row in rows:
            active.append(list(row))

    return workbook(build)


def slides(*texts: tuple[str, Sequence[str]], notes: str = "") -> bytes:
    """Make a presentation of titles with bullets; notes go to the first slide."""
    deck = Presentation()
    for title, bullets in texts:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text_frame.text = "\n".join(bullets)
    if notes:
        deck.slides[0].notes_slide.notes_text_frame.text = notes
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def slide_with_table(rows: Sequence[Sequence[str]]) -> bytes:
    """Make a presentation of one slide with a title and a table."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Figures"
    frame = slide.shapes.add_table(
        len(rows), len(rows[0]), Inches(1), Inches(2), Inches(6), Inches(2)
    )
    for cells, texts in zip(frame.table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """Replace or add members of a zip archive."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, changes.get(name, source.read(name)))
        for name in changes.keys() - set(source.namelist()):
            target.writestr(name, changes[name])
    return buffer.getvalue()
