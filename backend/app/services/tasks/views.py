"""Rows as users see them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.agents.task_planner import progress_of
from app.agents.types import StepStatus
from app.models import AgentTaskRow, Artifact, Plan, Task
from app.schemas.plan import ExecutionPlan
from app.schemas.priority import TaskPriority
from app.schemas.review import ReviewReport
from app.schemas.task import (
    ArtifactRead,
    CheckRead,
    ProgressRead,
    StepRead,
    TaskRead,
    TaskSummary,
)

__all__ = ["TaskRows", "public_error", "read_artifact", "read_task", "summarise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSums:
    """What the ledger says of a task: the dollars counted at their worst, the tokens of recorded
    replies, and the models that answered each step, by its key, the first first.
    """

    uncertain_usd: Decimal
    tokens: int
    answered_by: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRows:
    """All rows of one task, read together."""

    task: Task
    plan: Plan | None
    steps: Sequence[AgentTaskRow]
    artifacts: Sequence[Artifact]
    ledger: LedgerSums


def summarise(task: Task) -> TaskSummary:
    """Return a task as a list shows it."""
    return TaskSummary(**_summary_fields(task))


def read_task(rows: TaskRows) -> TaskRead:
    """Return a task whole."""
    task, result = rows.task, rows.task.result or {}
    plan = ExecutionPlan.model_validate(rows.plan.body) if rows.plan is not None else None
    synthesis = result.get("synthesis") or {}
    return TaskRead(
        **_summary_fields(task),
        reserved_usd=float(task.reserved_usd),
        uncertain_usd=float(rows.ledger.uncertain_usd),
        tokens=rows.ledger.tokens,
        file_ids=tuple(task.file_ids),
        content_hash=rows.plan.content_hash if rows.plan is not None else None,
        plan=plan,
        progress=_progress(plan, rows.steps),
        steps=tuple(
            _read_step(step, rows.ledger.answered_by.get(step.key, ())) for step in rows.steps
        ),
        artifacts=tuple(read_artifact(artifact) for artifact in rows.artifacts),
        summary=synthesis.get("summary"),
        highlights=tuple(synthesis.get("highlights", ())),
        inconsistencies=tuple(synthesis.get("inconsistencies", ())),
        missing=result.get("missing", {}),
        deadline_s=task.deadline_s,
        deadline_at=task.deadline_at,
        replans=task.replans,
        error=public_error(task.error),
        started_at=task.started_at,
    )


def read_artifact(artifact: Artifact) -> ArtifactRead:
    """Return a file with its checks."""
    return ArtifactRead(
        name=artifact.name,
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        sha256=artifact.sha256,
        step_key=artifact.step_key,
        checks=tuple(CheckRead.model_validate(check) for check in artifact.report["checks"]),
        source_count=len(artifact.sources),
        review=read_review(artifact.report.get("review")),
        created_at=artifact.created_at,
    )


def read_review(stored: Mapping[str, Any] | None) -> ReviewReport | None:
    """Return a file's review; None for a file that was made before there were reviews."""
    return None if stored is None else ReviewReport.model_validate(stored)


def public_error(error: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a stored error without what only the engine needs."""
    if error is None:
        return None
    return {name: value for name, value in error.items() if name != "is_final"}


def _summary_fields(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "title": task.title,
        "goal": task.goal,
        "task_type": task.task_type,
        "language": task.language,
        "model": task.model,
        "status": task.status,
        "priority": TaskPriority.of_rank(task.priority),
        "cap_usd": float(task.cap_usd),
        "spent_usd": float(task.spent_usd),
        "created_at": task.created_at,
        "finished_at": task.finished_at,
    }


def _read_step(step: AgentTaskRow, answered_by: tuple[str, ...]) -> StepRead:
    return StepRead(
        key=step.key,
        agent=step.agent,
        title=step.spec["title"],
        status=step.status,
        depends_on=tuple(step.spec.get("depends_on", ())),
        after=tuple(step.spec.get("after", ())),
        attempt=step.attempt,
        model=step.spec.get("model"),
        answered_by=answered_by,
        summary=step.summary,
        error=public_error(step.error),
        started_at=step.started_at,
        finished_at=step.finished_at,
    )


def _progress(plan: ExecutionPlan | None, steps: Sequence[AgentTaskRow]) -> ProgressRead | None:
    if plan is None:
        return None
    progress = progress_of(plan, {step.key: StepStatus(step.status) for step in steps})
    census = Counter(step.status for step in steps)
    return ProgressRead.model_validate({**progress.model_dump(), "census": census})
