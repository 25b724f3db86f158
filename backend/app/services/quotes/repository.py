"""What finished steps and tasks took, read from the engine's own rows: nothing is kept twice.

A task that was stopped and run again is left out: the pause would count as work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, Select, Subquery, exists, func, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import AgentTaskRow, ModelCall, Plan, Task, TaskEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun:
    """One ended step with what its calls took, all tries together.

    It begins with its first paid call if that was before the last try began. `cost_usd` counts
    calls of unknown outcome at their worst; that part is `uncertain_usd`.
    """

    task_id: str
    model: str
    agent: str
    status: str
    complexity: str
    source_characters: int | None
    estimate: dict[str, Any] | None
    started_at: datetime
    finished_at: datetime
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    uncertain_usd: Decimal

    @property
    def time_s(self) -> float:
        """Seconds from the beginning to the end."""
        return max((self.finished_at - self.started_at).total_seconds(), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRun:
    """One done task with the quote of its plan."""

    task_id: str
    model: str
    quote: dict[str, Any]
    started_at: datetime
    finished_at: datetime

    @property
    def time_s(self) -> float:
        """Seconds from the start of the first step to the end of the last, waits included."""
        return max((self.finished_at - self.started_at).total_seconds(), 0.0)


class QuoteRepository:
    """The latest ended tasks of a user, within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def step_runs(
        self, user_id: str, *, model: str | None = None, tasks: int, with_estimates: bool
    ) -> list[StepRun]:
        """Return the ended steps of the user's latest ended tasks, newest task first.

        Without estimates, which are most of the bytes, `estimate` is None.
        """
        estimate = AgentTaskRow.spec["estimate"] if with_estimates else null()
        recent = _latest(user_id, model, tasks)
        # A step of a routed plan has its own model; what it took says nothing of the plan's.
        own_model = func.coalesce(AgentTaskRow.spec["model"].astext, recent.c.model)
        calls = _calls_of(recent)
        rows = await self._session.execute(
            select(
                AgentTaskRow.task_id,
                own_model.label("model"),
                AgentTaskRow.agent,
                AgentTaskRow.status,
                AgentTaskRow.spec["complexity"].astext.label("complexity"),
                recent.c.source_characters,
                estimate.label("estimate"),
                func.least(AgentTaskRow.started_at, calls.c.first_at).label("started_at"),
                AgentTaskRow.finished_at,
                func.coalesce(calls.c.input_tokens, 0).label("input_tokens"),
                func.coalesce(calls.c.output_tokens, 0).label("output_tokens"),
                func.coalesce(calls.c.cost_usd, 0).label("cost_usd"),
                func.coalesce(calls.c.uncertain_usd, 0).label("uncertain_usd"),
            )
            .join(recent, recent.c.id == AgentTaskRow.task_id)
            .outerjoin(
                calls,
                (calls.c.task_id == AgentTaskRow.task_id) & (calls.c.step_key == AgentTaskRow.key),
            )
            .where(AgentTaskRow.started_at.is_not(None), AgentTaskRow.finished_at.is_not(None))
            .where(*([] if model is None else [own_model == model]))
            .order_by(recent.c.created_at.desc(), AgentTaskRow.position)
        )
        return [StepRun(**row) for row in rows.mappings()]

    async def task_runs(self, user_id: str, *, tasks: int) -> Sequence[TaskRun]:
        """Return those of the user's latest ended tasks that are done, newest first."""
        recent = _latest(user_id, None, tasks)
        rows = await self._session.execute(
            select(
                recent.c.id.label("task_id"),
                recent.c.model,
                recent.c.quote,
                recent.c.started_at,
                recent.c.finished_at,
            )
            .where(recent.c.status == "done", recent.c.started_at.is_not(None))
            .order_by(recent.c.created_at.desc())
        )
        return [TaskRun(**row) for row in rows.mappings()]


def _latest(user_id: str, model: str | None, tasks: int) -> CTE:
    was_resumed = exists().where(TaskEvent.task_id == Task.id, TaskEvent.kind == "task.resumed")
    latest: Select[Any] = (
        select(
            Task.id,
            Task.model,
            Task.status,
            Task.created_at,
            Task.started_at,
            Task.finished_at,
            Plan.body["source_characters"].as_integer().label("source_characters"),
            Plan.body["quote"].label("quote"),
        )
        .join(Plan, Plan.id == Task.plan_id)
        .where(Task.user_id == user_id, Task.finished_at.is_not(None), ~was_resumed)
        .order_by(Task.created_at.desc(), Task.id.desc())
        .limit(tasks)
    )
    if model is not None:
        latest = latest.where(Task.model == model)
    return latest.cte("latest")


def _calls_of(tasks: CTE) -> Subquery:
    return (
        select(
            ModelCall.task_id,
            ModelCall.step_key,
            func.min(ModelCall.created_at).label("first_at"),
            func.sum(ModelCall.input_tokens).label("input_tokens"),
            func.sum(ModelCall.output_tokens).label("output_tokens"),
            func.sum(ModelCall.cost_usd).label("cost_usd"),
            func.sum(ModelCall.cost_usd)
            .filter(ModelCall.status == "unknown")
            .label("uncertain_usd"),
        )
        .where(ModelCall.task_id.in_(select(tasks.c.id)))
        .group_by(ModelCall.task_id, ModelCall.step_key)
        .subquery("calls")
    )
