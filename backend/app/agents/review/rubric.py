"""How faults become a score: 100 points, of which each kind of fault can take its part at most.

facts 40, completeness 20, consistency 20, citations 10, formatting 10. A file that breaks
everything stands at 0; one changed quote costs as much as two invented numbers.
"""

from collections import defaultdict
from collections.abc import Iterable

from app.schemas.review import Fault, FaultCode, FaultKind

MOST = {
    FaultKind.FACTS: 40,
    FaultKind.COMPLETENESS: 20,
    FaultKind.CONSISTENCY: 20,
    FaultKind.CITATIONS: 10,
    FaultKind.FORMATTING: 10,
}
POINTS = {
    FaultCode.QUOTE_CHANGED: 20,
    FaultCode.NUMBER_UNTRACED: 10,
    FaultCode.EMPTY: 20,
    FaultCode.WRONG_LANGUAGE: 20,
    FaultCode.SECTION_MISSING: 10,
    FaultCode.SLIDE_COUNT: 10,
    FaultCode.FIGURES_DIFFER: 10,
    FaultCode.SOURCES_MISSING: 10,
    FaultCode.CLAIM_UNCITED: 2,
    FaultCode.CHECK_FAILED: 5,
    FaultCode.JUDGED: 5,
}
PASS_SCORE = 90
GRAVE = frozenset({FaultKind.FACTS, FaultKind.CONSISTENCY, FaultKind.FORMATTING})


def score_of(faults: Iterable[Fault]) -> int:
    """Return the score, 0 to 100."""
    lost: dict[FaultKind, int] = defaultdict(int)
    for fault in faults:
        lost[fault.kind] += fault.points
    return 100 - sum(min(MOST[kind], points) for kind, points in lost.items())


def passes(faults: Iterable[Fault]) -> bool:
    """Say whether a version needs no other: 90 points, and nothing wrong in facts or figures."""
    listed = tuple(faults)
    return score_of(listed) >= PASS_SCORE and not any(fault.kind in GRAVE for fault in listed)
