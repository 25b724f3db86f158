"""Runs that have ended, as the rows that the engine leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.dag import parents, topological_order
from app.agents.ledger_port import Price
from app.core.ids import new_id
from app.models import AgentTaskRow, ModelCall, Plan, Task
from app.schemas.plan import ExecutionPlan, PlanStep
from app.schemas.plan_edit import PlanStatus

CAP_USD = Decimal(100_000)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one step took, all its tries together; `failed_s` of it went to a first try in vain."""

    time_s: float
    input_tokens: int = 0
    output_tokens: int = 0
    failed_s: float = 0
    uncertain_usd: Decimal = Decimal(0)
    status: str = "done"


@dataclass(frozen=True, kw_only=True)
class RecordedRun:
    """A run as it was: when each step began and what it left in the ledger."""

    task_id: str
    user_id: str
    plan: ExecutionPlan
    outcomes: Mapping[str, Outcome]
    began_at: datetime
    price: Price | None

    async def insert(self, session: AsyncSession, *, status: str = "done") -> float:
        """Insert its rows; return how many seconds the whole run took."""
        starts = self._starts()
        longest_s = max(start + self.outcomes[key].time_s for key, start in starts.items())
        task = self._task(longest_s, status)
        session.add(task)
        await session.flush()
        plan = Plan(
            id=new_id(),
            task_id=task.id,
            revision=1,
            content_hash=self.plan.content_hash,
            body=self.plan.model_dump(mode="json"),
            status=PlanStatus.APPROVED,
        )
        session.add(plan)
        task.plan_id = plan.id
        for position, step in enumerate(self.plan.steps):
            session.add(self._step(step, position, starts[step.key]))
            session.add_all(self._calls(step.key, starts[step.key]))
        await session.flush()
        return longest_s

    def _starts(self) -> dict[str, float]:
        steps = {step.key: step for step in self.plan.steps}
        starts: dict[str, float] = {}
        for key in topological_order(self.plan.steps):
            starts[key] = max(
                (starts[p] + self.outcomes[p].time_s for p in parents(steps[key])), default=0.0
            )
        return starts

    def _at(self, seconds: float) -> datetime:
        return self.began_at + timedelta(seconds=seconds)

    def _task(self, longest_s: float, status: str) -> Task:
        return Task(
            id=self.task_id,
            user_id=self.user_id,
            goal=self.plan.goal,
            title=self.plan.title,
            task_type=self.plan.task_type,
            language=self.plan.language,
            model=self.plan.model,
            status=status,
            file_ids=[],
            cap_usd=CAP_USD,
            created_at=self.began_at,
            started_at=self.began_at,
            finished_at=self._at(longest_s),
        )

    def _step(self, step: PlanStep, position: int, start_s: float) -> AgentTaskRow:
        outcome = self.outcomes[step.key]
        return AgentTaskRow(
            id=new_id(),
            task_id=self.task_id,
            user_id=self.user_id,
            key=step.key,
            position=position,
            agent=step.agent,
            status=outcome.status,
            waiting_on=0,
            attempt=2 if outcome.failed_s else 1,
            spec=step.model_dump(mode="json"),
            started_at=self._at(start_s + outcome.failed_s),
            finished_at=self._at(start_s + outcome.time_s),
        )

    def _calls(self, key: str, start_s: float) -> list[ModelCall]:
        outcome = self.outcomes[key]
        calls = []
        if outcome.failed_s or outcome.uncertain_usd:
            lost: dict[str, Any] = {"status": "unknown", "cost_usd": outcome.uncertain_usd}
            calls.append(self._call(key, 1, start_s, lost))
        if self.price is not None:
            tokens = {"input_tokens": outcome.input_tokens, "output_tokens": outcome.output_tokens}
            cost = self.price.cost_usd(outcome.input_tokens, outcome.output_tokens)
            done: dict[str, Any] = {"status": "done", "cost_usd": cost, **tokens}
            calls.append(self._call(key, 2, start_s + outcome.failed_s, done))
        return calls

    def _call(self, key: str, send: int, at_s: float, facts: dict[str, Any]) -> ModelCall:
        return ModelCall(
            id=new_id(),
            task_id=self.task_id,
            step_key=key,
            seq=1,
            send=send,
            attempt=send,
            operation="research",
            model=self.plan.model,
            request_hash="0" * 64,
            reserved_usd=Decimal(0),
            created_at=self._at(at_s),
            **facts,
        )
