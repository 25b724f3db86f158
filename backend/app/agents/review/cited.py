"""Citations present: a list of sources where there are sources, a source at each figure."""

import re
from collections.abc import Iterator

from app.agents.results import AgentResult
from app.agents.review.content import Content, uncited_shows
from app.agents.review.evidence import Evidence
from app.agents.review.wording import fault
from app.artifacts.blocks import SourcesSlide
from app.schemas.review import Fault, FaultCode
from app.sources import numbers_in

_YEAR = re.compile(r"(?:19|20|21)\d{2}")
_MOST_UNCITED = 5


def citation_faults(made: AgentResult, content: Content, evidence: Evidence) -> Iterator[Fault]:
    """Yield a missing list of sources, and figures without a source."""
    language = content.language
    if not evidence.library.passages:
        return
    has_list = made.deck is None or any(isinstance(s, SourcesSlide) for s in made.deck.slides)
    if not content.sources or not has_list:
        yield fault(FaultCode.SOURCES_MISSING, language)
    if made.workbook is not None:
        return
    # What names a file itself, such as a note on what was left out, says where it is from.
    names = [extract.file_name for extract in evidence.library.extracts]
    uncited = [
        (s.place, s.text)
        for s in content.statements
        if not s.source_ids
        and not s.is_heading
        and _has_figure(s.text)
        and not any(name in s.text for name in names)
    ]
    uncited += [(caption, caption) for caption in uncited_shows(made)]
    for place, text in uncited[:_MOST_UNCITED]:
        yield fault(FaultCode.CLAIM_UNCITED, language, place=place, written=text)


def _has_figure(text: str) -> bool:
    return any(not _YEAR.fullmatch(number) for number in numbers_in(text))
