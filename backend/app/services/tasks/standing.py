"""How a begun task stands, from its rows, and how a new plan differs from it."""

import hashlib
from collections.abc import Sequence

import orjson

from app.agents.ports import Standing, StepReport
from app.agents.types import StepStatus
from app.models import AgentTaskRow
from app.schemas.plan import ExecutionPlan, PlanStep
from app.schemas.replan import PlanDifference

# Tried again as it is, a step would end the same way.
LASTING = frozenset({"step_deadline"})


def standing_of(
    plan: ExecutionPlan, rows: Sequence[AgentTaskRow], new_goal: str | None
) -> Standing:
    """Return how a task stands on its plan; steps that an earlier plan replaced are only keys."""
    by_key = {row.key: row for row in rows}
    return Standing(
        plan=plan,
        reports=tuple(_report(by_key[step.key]) for step in plan.steps if step.key in by_key),
        taken_keys=frozenset(by_key),
        has_new_goal=new_goal is not None,
    )


def standing_hash(standing: Standing, goal: str) -> str:
    """Return what names a standing and the goal that it is planned for."""
    body = {"goal": goal, **standing.model_dump(mode="json", exclude={"taken_keys"})}
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def difference_of(standing: Standing, plan: ExecutionPlan) -> PlanDifference:
    """Return what a new plan does to the steps of the task."""
    new = [step.key for step in plan.steps if step.key not in plan.finished]
    planned = {step.key for step in plan.steps}
    return PlanDifference(
        kept=plan.finished,
        again=tuple(key for key in new if key in standing.taken_keys),
        added=tuple(key for key in new if key not in standing.taken_keys),
        replaced=tuple(r.step.key for r in standing.reports if r.step.key not in planned),
    )


def _report(row: AgentTaskRow) -> StepReport:
    error = row.error or {}
    return StepReport(
        step=PlanStep.model_validate(row.spec),
        is_done=row.status == StepStatus.DONE,
        is_failed=row.status == StepStatus.FAILED,
        may_work_again=not error.get("is_final") and error.get("code") not in LASTING,
        summary=row.summary or "",
        reason=str(error.get("message", "")),
    )
