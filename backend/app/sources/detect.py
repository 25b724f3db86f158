"""What a file really is: its first bytes and zip members decide, the name only among texts."""

import zipfile
from enum import StrEnum
from pathlib import PurePath

from app.core.zip_damage import ZIP_OR_READ_DAMAGE
from app.sources.encoding import looks_like_text
from app.sources.errors import (
    FileEmpty,
    FileEncrypted,
    FileTypeMismatch,
    FileTypeUnsupported,
)
from app.sources.messages import worded
from app.sources.request import ReadRequest


class FileType(StrEnum):
    """The types that are read."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    CSV = "csv"
    TSV = "tsv"
    MARKDOWN = "md"
    HTML = "html"
    TEXT = "txt"


MEDIA_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileType.CSV: "text/csv",
    FileType.TSV: "text/tab-separated-values",
    FileType.MARKDOWN: "text/markdown",
    FileType.HTML: "text/html",
    FileType.TEXT: "text/plain",
}
_NAMES = {
    FileType.PDF: "a PDF",
    FileType.DOCX: "a Word document",
    FileType.XLSX: "an Excel workbook",
    FileType.PPTX: "a PowerPoint file",
    FileType.HTML: "a web page",
    FileType.TEXT: "plain text",
}
_NAMES_KO = {
    FileType.PDF: "PDF",
    FileType.DOCX: "워드 문서",
    FileType.XLSX: "엑셀 통합 문서",
    FileType.PPTX: "파워포인트",
    FileType.HTML: "웹 페이지(HTML)",
    FileType.TEXT: "일반 텍스트",
}
_BY_SUFFIX = {
    "pdf": FileType.PDF,
    "docx": FileType.DOCX,
    "xlsx": FileType.XLSX,
    "xlsm": FileType.XLSX,
    "pptx": FileType.PPTX,
    "csv": FileType.CSV,
    "tsv": FileType.TSV,
    "tab": FileType.TSV,
    "md": FileType.MARKDOWN,
    "markdown": FileType.MARKDOWN,
    "html": FileType.HTML,
    "htm": FileType.HTML,
    "txt": FileType.TEXT,
    "text": FileType.TEXT,
    "log": FileType.TEXT,
}
_TEXTUAL = frozenset((FileType.CSV, FileType.TSV, FileType.MARKDOWN, FileType.HTML, FileType.TEXT))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Signature, what it is, what to save it as.
_FOREIGN = (
    (b"\x89PNG", "a PNG picture", "PDF with text (OCR)"),
    (b"\xff\xd8\xff", "a JPEG picture", "PDF with text (OCR)"),
    (b"GIF8", "a GIF picture", "PDF with text (OCR)"),
    (b"II*\x00", "a TIFF picture", "PDF with text (OCR)"),
    (b"MM\x00*", "a TIFF picture", "PDF with text (OCR)"),
    (b"{\\rtf", "an RTF document", ".docx"),
    (b"\x1f\x8b", "a gzip archive", "single files"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "single files"),
    (b"Rar!", "a RAR archive", "single files"),
    (b"MZ", "a program", ".pdf, .docx, .xlsx, .pptx, .csv, .md, .html or .txt"),
    (b"\x7fELF", "a program", ".pdf, .docx, .xlsx, .pptx, .csv, .md, .html or .txt"),
    (b"HWP Document File", "a Hangul document (.hwp)", ".docx or .pdf"),
    (b"SQLite format 3", "a SQLite database", ".csv"),
    (b"PAR1", "a Parquet file", ".csv"),
)
_OLE_STREAMS = (
    ("HwpSummaryInformation", "a Hangul document (.hwp)", ".docx or .pdf"),
    ("WordDocument", "an old Word document (.doc)", ".docx"),
    ("Workbook", "an old Excel workbook (.xls)", ".xlsx"),
    ("Book", "an old Excel workbook (.xls)", ".xlsx"),
    ("PowerPoint Document", "an old PowerPoint file (.ppt)", ".pptx"),
)
_ZIP_PARTS = (
    ("word/document", FileType.DOCX),
    ("xl/workbook.xml", FileType.XLSX),
    ("ppt/presentation", FileType.PPTX),
)
_ZIP_FOREIGN = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", ".xlsx"),
    ("Contents/content.hpf", "a Hangul document (.hwpx)", ".docx or .pdf"),
    ("META-INF/manifest.xml", "an OpenDocument file", ".docx, .xlsx or .pptx"),
    ("META-INF/container.xml", "an e-book (.epub)", ".pdf or .docx"),
)
_READ_HERE = ".pdf, .docx, .xlsx, .pptx, .csv, .md, .html or .txt"


def detect_type(request: ReadRequest) -> FileType:
    """Return the type of the content; refuse what is not read, and names that mislead."""
    content = request.content
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise request.refusal(FileEmpty, "empty")
    if content.startswith(_OLE):
        _refuse_ole(request)
    if b"%PDF-" in content[:1024]:
        return _named(request, FileType.PDF)
    if content.startswith(b"PK\x03\x04"):
        return _named(request, _zip_type(request))
    for signature, kind, advice in _FOREIGN:
        if content.startswith(signature):
            raise _unsupported(request, kind, advice)
    return _text_type(request)


def suffix_of(file_name: str) -> str:
    """Return the suffix of a name in lower case, without the dot."""
    return PurePath(file_name).suffix.lower().lstrip(".")


def _named(request: ReadRequest, found: FileType) -> FileType:
    suffix = suffix_of(request.file_name)
    if not suffix or _BY_SUFFIX.get(suffix) is found:
        return found
    names = _NAMES_KO if request.language == "ko" else _NAMES
    right_name = str(PurePath(request.file_name).with_suffix(f".{found}"))
    raise request.refusal(FileTypeMismatch, "mismatch", kind=names[found], right_name=right_name)


def _zip_type(request: ReadRequest) -> FileType:
    try:
        with zipfile.ZipFile(request.open()) as archive:
            names = archive.namelist()
    except ZIP_OR_READ_DAMAGE as error:
        raise request.damaged() from error
    for part, found in _ZIP_PARTS:
        if any(name.startswith(part) for name in names):
            return found
    for part, kind, advice in _ZIP_FOREIGN:
        if part in names:
            raise _unsupported(request, kind, advice)
    raise _unsupported(request, "a zip archive", "single files")


def _refuse_ole(request: ReadRequest) -> None:
    content = request.content
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise request.refusal(FileEncrypted, "encrypted")
    for stream, kind, advice in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            raise _unsupported(request, kind, advice)
    raise _unsupported(request, "an old office file", ".docx, .xlsx or .pptx")


def _text_type(request: ReadRequest) -> FileType:
    suffix = suffix_of(request.file_name)
    named = _BY_SUFFIX.get(suffix)
    if not looks_like_text(request.content):
        if named is not None and named not in _TEXTUAL:
            raise request.damaged()
        raise _unsupported(request, "a binary file", _READ_HERE)
    is_page = (
        request.content[:2000]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith((b"<!doctype html", b"<html"))
    )
    if is_page and named is not FileType.MARKDOWN:
        return _named(request, FileType.HTML)
    if named in _TEXTUAL:
        return named
    if named is None and suffix:
        raise _unsupported(request, f"a .{suffix} file", _READ_HERE)
    return _named(request, FileType.TEXT)


def _unsupported(request: ReadRequest, kind: str, advice: str) -> FileTypeUnsupported:
    named = _BY_SUFFIX.get(suffix_of(request.file_name))
    key = "unsupported" if named is None else "mismatch_unsupported"
    language = request.language
    message = request.say(key, kind=worded(kind, language), advice=worded(advice, language))
    return FileTypeUnsupported(message, file_name=request.file_name)
