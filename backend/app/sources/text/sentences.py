"""Sentence splitting for English and Korean, by rules.

Every sentence returned is an exact piece of the text, so it can be quoted word for word.
"""

import re
from collections.abc import Iterator

from app.sources.text.stop_words import STOP_WORDS

_END = re.compile(r"[.!?\u3002\uff01\uff1f\u2026]+[\"'\u201d\u2019\u300d\u300f)\]]*")
_MARKER = re.compile(
    r"^\s*(?:[-*\u2022\u25cf\u25cb\u25aa\u25e6\u00b7\u2013\u203b]|\(?\d{1,2}[.)]"
    r"|[\u2460-\u2473]|[a-z]\)|[\uac00-\ud558][.)])\s+"
)
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.]*)\.$")
_NEXT_WORD = re.compile(r"\s*[\"'\u201c\u2018(\[]*([^\s\"',.;:]+)")
_ENUMERATION = re.compile(r"(?:^|[\s(])\d{1,3}\.$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence.
_TITLES = _words(
    "mr mrs ms dr prof st gen col sen rep no nos fig figs sec vol pp vs cf e.g i.e eg ie approx "
    "est ca al dept"
)
# The end of a sentence only when the next word is one that starts sentences.
_ABBREVIATIONS = _words(
    "inc ltd co corp llc plc etc jr sr u.s u.k e.u u.n a.m p.m jan feb mar apr jun jul aug sep "
    "sept oct nov dec bros mt ave"
)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of `text` in order; a line break also ends one; markers are left out."""
    return [sentence for line in text.splitlines() for sentence in _split_line(line)]


def _split_line(line: str) -> Iterator[str]:
    marker = _MARKER.match(line)
    start = marker.end() if marker else 0
    for end in _END.finditer(line, start):
        if _is_end(line, start, end):
            sentence = line[start : end.end()].strip()
            if sentence:
                yield sentence
            start = end.end()
    rest = line[start:].strip()
    if rest:
        yield rest


def _is_end(line: str, start: int, end: re.Match[str]) -> bool:
    before, after = line[start : end.end()], line[end.end() : end.end() + 80]
    if not after.strip():
        return True
    if not after[0].isspace():
        return _is_joined_korean(line, end)
    if end.group() != ".":
        return not after.lstrip()[:1].islower()
    return not _is_abbreviation(before, after)


def _is_joined_korean(line: str, end: re.Match[str]) -> bool:
    """Text from PDFs often has no space between "다." and the next sentence."""
    previous, following = line[end.start() - 1 : end.start()], line[end.end() : end.end() + 1]
    return previous in set("다요까죠음임함") - {""} and "\uac00" <= following <= "\ud7a3"


def _is_abbreviation(before: str, after: str) -> bool:
    next_word = _NEXT_WORD.match(after)
    following = next_word.group(1) if next_word else ""
    is_number = _ENUMERATION.search(before) is not None and len(before.strip()) <= 4
    if is_number or following[:1].islower():
        return True
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word = last.group(1).lower()
    is_initial = len(word) == 1 and last.group(1).isupper()
    if word in _TITLES or is_initial:
        return True
    return word in _ABBREVIATIONS and following.lower() not in STOP_WORDS["en"]
