"""The fixed words of written documents in both languages."""

from collections.abc import Mapping
from typing import Literal

from app.schemas.source import Language

CaptionKind = Literal["figure", "table"]
_LABELS: Mapping[Language, Mapping[CaptionKind, str]] = {
    "en": {"figure": "Figure", "table": "Table"},
    "ko": {"figure": "그림", "table": "표"},
}
_SOURCE: Mapping[Language, str] = {"en": "Source:", "ko": "출처:"}
_PART: Mapping[Language, str] = {"en": "part {part} of {count}", "ko": "{count}개 중 {part}번째"}
_LOCALES: Mapping[Language, str] = {"en": "en-US", "ko": "ko-KR"}


def caption_label(kind: CaptionKind, language: Language) -> str:
    """Return the word before a caption's number."""
    return _LABELS[language][kind]


def source_label(language: Language) -> str:
    """Return the word before the citations of a caption."""
    return _SOURCE[language]


def part_label(part: int, count: int, language: Language) -> str:
    """Say which part of a table that was too wide for the page this is."""
    return _PART[language].format(part=part, count=count)


def locale_tag(language: Language) -> str:
    """Return the language tag that office programs want: "en-US", "ko-KR"."""
    return _LOCALES[language]
