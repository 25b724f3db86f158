"""The moves of the engine that are not a worker's turn. Each is one transaction that locks its task
first, changes rows by the transition tables, writes the events, and queues what became ready: there
is no coordinator, and nothing to coordinate after a crash.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.orchestrator import TaskOutcome
from app.agents.transitions import (
    ENDED_STEPS,
    UNDONE_STEPS,
    TaskStatus,
    TransitionForbidden,
    never_started,
    require_step,
    require_task,
)
from app.agents.types import StepStatus
from app.core.clock import utc_now
from app.engine.errors import Stale
from app.engine.events import record
from app.engine.ledger import count_open_calls
from app.engine.queue import wake_workers
from app.engine.store import TaskStore
from app.models import AgentTaskRow, Task
from app.schemas.plan import ExecutionPlan, PlanStep


class Moves:
    """The moves, within one transaction of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.store = TaskStore(session)

    async def start(self, task_id: str, plan: ExecutionPlan) -> None:
        """Turn an approved plan into rows and release what waits for nothing."""
        task = await self.store.lock_task(task_id)
        if task.status != TaskStatus.PLANNED:
            raise TransitionForbidden(f"The task is {task.status}; only a planned one can start.")
        await self._become(task, TaskStatus.RUNNING, "task.started", {"steps": len(plan.steps)})
        task.started_at = utc_now()
        await self.store.add_steps(task, plan.steps)
        await self.pump(task_id)

    async def pump(self, task_id: str) -> int:
        """Queue each ready step of a running task; return how many there were."""
        count = await self.store.queue_ready(task_id)
        if count:
            await wake_workers(self._session)
        return count

    async def fail(self, step_id: str, attempt: int, error: Mapping[str, Any]) -> str | None:
        """Mark a step failed, end what needs it, release what only waited for it.

        Return the task's id when that was its last step, else None.
        """
        task, step = await self._held(step_id, attempt)
        await self._fail(step, error)
        return await self._pump_or_over(task.id)

    async def retry(
        self, step_id: str, attempt: int, *, wait_s: float, error: Mapping[str, Any]
    ) -> None:
        """Queue a step again after `wait_s`, counting a failure."""
        task, step = await self._held(step_id, attempt)
        step.failures += 1
        await self._requeue(task, step, utc_now() + timedelta(seconds=wait_s), dict(error))

    async def hand_back(self, step_id: str, attempt: int) -> None:
        """Queue a step again at once: its worker leaves."""
        task, step = await self._held(step_id, attempt)
        await self._requeue(task, step, None, {"code": "worker_left"})

    async def take_over(self, step_id: str, attempt: int, *, bound: int) -> str | None:
        """Queue a step again whose worker is lost; fail it after `bound` times.

        Return the task's id when that was its last step, else None.
        """
        task = await self.store.lock_task_of(step_id)
        step = await self.store.step(step_id)
        if step.attempt != attempt or step.status != StepStatus.RUNNING:
            return None
        await count_open_calls(self._session, task.id, step.key)
        # Its worker may only have been frozen, or be slow: then it must drop the step.
        await wake_workers(self._session, stopped_task=task.id)
        step.worker_deaths += 1
        if step.worker_deaths >= bound:
            message = (
                f"The step was lost with its worker {step.worker_deaths} times and was stopped; "
                "look at the log of the worker, then resume the task."
            )
            await self._fail(step, {"code": "poison_step", "message": message})
            return await self._pump_or_over(task.id)
        await self._requeue(task, step, None, {"code": "worker_lost"})
        return None

    async def hold(self, step_id: str, attempt: int, error: Mapping[str, Any]) -> None:
        """Pause the task at its cap: this step waits, running ones go on, nothing new starts."""
        task, step = await self._held(step_id, attempt)
        self._set(step, StepStatus.WAITING)
        step.error = dict(error)
        if task.status == TaskStatus.RUNNING:
            task.error = {**error, "step": step.key}
            await self._become(task, TaskStatus.PAUSED, "task.paused", task.error)
        await self._session.flush()

    async def stop(self, task_id: str, status: TaskStatus) -> None:
        """Pause or cancel: workers drop what runs; paused steps wait, cancelled ones end."""
        task = await self.store.lock_task(task_id)
        kind = "task.paused" if status is TaskStatus.PAUSED else "task.cancelled"
        await self._become(task, status, kind, {"code": "stopped_by_user"})
        ends = status is TaskStatus.CANCELLED
        task.finished_at = utc_now() if ends else None
        for step in await self.store.steps(task_id):
            if step.status not in ENDED_STEPS:
                self._stop_step(step, ends=ends)
        if ends:
            await count_open_calls(self._session, task_id)
        await self._session.flush()
        await wake_workers(self._session, stopped_task=task_id)

    async def resume(self, task_id: str) -> None:
        """Run a paused, failed, partial or cancelled task again from what is already done.

        Raises:
            TransitionForbidden: It is done, runs already or never started.
        """
        task = await self.store.lock_task(task_id)
        steps = await self.store.steps(task_id)
        if not steps:
            raise TransitionForbidden("The task never started; approve its plan or order it anew.")
        await self._become(task, TaskStatus.RUNNING, "task.resumed", {})
        task.error, task.result, task.finished_at = None, None, None
        for step in steps:
            if step.status in UNDONE_STEPS:
                await self._reopen(step)
        await self._reopen_review(steps)
        await self._session.flush()
        await self._count_waits(steps)
        await self.pump(task_id)

    async def close_unplanned(self, older_than_s: float) -> None:
        """End every task that has been in planning for longer than this."""
        for task_id in await self.store.tasks_in_planning(older_than_s):
            task = await self.store.lock_task(task_id)
            if task.status != TaskStatus.PLANNING:
                continue
            message = "Planning was cut off; start the task again."
            await count_open_calls(self._session, task_id)
            task.error = {"code": "planning_interrupted", "message": message}
            task.finished_at = utc_now()
            await self._become(task, TaskStatus.FAILED, "task.ended", task.error)

    async def end(self, task: Task, outcome: TaskOutcome) -> None:
        """Close a task all of whose steps have ended."""
        await count_open_calls(self._session, task.id)
        await self._become(
            task,
            outcome.status,
            "task.ended",
            {"status": outcome.status, "files": [ref.name for ref in outcome.artifacts]},
        )
        task.result = outcome.model_dump(mode="json", exclude={"artifacts"})
        task.finished_at = utc_now()
        await self._session.flush()

    async def _held(self, step_id: str, attempt: int) -> tuple[Task, AgentTaskRow]:
        task = await self.store.lock_task_of(step_id)
        step = await self.store.step(step_id)
        if step.attempt != attempt or step.status != StepStatus.RUNNING:
            raise Stale(f"Attempt {attempt} of step {step.key} no longer holds it.")
        return task, step

    async def _fail(self, step: AgentTaskRow, error: Mapping[str, Any]) -> None:
        self._set(step, StepStatus.FAILED)
        step.error = dict(error)
        step.finished_at = utc_now()
        await self._tell(step, "step.failed", error)
        await self._release(step)

    async def _requeue(
        self, task: Task, step: AgentTaskRow, ready_at: datetime | None, error: dict[str, Any]
    ) -> None:
        self._set(step, StepStatus.WAITING)
        step.ready_at = ready_at or utc_now()
        await self._tell(step, "step.requeued", error)
        await self._session.flush()
        await self.pump(task.id)

    async def _pump_or_over(self, task_id: str) -> str | None:
        if await self.pump(task_id) or await self.store.live_step_exists(task_id):
            return None
        return task_id

    async def _release(self, ended: AgentTaskRow) -> None:
        await self._session.flush()
        if ended.status != StepStatus.DONE:
            for child, is_hard in await self.store.children(ended.id):
                if is_hard and child.status == StepStatus.WAITING:
                    await self._end_unstarted(child, because_of=ended)
        await self.store.release_children(ended.id)

    async def _end_unstarted(self, step: AgentTaskRow, *, because_of: AgentTaskRow) -> None:
        status = never_started(PlanStep.model_validate(step.spec))
        self._set(step, status)
        title = because_of.spec.get("title", because_of.key)
        step.error = {"code": f"step_{status}", "message": f"It needs “{title}”, which failed."}
        step.finished_at = utc_now()
        await self._tell(step, f"step.{status}", step.error)
        await self._release(step)

    async def _reopen(self, step: AgentTaskRow) -> None:
        # Recorded replies that led to a failure would lead there again: ask anew after them.
        if step.status == StepStatus.DONE or (step.error or {}).get("is_final"):
            step.first_seq = await self.store.next_seq(step)
        self._set(step, StepStatus.WAITING)
        step.error, step.ready_at, step.finished_at = None, utc_now(), None
        step.result_sha256, step.result, step.summary = None, None, None
        step.failures, step.worker_deaths = 0, 0

    async def _reopen_review(self, steps: Sequence[AgentTaskRow]) -> None:
        # What only waited for others sums them up; when they run again, it must run again.
        if not any(step.status == StepStatus.WAITING for step in steps):
            return
        for step in steps:
            if step.status == StepStatus.DONE and step.spec.get("after"):
                await self._reopen(step)

    async def _count_waits(self, steps: Sequence[AgentTaskRow]) -> None:
        for step in steps:
            if step.status == StepStatus.WAITING:
                before = await self.store.parents(step.id)
                step.waiting_on = sum(1 for p in before if p.status not in ENDED_STEPS)
                if step.waiting_on:
                    # What it is given changes, so it will ask something else than was recorded.
                    step.first_seq = await self.store.next_seq(step)
        await self._session.flush()

    def _stop_step(self, step: AgentTaskRow, *, ends: bool) -> None:
        if ends:
            self._set(step, StepStatus.CANCELLED)
            step.finished_at = utc_now()
        elif step.status != StepStatus.WAITING:
            self._set(step, StepStatus.WAITING)
        step.ready_at = utc_now()

    def _set(self, step: AgentTaskRow, status: StepStatus) -> None:
        require_step(StepStatus(step.status), status)
        step.status = status
        step.worker_id = None

    async def _become(
        self, task: Task, status: TaskStatus, kind: str, payload: Mapping[str, Any]
    ) -> None:
        require_task(TaskStatus(task.status), status)
        task.status = status
        await self._session.flush()
        await record(self._session, task.id, kind, payload=payload)

    async def _tell(self, step: AgentTaskRow, kind: str, payload: Mapping[str, Any]) -> None:
        told = {"title": step.spec.get("title"), "agent": step.agent, **payload}
        await record(self._session, step.task_id, kind, step_key=step.key, payload=told)
