"""Put the rows of a begun task on a new plan: what is done stays as it is, the rest follows it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.dag import parents
from app.agents.transitions import TransitionForbidden
from app.agents.types import StepStatus
from app.core.clock import utc_now
from app.engine.step_rows import StepRows
from app.engine.store import TaskStore, edge_rows
from app.models import AgentTaskEdge, AgentTaskRow, Task
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep

REPLACED = {"code": "step_replaced", "message": "A new plan goes another way."}


class Rebase:
    """The change of plan of one task, within the transaction that holds its lock."""

    def __init__(self, session: AsyncSession, store: TaskStore, rows: StepRows) -> None:
        self._session = session
        self._store = store
        self._rows = rows

    async def to(self, task: Task, plan: ExecutionPlan, steps: Sequence[AgentTaskRow]) -> None:
        """Make the rows follow the plan: keep, open again, replace and add steps, draw the edges.

        Raises:
            TransitionForbidden: The plan would lose or change a finished step.
        """
        by_key = {row.key: row for row in steps}
        _require_all_kept(plan, by_key)
        planned = {step.key for step in plan.steps}
        for row in steps:
            if row.key not in planned and row.status != StepStatus.REPLACED:
                await self._replace(row)
        new = [step for step in plan.steps if step.key not in by_key]
        for step in plan.steps:
            if step.key in plan.finished:
                row = by_key[step.key]
                row.spec = {**row.spec, "after": list(step.after)}
            elif step.key in by_key:
                await self._open(by_key[step.key], step)
        await self._session.flush()
        await self._store.add_rows(task, new)
        await self._draw(task, plan)

    async def _replace(self, row: AgentTaskRow) -> None:
        self._rows.set_status(row, StepStatus.REPLACED)
        row.error = row.error or dict(REPLACED)
        row.finished_at = row.finished_at or utc_now()
        await self._rows.tell(row, "step.replaced", REPLACED)

    async def _open(self, row: AgentTaskRow, step: PlanStep) -> None:
        if row.status != StepStatus.WAITING:
            await self._rows.reopen(row)
        if _spec(row) != _work(step):
            await self._rows.ask_anew(row)
        row.agent = step.agent
        row.cap_usd = None if step.cap_usd is None else Decimal(str(step.cap_usd))
        if row.cap_usd is not None:
            # What an earlier plan let it spend is spent.
            row.cap_usd = max(row.cap_usd, row.spent_usd + row.reserved_usd)
        row.spec = step.model_dump(mode="json")

    async def _draw(self, task: Task, plan: ExecutionPlan) -> None:
        """Draw the edges into the steps to be run, and count what each of them waits for."""
        rows = await self._store.steps(task.id)
        by_key = {row.key: row for row in rows}
        ids = {row.key: row.id for row in rows}
        left = [step for step in plan.steps if step.key not in plan.finished]
        gone = [row.id for row in rows if row.key not in plan.finished]
        await self._session.execute(delete(AgentTaskEdge).where(AgentTaskEdge.child_id.in_(gone)))
        edges = edge_rows(left, ids)
        if edges:
            await self._session.execute(insert(AgentTaskEdge), edges)
        for position, step in enumerate(plan.steps):
            row = by_key[step.key]
            row.position = position
            if step.key in plan.finished:
                continue
            waits = [key for key in parents(step) if key not in plan.finished]
            row.waiting_on = len(waits)
            if waits:
                # What it is given changes, so it will ask something else than was recorded.
                await self._rows.ask_anew(row)
        others = [row for row in rows if row.key not in {step.key for step in plan.steps}]
        for place, row in enumerate(others, start=len(plan.steps)):
            row.position = place
        await self._session.flush()


def _work(step: PlanStep) -> PlanStep:
    """Return the step as a plan hashes it: without its estimate."""
    return step.model_copy(update={"estimate": None})


def _spec(row: AgentTaskRow) -> PlanStep:
    return _work(PlanStep.model_validate(row.spec))


def _require_all_kept(plan: ExecutionPlan, rows: Mapping[str, AgentTaskRow]) -> None:
    done = {
        key
        for key, row in rows.items()
        if row.status == StepStatus.DONE and row.agent != AgentName.REVIEW
    }
    kept = {step.key: step for step in plan.steps if step.key in plan.finished}
    wrong = done ^ kept.keys()
    for key in done & kept.keys():
        # What a finished step only waited for may be gone.
        if _spec(rows[key]).model_copy(update={"after": ()}) != _work(
            kept[key].model_copy(update={"after": ()})
        ):
            wrong.add(key)
    for step in plan.steps:
        if step.key in rows and rows[step.key].status == StepStatus.REPLACED:
            wrong.add(step.key)
    if wrong:
        keys = sorted(wrong)
        raise TransitionForbidden(
            f"The plan does not keep what is done as it is: {', '.join(keys)}; plan the task anew.",
            steps=keys,
        )
