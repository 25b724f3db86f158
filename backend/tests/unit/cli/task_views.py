"""Tasks as services hand them to those who show them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.agents.estimates import quote_plan
from app.agents.task_planner import content_hash
from app.engine.feed import EventRead
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep, Quote, Range, TaskType
from app.schemas.source import Language
from app.schemas.task import ArtifactRead, CheckRead, StepRead, TaskRead

STARTED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TASK_ID = "5d1f7c1e-0000-4000-8000-000000000001"


def plan_step(key: str, title: str, agent: AgentName, **more: object) -> PlanStep:
    """Return a step of a plan."""
    return PlanStep.model_validate({"key": key, "title": title, "agent": agent, **more})


def three_steps() -> tuple[PlanStep, ...]:
    """Return research, a report from it, and a review of both."""
    return (
        plan_step("research", "Read the files", AgentName.RESEARCH),
        plan_step(
            "report",
            "Write the report",
            AgentName.DOCS,
            depends_on=("research",),
            file_name="report.docx",
        ),
        plan_step("review", "Sum up", AgentName.REVIEW, after=("research", "report")),
    )


def a_quote(*, cost_usd: float = 0, tokens: float = 0, time_s: float = 12) -> Quote:
    """Return a quote whose 90th percentiles are twice its medians."""
    return Quote(
        time_s=Range(p50=time_s, p90=time_s * 2),
        cost_usd=Range(p50=cost_usd, p90=cost_usd * 2),
        tokens=Range(p50=tokens, p90=tokens * 2),
    )


def a_plan(
    *,
    title: str = "Board brief",
    language: Language = "en",
    model: str = "builtin",
    steps: Sequence[PlanStep] | None = None,
    quote: Quote | None = None,
    notices: tuple[str, ...] = (),
) -> ExecutionPlan:
    """Return a plan."""
    chosen = three_steps() if steps is None else tuple(steps)
    plan = ExecutionPlan(
        goal="Brief the board",
        title=title,
        language=language,
        task_type=TaskType.DOCS,
        model=model,
        steps=chosen,
        notices=notices,
        quote=quote or quote_plan(chosen),
    )
    return plan.model_copy(update={"content_hash": content_hash(plan)})


def a_step(
    key: str,
    status: str,
    *,
    started_s: float | None = None,
    ended_s: float | None = None,
    **more: object,
) -> StepRead:
    """Return a step as it stands; times are seconds after the task's start."""
    return StepRead.model_validate(
        {
            "key": key,
            "agent": "research",
            "title": key.capitalize(),
            "status": status,
            "depends_on": (),
            "after": (),
            "attempt": 1,
            "started_at": None if started_s is None else STARTED + timedelta(seconds=started_s),
            "finished_at": None if ended_s is None else STARTED + timedelta(seconds=ended_s),
            **more,
        }
    )


def an_artifact(
    name: str = "report.docx", *, failed: int = 0, sources: int = 3, size_bytes: int = 48_200
) -> ArtifactRead:
    """Return a file with five checks, some of them failed."""
    checks = tuple(CheckRead(name=f"check-{n}", passed=n >= failed) for n in range(5))
    return ArtifactRead(
        name=name,
        media_type="application/octet-stream",
        size_bytes=size_bytes,
        sha256="0" * 64,
        step_key="report",
        checks=checks,
        source_count=sources,
        created_at=STARTED,
    )


def a_task(**more: Any) -> TaskRead:
    """Return a task; running, with a plan of three steps, unless said otherwise."""
    plan = more.pop("plan", a_plan())
    return TaskRead.model_validate(
        {
            "id": TASK_ID,
            "title": "Board brief",
            "goal": "Brief the board",
            "task_type": "docs",
            "language": "en",
            "model": "builtin",
            "status": "running",
            "priority": "normal",
            "cap_usd": 1.0,
            "spent_usd": 0.0,
            "created_at": STARTED,
            "started_at": STARTED,
            "reserved_usd": 0.0,
            "uncertain_usd": 0.0,
            "tokens": 0,
            "file_ids": (),
            "plan": plan,
            "content_hash": plan.content_hash if plan is not None else None,
            **more,
        }
    )


def an_event(
    kind: str,
    step_key: str | None = None,
    *,
    at_s: float = 0,
    seq: int = 1,
    payload: Mapping[str, object] | None = None,
) -> EventRead:
    """Return an event, `at_s` seconds after the task's start."""
    return EventRead(
        seq=seq,
        kind=kind,
        step_key=step_key,
        payload=dict(payload or {}),
        created_at=STARTED + timedelta(seconds=at_s),
    )
