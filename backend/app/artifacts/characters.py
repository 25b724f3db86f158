"""Which characters a file may hold: cleaning before rendering, and the glyph check after it."""

import unicodedata
from typing import TypeVar

from app.schemas.base import Frozen

_FrozenT = TypeVar("_FrozenT", bound=Frozen)
_KEPT_CONTROLS = frozenset("\t\n")
_NONCHARACTERS = frozenset({0xFFFE, 0xFFFF})


def clean_text(text: str) -> str:
    r"""Drop what XML forbids and readers cannot show.

    Control characters other than tab and newline, unpaired surrogates and noncharacters go;
    carriage returns and the Unicode line and paragraph separators become "\n".
    """
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    normal = normal.replace("\u2028", "\n").replace("\u2029", "\n")
    if normal.isascii() and normal.isprintable():
        return normal
    return "".join(character for character in normal if _is_kept(character))


def clean_line(text: str) -> str:
    """Clean text and put it on one line, with single spaces."""
    return " ".join(clean_text(text).split())


def clean_model(model: _FrozenT) -> _FrozenT:
    """Clean every text of an artefact or any other frozen value."""
    return type(model).model_validate(_cleaned(model.model_dump()))


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def uncovered_characters(text: str) -> tuple[str, ...]:
    """List the characters, each once and in order, for which no document font has a glyph.

    These are private-use characters, the replacement character U+FFFD, control characters,
    unpaired surrogates and unassigned code points. Letters of every script, and symbols, pass:
    office programs fall back to a system font for scripts that the named fonts lack.
    """
    return tuple(dict.fromkeys(character for character in text if _is_uncovered(character)))


def describe_characters(characters: tuple[str, ...]) -> str:
    """Name characters by code point, for a check's detail."""
    return ", ".join(f"U+{ord(character):04X}" for character in characters[:10])


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return tuple(map(_cleaned, value))
    return value


def _is_kept(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return (
        unicodedata.category(character) not in {"Cc", "Cs"}
        and ord(character) & 0xFFFF not in _NONCHARACTERS
    )


def _is_uncovered(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return False
    return character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}
