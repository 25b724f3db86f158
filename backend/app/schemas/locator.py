"""Where a source stands, in the words of the document that shows it.

Readers store locators in one machine form ("p. 3, table 1, row 2"), which quote checks rest
on; what is printed for a Korean reader says the same in Korean ("3쪽, 표 1, 2행").
"""

import re

from app.schemas.source import Language

_JOIN = "; "
_DASH = "\u2013"
_PART = ", "
_CELLS = re.compile(r"(?P<sheet>.+)!(?P<cells>[A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?)")
_COUNTED = re.compile(r"(?P<word>pp?\.|rows?|lines?|paragraphs?) (?P<first>\d+)(?:-(?P<last>\d+))?")
_NUMBERED = re.compile(r"(?P<word>slide|table) (?P<number>\d+)")
_SLIDE = re.compile(r"slide \d+")
_UNITS = {"p.": "쪽", "pp.": "쪽", "row": "행", "line": "줄", "paragraph": "문단"}
_THINGS = {"slide": "슬라이드", "table": "표"}
_ON_SLIDE = {"table": "표", "chart": "차트", "notes": "발표자 노트"}


def shown_locator(locator: str | None, language: Language) -> str:
    """Return a stored locator as a reader of `language` is to see it; "" for none.

    Only the places at its end are put into words: headings and names of sheets are the file's own.
    """
    if not locator or language == "en":
        return locator or ""
    return _JOIN.join(map(_in_korean, locator.split(_JOIN)))


def _in_korean(locator: str) -> str:
    if (cells := _CELLS.fullmatch(locator)) is not None:
        return f"{cells['sheet']} 시트 {cells['cells']}"
    parts = locator.split(_PART)
    for index in reversed(range(len(parts))):
        said = _place(parts[index], parts[index - 1] if index else "")
        if said is None:
            break
        parts[index] = said
    return _PART.join(parts)


def _place(part: str, before: str) -> str | None:
    """Return one place in Korean, or None for a heading; only on a slide has a table no number."""
    if (found := _COUNTED.fullmatch(part)) is not None:
        return _counted(found)
    if (found := _NUMBERED.fullmatch(part)) is not None:
        return f"{_THINGS[found['word']]} {found['number']}"
    return _ON_SLIDE.get(part) if _SLIDE.fullmatch(before) else None


def _counted(found: re.Match[str]) -> str:
    unit = _UNITS[found["word"].removesuffix("s")]
    span = found["first"] if found["last"] is None else f"{found['first']}{_DASH}{found['last']}"
    return f"{span}{unit}"
