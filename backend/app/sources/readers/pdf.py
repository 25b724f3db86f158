"""PDF files: text by page, put back into paragraphs, headings and plain tables."""

import logging
from collections.abc import Sequence

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from app.sources.errors import FileEncrypted, FileHasNoText, FileTooManyPages
from app.sources.readers.pdf_layout import page_blocks
from app.sources.readers.pdf_lines import Line, page_lines
from app.sources.readers.pdf_style import drop_running_lines, measure
from app.sources.reading import Reading
from app.sources.request import ReadRequest

logging.getLogger("pypdf").setLevel(logging.CRITICAL)
# What a broken page makes pypdf raise; other pages can still be good.
_PAGE_DAMAGE = (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_MIN_TEXT_CHARS = 20
_SHOWN_PAGES = 12


def read_pdf(request: ReadRequest) -> Reading:
    """Read a PDF; lines that repeat at the edges of pages are left out."""
    reader = PdfReader(request.open())
    if reader.is_encrypted and not reader.decrypt(""):
        raise request.refusal(FileEncrypted, "encrypted")
    count, limit = len(reader.pages), request.limits.max_pages
    if count > limit:
        raise request.refusal(FileTooManyPages, "too_many_pages", pages=count, limit=limit)
    reading = Reading(page_count=count, title=_title(reader))
    pages, unreadable, blank = _lines_of(reader)
    if unreadable and len(unreadable) == count:
        raise request.damaged()
    if sum(len(line.text) for page in pages for line in page) < _MIN_TEXT_CHARS:
        key = "pictures_only" if blank else "no_text"
        raise request.refusal(FileHasNoText, key)
    pages = drop_running_lines(pages)
    style = measure(pages)
    reading.title = reading.title or style.title
    for block in page_blocks(pages, style):
        reading.blocks.append(block)
    for key, numbers in (("pages_unreadable", unreadable), ("pages_without_text", blank)):
        if numbers:
            reading.notices.append(request.say(key, pages=_listed(numbers)))
    return reading


def _title(reader: PdfReader) -> str:
    metadata = reader.metadata
    title = str((metadata.title if metadata else "") or "").strip()
    is_file_name = title.lower().endswith((".doc", ".docx", ".pdf", ".ppt", ".pptx", ".hwp"))
    is_default = title.lower() in ("untitled", "document") or "microsoft word" in title.lower()
    return "" if is_file_name or is_default else title


def _lines_of(reader: PdfReader) -> tuple[list[list[Line]], list[int], list[int]]:
    """Return the lines of each page, and the pages unreadable, and those of pictures alone."""
    pages: list[list[Line]] = []
    unreadable: list[int] = []
    pictures: list[int] = []
    for number, page in enumerate(reader.pages, start=1):
        try:
            lines = page_lines(page, number)
        except _PAGE_DAMAGE:
            lines = []
            unreadable.append(number)
        else:
            if not lines and _has_pictures(page):
                pictures.append(number)
        pages.append(lines)
    return pages, unreadable, pictures


def _has_pictures(page: PageObject) -> bool:
    try:
        resources = page.get("/Resources")
        objects = resources.get_object().get("/XObject") if resources else None
        return bool(objects and len(objects.get_object()))
    except _PAGE_DAMAGE:
        return False


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_SHOWN_PAGES])
    return shown + (", ..." if len(numbers) > _SHOWN_PAGES else "")
