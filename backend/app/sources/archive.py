"""Checks on Office files before anything in them is unpacked or parsed.

The declared sizes bound what `zipfile` will ever unpack: it stops at them and then fails the
checksum, so a lying header cannot get past. Document type declarations, the door of entity
expansion and external entities, are refused in every XML part; Office programs never write them.
"""

import zipfile
from xml.parsers import expat

from app.core.zip_damage import ZIP_OR_READ_DAMAGE
from app.sources.errors import FileEncrypted, FileUnpacksTooLarge, FileUnreadable
from app.sources.request import ReadRequest

_MB = 1_000_000
# Deflate reaches 1032:1; text in office files stays far below this.
_MAX_RATIO = 200
_RATIO_FROM_BYTES = 20 * _MB
_MAX_XML_BYTES = 120 * _MB
_CHUNK_BYTES = 16_384
_PROLOG_BYTES = 1 * _MB


class _PrologEnd(Exception):
    """The root element has begun."""


class _Doctype(Exception):
    """The part declares a document type."""


def check_archive(request: ReadRequest) -> None:
    """Refuse archives that are too large, packed abnormally, encrypted, or with unsafe XML."""
    try:
        with zipfile.ZipFile(request.open()) as archive:
            _check_sizes(request, archive.infolist())
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_prolog(request, archive, member)
    except ZIP_OR_READ_DAMAGE as error:
        raise request.damaged() from error


def _check_sizes(request: ReadRequest, members: list[zipfile.ZipInfo]) -> None:
    limits = request.limits
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    limit = limits.max_unpacked_bytes // _MB
    if len(members) > limits.max_members:
        raise request.refusal(FileUnpacksTooLarge, "bomb")
    if unpacked > limits.max_unpacked_bytes:
        raise request.refusal(FileUnpacksTooLarge, "unpacks_too_large", limit=limit)
    if unpacked > _RATIO_FROM_BYTES and unpacked / packed > _MAX_RATIO:
        raise request.refusal(FileUnpacksTooLarge, "bomb")
    if any(_is_heavy(member) for member in members):
        raise request.refusal(FileUnpacksTooLarge, "unpacks_too_large", limit=_MAX_XML_BYTES // _MB)
    if any(member.flag_bits & 0x1 for member in members):
        raise request.refusal(FileEncrypted, "encrypted")


def _is_heavy(member: zipfile.ZipInfo) -> bool:
    """Parts that are parsed as a whole; sheets are streamed."""
    is_sheet = member.filename.startswith("xl/worksheets/")
    return member.filename.endswith(".xml") and not is_sheet and member.file_size > _MAX_XML_BYTES


def _check_prolog(request: ReadRequest, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _on_doctype
    parser.StartElementHandler = _on_element
    try:
        with archive.open(member) as stream:
            for _ in range(_PROLOG_BYTES // _CHUNK_BYTES):
                chunk = stream.read(_CHUNK_BYTES)
                parser.Parse(chunk, not chunk)
                if not chunk:
                    return
    except _PrologEnd:
        return
    except _Doctype as error:
        raise request.refusal(FileUnreadable, "unsafe_xml") from error
    except expat.ExpatError as error:
        raise request.damaged() from error
    raise request.refusal(FileUnreadable, "unsafe_xml")


def _on_doctype(*_: object) -> None:
    raise _Doctype


def _on_element(*_: object) -> None:
    raise _PrologEnd
