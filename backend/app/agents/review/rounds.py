"""The rounds of a deliverable: made, reviewed, sent back at most twice, the best version kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from app.agents.errors import ModelAnswerInvalid, TaskFailed
from app.agents.ports import Ask, Composer, Revision
from app.agents.results import AgentResult
from app.agents.review.rubric import passes, score_of
from app.agents.review.rules import Rules
from app.artifacts.report import RenderedFile
from app.schemas.review import Fault, ReviewReport, ReviewRound

MAX_RETURNS = 2
BUILTIN = "builtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One version of a deliverable: as data, and as the file rendered from it."""

    result: AgentResult
    file: RenderedFile


Make = Callable[[Ask], Awaitable[AgentResult]]
Render = Callable[[AgentResult], Awaitable[RenderedFile]]
Report = Callable[[tuple[Fault, ...]], Awaitable[None]]


async def review_rounds(
    ask: Ask, composer: Composer, *, make: Make, render: Render, report: Report
) -> tuple[Made, ReviewReport]:
    """Make a deliverable, review it, and have it put right; return the best version.

    The first version may fail as any step may. A later one that cannot be made ends the rounds:
    there is one to hand over already. So does one that says what the last one said.
    """
    rules = Rules(ask)
    versions: list[tuple[Made, ReviewRound]] = []
    asked = ask
    while True:
        try:
            result = await make(asked)
        except (ModelAnswerInvalid, TaskFailed):
            if not versions:
                raise
            break
        if versions and result == versions[-1][0].result:
            break
        made = Made(result=result, file=await render(result))
        faults = await _faults(rules, composer, ask, made)
        number = len(versions) + 1
        versions.append((made, ReviewRound(number=number, score=score_of(faults), faults=faults)))
        if passes(faults) or number > MAX_RETURNS:
            break
        await report(faults)
        asked = replace(ask, revision=Revision(previous=result, faults=faults))
    kept, best = max(versions, key=_rank)
    judge = None if composer.model == BUILTIN else composer.model
    rounds = tuple(reviewed for _, reviewed in versions)
    return kept, ReviewReport(
        score=best.score, kept_round=best.number, rounds=rounds, judged_by=judge
    )


async def _faults(rules: Rules, composer: Composer, ask: Ask, made: Made) -> tuple[Fault, ...]:
    found = await asyncio.to_thread(rules.faults, made.result, made.file.report)
    try:
        return (*found, *await composer.review(ask, made.result, found))
    except ModelAnswerInvalid:
        # The rules have spoken; a model that cannot say what it thinks costs no file.
        return found


def _rank(version: tuple[Made, ReviewRound]) -> tuple[bool, int, int]:
    """Rank what can be handed over at all first, then by score; of equals the earlier one."""
    made, reviewed = version
    return (made.file.report.passed, reviewed.score, -reviewed.number)
