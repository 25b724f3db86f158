"""Revisions of a plan as users see them."""

from typing import Any

from app.models import Plan, Task
from app.schemas.plan import ExecutionPlan
from app.schemas.plan_edit import PlanRead, PlanSummary


def summarise_plan(row: Plan) -> PlanSummary:
    """Return a revision as a list shows it."""
    return PlanSummary(**_fields(row))


def read_plan(task: Task, row: Plan) -> PlanRead:
    """Return a revision whole, with what its task stands at."""
    return PlanRead(
        **_fields(row),
        task_status=task.status,
        cap_usd=float(task.cap_usd),
        plan=ExecutionPlan.model_validate(row.body),
    )


def _fields(row: Plan) -> dict[str, Any]:
    return {
        "id": row.id,
        "task_id": row.task_id,
        "revision": row.revision,
        "status": row.status,
        "content_hash": row.content_hash,
        "step_count": len(row.body["steps"]),
        "quote": row.body["quote"],
        "created_at": row.created_at,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by,
        "decision": row.decision,
    }
