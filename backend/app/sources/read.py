"""The door through which every file comes in."""

import hashlib
from pathlib import Path

from app.schemas.source import Extract, Language, PassageKind
from app.sources.archive import check_archive
from app.sources.detect import MEDIA_TYPES, FileType, detect_type
from app.sources.errors import FileHasNoText, FileTooLarge
from app.sources.limits import FileLimits
from app.sources.passages import PassageMaker
from app.sources.reading import Reading
from app.sources.request import ReadRequest
from app.sources.text import detect_language, plain_text

_ARCHIVES = frozenset((FileType.DOCX, FileType.XLSX, FileType.PPTX))
_LANGUAGE_SAMPLE_PASSAGES = 40
_KB = 1_000
_MB = 1_000_000


def read_file(
    source: Path | bytes,
    *,
    file_id: str,
    file_name: str,
    limits: FileLimits | None = None,
    language: Language = "en",
) -> Extract:
    """Read a file into passages and tables; blocks, so call it in a thread or a process.

    `language` is that of messages, not of the file. Raises a `FileRefused` that says why the
    file cannot be used and how to go on.
    """
    limits = limits or FileLimits()
    request = ReadRequest(
        content=_load(source, limits),
        file_id=file_id,
        file_name=file_name,
        limits=limits,
        language=language,
    )
    if len(request.content) > limits.max_size_bytes:
        raise _too_large(request, source)
    file_type = detect_type(request)
    if file_type in _ARCHIVES:
        check_archive(request)
    # Loaded at first use: the office libraries take a quarter of a second to import.
    from app.sources.readers.registry import read_as  # noqa: PLC0415 - see above

    reading = read_as(request, file_type)
    return _extract(request, file_type, reading)


def _table_title(maker: PassageMaker, file_type: FileType) -> str:
    """A CSV with a title line above its table is called by it."""
    is_csv = file_type in (FileType.CSV, FileType.TSV)
    return maker.tables[0].title if is_csv and maker.tables else ""


def _one_line(text: str) -> str:
    return " ".join(plain_text(text).split())


def _load(source: Path | bytes, limits: FileLimits) -> bytes:
    """Load the file, but never more than one byte beyond the limit."""
    if isinstance(source, bytes):
        return source
    with source.open("rb") as stream:
        return stream.read(limits.max_size_bytes + 1)


def _too_large(request: ReadRequest, source: Path | bytes) -> FileTooLarge:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    message = request.say(
        "too_large",
        size=_size_text(size),
        limit=_size_text(request.limits.max_size_bytes),
    )
    return FileTooLarge(message, file_name=request.file_name)


def _size_text(size: int) -> str:
    value, unit = (size / _MB, "MB") if size >= _MB else (size / _KB, "KB")
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"


def _extract(request: ReadRequest, file_type: FileType, reading: Reading) -> Extract:
    maker = PassageMaker(request)
    for block in reading.blocks:
        maker.add(block)
    maker.flush()
    if not maker.passages:
        raise request.refusal(FileHasNoText, "no_text")
    sample = [p.text for p in maker.passages if p.kind is not PassageKind.TABLE]
    sample = (sample or [p.text for p in maker.passages])[:_LANGUAGE_SAMPLE_PASSAGES]
    return Extract(
        file_id=request.file_id,
        file_name=request.file_name,
        media_type=MEDIA_TYPES[file_type],
        sha256=hashlib.sha256(request.content).hexdigest(),
        title=_one_line(reading.title)
        or _table_title(maker, file_type)
        or Path(request.file_name).stem,
        language=detect_language("\n".join(sample)),
        page_count=reading.page_count,
        passages=tuple(maker.passages),
        tables=tuple(maker.tables),
        notices=tuple(plain_text(notice) for notice in reading.notices + maker.notices),
    )
