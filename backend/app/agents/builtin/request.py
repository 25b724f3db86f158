"""A goal, understood: what to make, about what, how long, in which language."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from app.agents.builtin.counts import SlideCount, page_count, slide_count
from app.agents.builtin.mentions import Mention, Role, find_mentions, kinds_with, wanted_kinds
from app.agents.builtin.subject import asked_aspects, document_modifiers, find_subject
from app.agents.builtin.vocabulary import (
    DOCUMENT_KINDS,
    EVERYTHING,
    HINTED,
    QUESTION,
    UNSUPPORTED,
    Deliverable,
    DocumentKind,
)
from app.schemas.source import Language
from app.sources.text import detect_language

_TO_KOREAN = re.compile(
    r"\b(?:in|into)\s+(?:plain\s+|simple\s+)?korean\b(?!\s+(?:market|won|peninsula|companies"
    r"|homes))|한국어로|한글로|국문으로"
    r"|\bkorean(?:[\s-]language)?\s+(?:version|deck|slides|report|summary|brief|memo"
    r"|document)\b|(?:한국어|국문)\s*(?:보고서|자료|슬라이드|문서)",
    re.IGNORECASE,
)
_TO_ENGLISH = re.compile(
    r"\b(?:in|into)\s+(?:plain\s+|simple\s+)?english\b|영어로|영문으로"
    r"|\benglish(?:[\s-]language)?\s+(?:version|deck|slides|report|summary|brief|memo"
    r"|document)\b|(?:영어|영문)\s*(?:보고서|자료|슬라이드|문서|발표)",
    re.IGNORECASE,
)
_REQUEST_CHARS = 1500
_PAGE_BREAK = re.compile(r"\n\s*\n|\n(?=\s*\|)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a goal asks for, as far as its words say."""

    text: str
    language: Language
    wanted: frozenset[Deliverable]
    excluded: frozenset[Deliverable]
    hinted: frozenset[Deliverable]
    mentions: tuple[Mention, ...]
    subject: str
    modifiers: str
    aspects: tuple[str, ...]
    document_kind: DocumentKind
    slides: SlideCount
    pages: int | None
    is_question: bool
    is_unsupported: bool

    def in_language(self, language: Language) -> "Request":
        """Return the request with the language that the plan was approved in."""
        return replace(self, language=language)


@lru_cache(maxsize=64)
def understand(text: str, language: Language) -> Request:
    """Read a goal. `language` is the one to answer in, unless the goal names another."""
    order = _order_part(text)
    mentions = find_mentions(order)
    wanted = frozenset(Deliverable) if EVERYTHING.search(order) else wanted_kinds(mentions)
    excluded = kinds_with(mentions, Role.EXCLUDED) - wanted
    subject = find_subject(order, mentions, detect_language(order))
    wants_deck = Deliverable.DECK in wanted or not wanted
    return Request(
        text=order,
        language=output_language(order, language),
        wanted=wanted - excluded,
        excluded=excluded,
        hinted=frozenset(k for k, pattern in HINTED.items() if pattern.search(order)),
        mentions=mentions,
        subject=subject,
        modifiers=document_modifiers(order, mentions, subject),
        aspects=asked_aspects(order),
        document_kind=_document_kind(order, mentions, wanted),
        slides=slide_count(order, wants_deck=wants_deck),
        pages=page_count(order),
        is_question=bool(QUESTION.search(order)),
        is_unsupported=any(pattern.search(order) for pattern in UNSUPPORTED),
    )


def output_language(text: str, default: Language) -> Language:
    """Return the language to write in: the one named; Korean for Korean goals; else `default`."""
    if _TO_KOREAN.search(text):
        return "ko"
    if _TO_ENGLISH.search(text):
        return "en"
    return "ko" if detect_language(text) == "ko" else default


def _order_part(text: str) -> str:
    """Return the part of a goal that gives the order, without pasted material."""
    if len(text) <= _REQUEST_CHARS:
        parts = _PAGE_BREAK.split(text.strip())
        return parts[0] if len(parts[0]) >= 15 and len(parts) > 1 else text.strip()
    first = _PAGE_BREAK.split(text.strip())[0]
    return first[:_REQUEST_CHARS]


def _document_kind(
    text: str, mentions: tuple[Mention, ...], wanted: frozenset[Deliverable]
) -> DocumentKind:
    spoken = " ".join(
        text[max(0, m.start - 24) : m.end]
        for m in mentions
        if m.role is Role.WANTED and m.kind is Deliverable.DOCUMENT
    )
    for kind, pattern in DOCUMENT_KINDS:
        if pattern.search(spoken):
            return kind
    if Deliverable.DOCUMENT not in wanted and QUESTION.search(text):
        return DocumentKind.ANSWER
    unnamed = {DocumentKind.ONE_PAGER, DocumentKind.SUMMARY}
    verbs = (kind for kind, pattern in DOCUMENT_KINDS if kind in unnamed and pattern.search(text))
    return next(verbs, DocumentKind.BRIEF)
