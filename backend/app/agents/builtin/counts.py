"""How many slides or pages a goal asks for, in digits and in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ENGLISH: Mapping[str, int] = {
    "a dozen": 12, "half a dozen": 6, "half-dozen": 6, "one": 1, "single": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "twenty-five": 25, "thirty": 30,
}  # fmt: skip
_NATIVE: Mapping[str, int] = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE_TENS: Mapping[str, int] = {"열": 10, "스무": 20, "스물": 20, "서른": 30}
_SINO: Mapping[str, int] = {
    "십": 10, "십이": 12, "십오": 15, "이십": 20,
}  # fmt: skip


def _korean_words() -> dict[str, int]:
    tens = {
        ten + one: base + number
        for ten, base in _NATIVE_TENS.items()
        if ten != "스무"
        for one, number in _NATIVE.items()
    }
    return {**_SINO, **_NATIVE, **_NATIVE_TENS, **tens}


_KOREAN = _korean_words()
_WORDS = {**_ENGLISH, **_KOREAN}
_NUMBER = r"\d{1,3}|" + "|".join(
    sorted((re.escape(word) for word in _WORDS), key=lambda word: (-len(word), word))
)
_RANGE = (
    rf"(?<![\w.,])(?P<low>{_NUMBER})(?:\s*(?:-|\u2013|~|to|or|에서|내지)\s*(?P<high>{_NUMBER}))?"
)
_SLIDES = re.compile(
    rf"{_RANGE}[\s-]*(?:(?:short|simple|clear|good|key|main)\s+)?"
    r"(?:slides?\b|슬라이드|장(?:짜리|으로|의|을|만|씩|\s*분량|\s*내외|\s*이내|\s*정도|(?=$"
    r"|[\s,.)]))|매(?=$|[\s짜])"
    r"|(?:pages?|쪽|페이지)(?:짜리|의|\s)*\s*(?:deck|presentation|ppt|발표|슬라이드|프레젠))",
    re.IGNORECASE,
)
_SLIDES_AFTER = re.compile(
    r"(?:slides?|슬라이드|발표\s*자료|장표|deck|presentation|프레젠테이션|ppt)\s*(?:를|을|은|는"
    r"|:|of|with|about)?\s*"
    rf"{_RANGE}\s*(?:장|매|개|쪽|페이지|slides?|pages?)?(?!\w)",
    re.IGNORECASE,
)
_PAGES = re.compile(
    rf"{_RANGE}[\s-]*(?:-|\s)?(?:pages?\b|pagers?\b|쪽|페이지|장(?=짜리|으로|의|\s|$))",
    re.IGNORECASE,
)
_MINUTES = re.compile(
    rf"(?P<low>{_NUMBER})[\s-]*(?:minutes?\b|min\b|분)(?!기)[^.,]{{0,12}}"
    r"(?:talk|presentation|deck|slides|pitch|발표|프레젠|피칭|슬라이드)",
    re.IGNORECASE,
)
_NEAR_DOCUMENT = re.compile(
    r"^[\s짜리의분량으로]*(?:보고서|문서|브리프|요약|메모|report|brief|document|memo|summary)",
    re.IGNORECASE,
)
_AFTER_DOCUMENT = re.compile(
    r"(?:보고서|문서|브리프|브리핑|요약|메모|리포트)(?:를|을|은|는)?\s*(?:약\s*)?$"
)
_STATED_LENGTH = re.compile(r"Length in pages: (\d+)|분량: 약 (\d+)쪽")
LEAST_SLIDES, MOST_SLIDES, DEFAULT_SLIDES = 2, 40, 6


@dataclass(frozen=True, slots=True)
class SlideCount:
    """The number of slides to make, and the one asked for where that differs."""

    slides: int
    asked: int | None = None
    minutes: int | None = None


def slide_count(text: str, *, wants_deck: bool = True) -> SlideCount:
    """Read the number of slides; the middle of a range; a slide a minute of talk; else six.

    A bare "6장" or "six pages" beside a document counts pages, not slides.
    """
    if not wants_deck:
        return SlideCount(DEFAULT_SLIDES)
    asked = _asked_slides(text)
    if asked is not None:
        return SlideCount(min(max(asked, LEAST_SLIDES), MOST_SLIDES), asked)
    talk = _MINUTES.search(text)
    if talk:
        minutes = _value(talk.group("low"))
        return SlideCount(min(max(minutes, 4), 20), minutes=minutes)
    return SlideCount(DEFAULT_SLIDES)


def page_count(text: str) -> int | None:
    """Read the number of pages wanted of a document; None when the goal does not say."""
    stated = _STATED_LENGTH.search(text)
    if stated:
        return int(stated.group(1) or stated.group(2))
    for match in _PAGES.finditer(text):
        is_slides = match.group().endswith("장") and not _is_about_document(text, match)
        if not is_slides:
            return _middle(match)
    return None


def _asked_slides(text: str) -> int | None:
    for match in _SLIDES.finditer(text):
        if "장" in match.group() and _is_about_document(text, match):
            continue
        return _middle(match)
    after = _SLIDES_AFTER.search(text)
    return _middle(after) if after and _is_count(after) else None


def _is_count(match: re.Match[str]) -> bool:
    """Tell "slides: 8" from "slides 2025": years and long numbers are no counts."""
    return _value(match.group("low")) <= 60 and not match.group().rstrip().endswith("%")


def _is_about_document(text: str, match: re.Match[str]) -> bool:
    after, before = text[match.end() :], text[: match.start()]
    return bool(_NEAR_DOCUMENT.search(after) or _AFTER_DOCUMENT.search(before))


def _middle(match: re.Match[str]) -> int:
    low = _value(match.group("low"))
    high = _value(match.group("high")) if match.group("high") else low
    return (low + high) // 2


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS[word.lower()]
