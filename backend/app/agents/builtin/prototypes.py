"""Example goals for each kind of file: what a goal is like decides where its words do not."""

import asyncio
from collections.abc import Mapping

from app.agents.builtin.vocabulary import Deliverable
from app.sources import Embedder

_EXAMPLES: Mapping[Deliverable, tuple[str, ...]] = {
    Deliverable.DOCUMENT: (
        "Write up what these files say.",
        "Summarise the main findings for my manager.",
        "I need background reading on this topic before the meeting.",
        "이 자료의 내용을 글로 정리해 줘.",
        "상사에게 보고할 핵심 내용을 요약해 줘.",
        "이 주제에 대해 조사해서 알려 줘.",
    ),
    Deliverable.WORKBOOK: (
        "Calculate the totals and growth rates from these numbers.",
        "Break down spending by department and year with formulas.",
        "Put the figures in order so that I can work with them.",
        "이 숫자들의 합계와 증가율을 계산해 줘.",
        "부서별, 연도별 지출을 집계해 줘.",
        "수치를 계속 고쳐 쓸 수 있게 정리해 줘.",
    ),
    Deliverable.DECK: (
        "I have to present this to the board on Monday.",
        "Something to show on the screen in the meeting.",
        "Help me pitch this to investors.",
        "월요일 임원 회의에서 발표해야 해.",
        "회의 때 화면에 띄워 보여 줄 것이 필요해.",
        "투자자에게 설명할 자료가 필요해.",
    ),
}
_NONSENSE_BELOW = 0.2


async def likeness(goal: str, embedder: Embedder | None) -> dict[Deliverable, float]:
    """Return how near a goal is to the examples of each kind; empty without an embedder."""
    if embedder is None or not goal.strip():
        return {}
    return await asyncio.to_thread(_likeness, goal, embedder)


def _likeness(goal: str, embedder: Embedder) -> dict[Deliverable, float]:
    examples = [text for texts in _EXAMPLES.values() for text in texts]
    vectors = embedder.encode([goal, *examples])
    scores = vectors[1:] @ vectors[0]
    found: dict[Deliverable, float] = {}
    start = 0
    for kind, texts in _EXAMPLES.items():
        best = sorted((float(s) for s in scores[start : start + len(texts)]), reverse=True)[:2]
        found[kind] = sum(best) / len(best)
        start += len(texts)
    return found


def makes_sense(scores: Mapping[Deliverable, float]) -> bool:
    """Say whether a goal is like any order at all."""
    return max(scores.values(), default=0.0) >= _NONSENSE_BELOW
