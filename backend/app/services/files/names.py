"""The name of a file as it is stored: one part, printable, within what file systems take."""

import unicodedata
from pathlib import PurePath

from app.services.files.errors import FileNameInvalid

_MAX_NAME_BYTES = 255
# A longer "extension" is a sentence with a full stop in it.
_MAX_EXTENSION_BYTES = 16


def clean_name(name: str) -> str:
    """Return the last part of a name, without control characters, at most 255 bytes of UTF-8.

    A longer name loses the end of its stem, never half a character; its extension stays.

    Raises:
        FileNameInvalid: Nothing is left of it.
    """
    last = PurePath(name.replace("\\", "/")).name
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable()).strip()
    if plain in {"", ".", ".."}:
        raise FileNameInvalid("The file has no usable name; give it one with its extension.")
    return plain if len(plain.encode()) <= _MAX_NAME_BYTES else _cut(plain)


def _cut(name: str) -> str:
    extension = PurePath(name).suffix
    if len(extension.encode()) > _MAX_EXTENSION_BYTES:
        extension = ""
    room = _MAX_NAME_BYTES - len(extension.encode())
    stem = name.removesuffix(extension).encode()[:room].decode(errors="ignore")
    return stem.rstrip() + extension
