"""File names from titles: ASCII or Hangul words joined by hyphens."""

import re
import unicodedata
from collections.abc import Mapping

from app.agents.builtin.vocabulary import Deliverable, DocumentKind
from app.schemas.source import Language

_KEPT = re.compile(r"[^0-9a-z가-힣]+")
_MOST_CHARS = 48
_ENDINGS: Mapping[Deliverable, str] = {
    Deliverable.DOCUMENT: ".docx",
    Deliverable.WORKBOOK: ".xlsx",
    Deliverable.DECK: ".pptx",
}
_WORDS: Mapping[Language, Mapping[Deliverable, str]] = {
    "en": {Deliverable.WORKBOOK: "workbook", Deliverable.DECK: "deck"},
    "ko": {Deliverable.WORKBOOK: "데이터", Deliverable.DECK: "발표자료"},
}
_KIND_WORDS: Mapping[Language, Mapping[DocumentKind, str]] = {
    "en": {
        DocumentKind.BRIEF: "brief",
        DocumentKind.REPORT: "report",
        DocumentKind.MEMO: "memo",
        DocumentKind.ONE_PAGER: "one-pager",
        DocumentKind.SUMMARY: "summary",
        DocumentKind.ANSWER: "answer",
        DocumentKind.PROPOSAL: "proposal",
    },
    "ko": {
        DocumentKind.BRIEF: "브리프",
        DocumentKind.REPORT: "보고서",
        DocumentKind.MEMO: "메모",
        DocumentKind.ONE_PAGER: "한장요약",
        DocumentKind.SUMMARY: "요약",
        DocumentKind.ANSWER: "답변",
        DocumentKind.PROPOSAL: "제안서",
    },
}


def slug(text: str) -> str:
    """Return lower-case words of ASCII or Hangul joined by hyphens; "madang" when none is left."""
    folded = unicodedata.normalize("NFC", text).lower()
    ascii_accents = "".join(_without_accent(character) for character in folded)
    joined = _KEPT.sub("-", ascii_accents).strip("-")
    if len(joined) > _MOST_CHARS:
        joined = joined[: _MOST_CHARS + 1].rsplit("-", 1)[0][:_MOST_CHARS].strip("-")
    return joined or "madang"


def file_name(subject: str, made: Deliverable, kind: DocumentKind, language: Language) -> str:
    """Return the name of a file to be made: "home-battery-market-brief.docx"."""
    word = _WORDS[language].get(made) or _KIND_WORDS[language][kind]
    stem = slug(subject)
    if stem.endswith(word) or stem == word:
        return f"{stem}{_ENDINGS[made]}"
    return f"{stem}-{word}{_ENDINGS[made]}"


def _without_accent(character: str) -> str:
    if "가" <= character <= "힣":
        return character
    return unicodedata.normalize("NFKD", character)[:1]
