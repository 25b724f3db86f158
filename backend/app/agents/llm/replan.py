"""Plan the rest of a begun task with a model: it is told what is done, what failed, and why."""

from collections.abc import Iterator

from app.agents.errors import GoalUnclear, NothingToReplan
from app.agents.llm.client import ModelClient, Order
from app.agents.llm.decompose import (
    PlanAnswer,
    describe_files,
    draft_steps,
    misplaced_needs,
    possible,
)
from app.agents.llm.fence import system_prompt, user_prompt
from app.agents.ports import Goal, PlanDraft, Standing
from app.agents.replan import reused

SHOWN_SUMMARY = 600
SHOWN_REASON = 300


async def replan(client: ModelClient, goal: Goal, standing: Standing) -> PlanDraft:
    """Ask for the steps that are still needed; finished ones keep the first numbers.

    Raises:
        GoalUnclear: The model says that the goal asks for nothing that can be made.
        NothingToReplan: It says that all is done.
    """
    first = len(standing.finished) + 1
    answer = await client.ask(
        Order(
            operation="replan",
            system=system_prompt("replan", goal.language),
            prompt=lambda share: _prompt(goal, standing, share),
            answer=PlanAnswer,
            problems=lambda given: misplaced_needs(given, first=first),
        )
    )
    if not answer.is_clear:
        raise GoalUnclear(answer.unclear_reason or "Say which document, workbook or deck you want.")
    kept, notices = possible(answer.steps, goal, first=first)
    steps = draft_steps(answer.steps, kept, before=standing.finished)
    if answer.steps and not steps:
        raise GoalUnclear(" ".join(notices))
    if not steps and not standing.unfinished and standing.has_new_goal:
        raise NothingToReplan(
            "What is done already serves the new goal; order a new task to have it made again."
        )
    return PlanDraft(
        title=answer.title or standing.plan.title,
        language=goal.language,
        steps=reused(steps, standing),
        notices=(*notices, *answer.assumptions),
    )


def _prompt(goal: Goal, standing: Standing, share: float) -> str:
    order = (
        ("Goal", goal.text),
        ("Earlier goal", standing.plan.goal if standing.has_new_goal else ""),
        ("Language of the results", goal.language),
        ("Today", goal.today.isoformat()),
        ("Files given", str(len(goal.sources.extracts))),
        ("Finished steps", str(len(standing.finished))),
    )
    lines = [*_told(standing), *describe_files(goal, share)]
    return user_prompt(order, "\n".join(lines))


def _told(standing: Standing) -> Iterator[str]:
    summaries = {report.step.key: report.summary for report in standing.reports}
    for number, step in enumerate(standing.finished, start=1):
        made = f" ({step.file_name})" if step.file_name else ""
        yield f"Finished step {number}, {step.agent}{made}: {step.title}"
        yield f"  result: {summaries[step.key][:SHOWN_SUMMARY]}"
    for report in standing.unfinished:
        state = "failed" if report.is_failed else "was not reached"
        yield f"Step that {state}, {report.step.agent}: {report.step.title}"
        if report.reason:
            yield f"  reason: {report.reason[:SHOWN_REASON]}"
