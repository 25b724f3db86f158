"""The normal form in which quotes are compared and passages are hashed."""

import hashlib
import re
import unicodedata

_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u00b4\uff07"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\uff02"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_FOLD = str.maketrans(
    dict.fromkeys(_SINGLE_QUOTES, "'")
    | dict.fromkeys(_DOUBLE_QUOTES, '"')
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_INVISIBLE, "")
    | {"\u2026": "..."}
)
_SPACE = re.compile(r"\s+")


def normalise_text(text: str) -> str:
    """Return `text` in NFC with white space, quotes, dashes and invisible characters folded."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLD)
    # Removing an invisible character can bring a letter and its accent together.
    return _SPACE.sub(" ", unicodedata.normalize("NFC", folded)).strip()


def text_sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of the normalised text."""
    return hashlib.sha256(normalise_text(text).encode("utf-8", "surrogatepass")).hexdigest()


def stands_in(quote: str, text: str) -> bool:
    """Say whether `quote` stands word for word in `text`, both normalised.

    The quote must begin and end where words and numbers do: "39%" does not stand in "139%", and
    "5" does not stand in "5.2". An empty quote stands nowhere.
    """
    needle, hay = normalise_text(quote), normalise_text(text)
    if not needle:
        return False
    at = hay.find(needle)
    while at >= 0:
        if _whole_start(hay, at) and _whole_end(hay, at + len(needle)):
            return True
        at = hay.find(needle, at + 1)
    return False


def _whole_start(hay: str, at: int) -> bool:
    if at == 0:
        return True
    before, first = hay[at - 1], hay[at]
    if _is_word(before) and _is_word(first):
        return False
    is_fraction = before in ".," and first.isdigit() and at > 1 and hay[at - 2].isdigit()
    return not is_fraction


def _whole_end(hay: str, end: int) -> bool:
    if end >= len(hay):
        return True
    last, after = hay[end - 1], hay[end]
    if _is_word(last) and _is_word(after):
        return False
    is_fraction = last.isdigit() and after in ".," and hay[end + 1 : end + 2].isdigit()
    return not is_fraction


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
