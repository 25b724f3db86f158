"""Completeness: content at all, in the language asked for, the sections and slides asked for."""

import re
from collections.abc import Iterator

from app.agents.builtin.deck_space import slide_count_of
from app.agents.builtin.subject import asked_aspects
from app.agents.ports import Ask
from app.agents.results import AgentResult
from app.agents.review.content import Content
from app.agents.review.evidence import Evidence
from app.agents.review.wording import fault
from app.schemas.review import Fault, FaultCode
from app.sources import detect_language, tokens

# The Korean list stands before its word. Its length is bounded and it begins with a letter: without
# that a long goal, or a run of spaces, holds the whole process for minutes.
_SECTIONS = re.compile(
    r"\b(?:sections?|chapters?|headings?|parts?)\s*(?::|named|called|titled|on|for|about)\s*"
    r"(?P<items>[^.;!?\n]+)"
    r"|(?P<ko>[^.!?\n:\s][^.!?\n:]{0,199}?)\s{0,2}(?:섹션|절|항목|목차)(?:으로|을|를|이|로)?\s*(?:구성|나누|나눠|포함|넣)",
    re.IGNORECASE,
)
_ITEMS = re.compile(r"\s*[,·]\s*(?:and\s+|그리고\s+)?|\s+and\s+|\s*및\s*|(?<=[가-힣])(?:와|과)\s+")
_LEAST_TEXT = 80
_LONGEST_NAME = 40


def completeness_faults(
    ask: Ask, made: AgentResult, content: Content, evidence: Evidence
) -> Iterator[Fault]:
    """Yield what was asked for and is not there."""
    language = content.language
    if not content.has_body:
        yield fault(FaultCode.EMPTY, language)
        return
    asked, deck = ask.step.slide_count, made.deck
    if deck is not None and asked is not None and slide_count_of(deck) != asked:
        count = str(slide_count_of(deck))
        yield fault(FaultCode.SLIDE_COUNT, language, written=count, expected=str(asked))
    if not _is_in(ask, content, evidence):
        yield fault(FaultCode.WRONG_LANGUAGE, ask.language)
    if made.workbook is None:
        for name in _missing_sections(ask, content):
            yield fault(FaultCode.SECTION_MISSING, language, written=name)


def asked_sections(text: str) -> tuple[str, ...]:
    """Return the sections that an order names: "with sections: Demand, Costs and Risks"."""
    named: dict[str, None] = {}
    for match in _SECTIONS.finditer(text):
        items = _ITEMS.split(match.group("items") or match.group("ko"))
        if len(items) > 1:
            names = (item.strip(" \"'“”()") for item in items)
            named |= dict.fromkeys(n for n in names if 1 < len(n) <= _LONGEST_NAME and tokens(n))
    return tuple(named)


def _missing_sections(ask: Ask, content: Content) -> Iterator[str]:
    order = f"{ask.step.instructions}\n{ask.goal}"
    in_headings = asked_sections(ask.step.instructions)
    anywhere = (*asked_sections(ask.goal), *asked_aspects(ask.goal))
    if detect_language(order) != content.language:
        # A name in another language cannot be found by its words.
        return
    headings, words = set(tokens(content.headings)), set(tokens(content.text))
    for name in dict.fromkeys(in_headings):
        if not set(tokens(name)) & headings:
            yield name
    for name in dict.fromkeys(anywhere):
        if name not in in_headings and not set(tokens(name)) & words:
            yield name


def _is_in(ask: Ask, content: Content, evidence: Evidence) -> bool:
    """Say whether a file's own words are in the language asked for; what it quotes may not be."""
    text = content.text
    if len(text) < _LEAST_TEXT or detect_language(text) == ask.language:
        return True
    own = [s.text for s in content.statements if not s.is_quote and not evidence.holds(s.text)]
    joined = "\n".join(own)
    return len(joined) < _LEAST_TEXT or detect_language(joined) == ask.language
