"""Bytes to text: UTF-8, UTF-16, the Korean cp949, and latin-1 as the last resort."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 1_000_000
_MAX_ODDNESS = 0.01
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in; lossy when characters had to be replaced."""

    text: str
    encoding: str
    is_lossy: bool = False

    @property
    def is_utf8(self) -> bool:
        """Whether the file was UTF-8 (or plain ASCII) to begin with."""
        return self.encoding.startswith("utf")


def looks_like_text(content: bytes) -> bool:
    """Say whether bytes can be text: few control characters, or a byte order mark."""
    if any(content.startswith(mark) for mark, _ in _BOMS) or _utf16_without_mark(content):
        return True
    sample = content[:65_536]
    return len(_CONTROL.findall(sample)) <= len(sample) // 200


def decode(content: bytes) -> Decoded:
    """Decode text; UTF-8 when it fits, else UTF-16 by its zeros, else cp949 or latin-1."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode_as(content, encoding)
    if (unmarked := _utf16_without_mark(content)) is not None:
        return _decode_as(content, unmarked)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(content, error)


def decode_html(content: bytes) -> Decoded:
    """Decode a web page: as text, but its declared charset comes before guessing."""
    decoded = decode(content)
    declared = _META_CHARSET.search(content[:4096])
    if decoded.is_utf8 or declared is None:
        return decoded
    try:
        name = codecs.lookup(declared.group(1).decode("ascii")).name
        return Decoded(content.decode("cp949" if name == "euc_kr" else name), name)
    except (LookupError, UnicodeDecodeError):
        return decoded


def _decode_as(content: bytes, encoding: str) -> Decoded:
    text = content.decode(encoding, errors="replace")
    return Decoded(text, encoding, is_lossy="\ufffd" in text)


def _decode_legacy(content: bytes, utf8_error: UnicodeDecodeError) -> Decoded:
    """Choose between broken UTF-8, cp949 and latin-1.

    Almost any pair of high bytes is valid cp949, so what it decodes to must be mostly Hangul.
    """
    is_mostly_utf8 = utf8_error.start > len(content) // 2 and utf8_error.start > 1000
    if is_mostly_utf8 and _NON_ASCII.search(content[: utf8_error.start].decode("utf-8")):
        return _decode_as(content, "utf-8")
    sample = content[:_SAMPLE_BYTES].decode("cp949", errors="replace")
    foreign = _NON_ASCII.findall(sample)
    hangul = len(_HANGUL.findall(sample))
    broken = sample.count("\ufffd")
    if hangul > len(foreign) * 0.5 and broken <= len(foreign) * 0.02:
        return _decode_as(content, "cp949")
    return Decoded(content.decode("cp1252", errors="replace"), "cp1252")


def _utf16_without_mark(content: bytes) -> str | None:
    """Text in other encodings has no zero bytes; in UTF-16 every ASCII character brings one."""
    sample = content[:4096]
    if len(sample) < 8 or b"\x00" not in sample:
        return None
    best = min(("utf-16-le", "utf-16-be"), key=lambda encoding: _oddness(sample, encoding))
    return best if _oddness(sample, best) <= _MAX_ODDNESS else None


def _oddness(sample: bytes, encoding: str) -> float:
    """Return the share of characters that text does not have."""
    text = sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")
    odd = sum(
        char not in "\t\r\n" and unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs", "So")
        for char in text
    )
    return odd / len(text)
