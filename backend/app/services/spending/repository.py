"""The ledger of a user by step, day and model."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import BUILTIN
from app.models import AgentTaskRow, ModelCall, Plan, Task
from app.services.spending.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpend:
    """What one operation of one step cost with one model on one day.

    `agent` and `complexity` are None for planning. `named_model`: the plan gave the step a model,
    and no policy did. `uncounted_` are calls without token counts: their outcome is unknown.
    """

    step_key: str
    agent: str | None
    complexity: str | None
    source_characters: int | None
    named_model: bool
    day: date
    operation: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    uncounted_calls: int
    uncounted_usd: Decimal


class SpendingRepository:
    """The calls of a user's tasks, within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def spends(self, user_id: str, period: Period) -> list[StepSpend]:
        """Return what the user's calls of a period cost; what was surely not billed is left out."""
        spec = AgentTaskRow.spec
        day = cast(func.timezone("UTC", ModelCall.created_at), Date).label("day")
        named = spec["model"].astext.is_not(None) & spec["model_reason"].astext.is_(None)
        who = (
            ModelCall.task_id,
            ModelCall.step_key,
            AgentTaskRow.agent,
            spec["complexity"].astext.label("complexity"),
            Plan.body["source_characters"].as_integer().label("source_characters"),
            func.coalesce(named, False).label("named_model"),
            day,
            ModelCall.operation,
            ModelCall.model,
        )
        is_counted = (ModelCall.status == "done") & ModelCall.input_tokens.is_not(None)
        cost = func.coalesce(ModelCall.cost_usd, ModelCall.reserved_usd)
        rows = await self._session.execute(
            select(
                *who,
                func.count().filter(is_counted).label("calls"),
                _sum(ModelCall.input_tokens, is_counted).label("input_tokens"),
                _sum(ModelCall.output_tokens, is_counted).label("output_tokens"),
                _sum(cost, is_counted).label("cost_usd"),
                func.count().filter(~is_counted).label("uncounted_calls"),
                _sum(cost, ~is_counted).label("uncounted_usd"),
            )
            .join(Task, Task.id == ModelCall.task_id)
            .outerjoin(Plan, Plan.id == Task.plan_id)
            .outerjoin(
                AgentTaskRow,
                (AgentTaskRow.task_id == ModelCall.task_id)
                & (AgentTaskRow.key == ModelCall.step_key),
            )
            .where(
                Task.user_id == user_id,
                ModelCall.created_at >= period.start,
                ModelCall.created_at < period.end,
                ModelCall.status != "rejected",
            )
            .group_by(*who)
            .order_by(day, ModelCall.task_id, ModelCall.step_key, ModelCall.operation)
        )
        names = StepSpend.__slots__
        return [StepSpend(**{name: row[name] for name in names}) for row in rows.mappings()]

    async def count_builtin_steps(self, user_id: str, period: Period) -> int:
        """Return how many steps the built-in composer did in a period."""
        model = func.coalesce(AgentTaskRow.spec["model"].astext, Task.model)
        found = await self._session.execute(
            select(func.count())
            .select_from(AgentTaskRow)
            .join(Task, Task.id == AgentTaskRow.task_id)
            .where(
                Task.user_id == user_id,
                model == BUILTIN,
                AgentTaskRow.finished_at >= period.start,
                AgentTaskRow.finished_at < period.end,
                AgentTaskRow.status == "done",
            )
        )
        return found.scalar_one()


def _sum(amount: SQLColumnExpression[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(amount).filter(condition), 0)
