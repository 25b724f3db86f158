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
    require_task,
)
from app.agents.types import StepStatus
from app.core.clock import utc_now
from app.engine.deadlines import passed_facts, renew_deadline, set_deadline
from app.engine.errors import Stale
from app.engine.events import record
from app.engine.ledger import count_open_calls
from app.engine.queue import wake_workers
from app.engine.rebase import Rebase
from app.engine.replans import drop_replan, is_left, require_replan
from app.engine.step_rows import StepRows
from app.engine.store import TaskStore
from app.models import AgentTaskRow, Task
from app.schemas.plan import ExecutionPlan, PlanStep


class Moves:
    """The moves, within one transaction of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.store = TaskStore(session)
        self.rows = StepRows(session, self.store)

    async def start(self, task_id: str, plan: ExecutionPlan) -> None:
        """Turn an approved plan into rows and release what waits for nothing.

        A begun task keeps the rows of its finished steps and goes on by the new plan.

        Raises:
            DeadlinePassed: Its time is up.
        """
        task = await self.store.lock_task(task_id)
        if task.status != TaskStatus.PLANNED:
            raise TransitionForbidden(f"The task is {task.status}; only a planned one can start.")
        set_deadline(task)
        steps = await self.store.steps(task_id)
        kind = "task.resumed" if steps else "task.started"
        await self._become(task, TaskStatus.RUNNING, kind, {"steps": len(plan.steps)})
        task.error, task.result, task.finished_at = None, None, None
        if steps:
            await Rebase(self._session, self.store, self.rows).to(task, plan, steps)
        else:
            task.started_at = utc_now()
            await self.store.add_steps(task, plan.steps)
        await self.pump(task_id)

    async def propose(
        self, task_id: str, replan_id: str, payload: Mapping[str, Any], deadline_s: float | None
    ) -> None:
        """Let a begun task wait for the approval of its new plan, which has just been written.

        Raises:
            ReplanOvertaken: It was changed while the plan was made.
        """
        task = await self.store.lock_task(task_id)
        require_replan(task, replan_id)
        renew_deadline(task, deadline_s)
        task.replans += 1
        await self._become(task, TaskStatus.PLANNED, "task.replanned", payload)

    async def take_back(self, task_id: str, status: TaskStatus) -> None:
        """Let a begun task be again what it was before a new plan was proposed for it."""
        task = await self.store.lock_task(task_id)
        require_task(TaskStatus(task.status), status)
        task.status = status
        await self._session.flush()

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
        self.rows.set_status(step, StepStatus.WAITING)
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
            DeadlinePassed: Its time is up.
        """
        task = await self.store.lock_task(task_id)
        steps = await self.store.steps(task_id)
        if not steps:
            raise TransitionForbidden("The task never started; approve its plan or order it anew.")
        if task.status == TaskStatus.PLANNED:
            raise TransitionForbidden("Its new plan waits for a decision; approve or reject it.")
        set_deadline(task)
        await self._become(task, TaskStatus.RUNNING, "task.resumed", {})
        task.error, task.result, task.finished_at = None, None, None
        for step in steps:
            if step.status in UNDONE_STEPS:
                await self.rows.reopen(step)
        await self._reopen_review(steps)
        await self._session.flush()
        await self._count_waits(steps)
        await self.pump(task_id)

    async def expire(self, task_id: str) -> bool:
        """End every step of a running task whose deadline has passed; return whether it had."""
        task = await self.store.lock_task(task_id)
        is_over = task.deadline_at is not None and task.deadline_at <= utc_now()
        if task.status != TaskStatus.RUNNING or not is_over:
            return False
        for step in await self.store.steps(task_id):
            if step.status not in ENDED_STEPS:
                await self._end_late(step, passed_facts(task))
        await count_open_calls(self._session, task_id)
        await self._session.flush()
        await wake_workers(self._session, stopped_task=task_id)
        return True

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

    async def drop_left_replans(self, silent_s: float) -> None:
        """Give up every new plan whose maker has been silent for longer than this."""
        for task_id in await self.store.tasks_replanned(silent_s):
            task = await self.store.lock_task(task_id)
            if is_left(task, silent_s):
                await drop_replan(self._session, task)

    async def end(
        self, task: Task, outcome: TaskOutcome, error: Mapping[str, Any] | None = None
    ) -> None:
        """Close a task all of whose steps have ended; `error` says what stopped it before."""
        await count_open_calls(self._session, task.id)
        await self._become(
            task,
            outcome.status,
            "task.ended",
            {"status": outcome.status, "files": [ref.name for ref in outcome.artifacts]},
        )
        if error is not None and outcome.status != TaskStatus.DONE:
            task.error = dict(error)
        task.result = outcome.model_dump(mode="json", exclude={"artifacts"})
        task.finished_at = utc_now()
        await self._session.flush()

    async def _end_late(self, step: AgentTaskRow, error: Mapping[str, Any]) -> None:
        is_begun = step.status != StepStatus.WAITING
        status = (
            StepStatus.FAILED if is_begun else never_started(PlanStep.model_validate(step.spec))
        )
        self.rows.set_status(step, status)
        step.error, step.finished_at = dict(error), utc_now()
        await self.rows.tell(step, f"step.{status}", error)

    async def _held(self, step_id: str, attempt: int) -> tuple[Task, AgentTaskRow]:
        task = await self.store.lock_task_of(step_id)
        step = await self.store.step(step_id)
        if step.attempt != attempt or step.status != StepStatus.RUNNING:
            raise Stale(f"Attempt {attempt} of step {step.key} no longer holds it.")
        return task, step

    async def _fail(self, step: AgentTaskRow, error: Mapping[str, Any]) -> None:
        self.rows.set_status(step, StepStatus.FAILED)
        step.error = dict(error)
        step.finished_at = utc_now()
        await self.rows.tell(step, "step.failed", error)
        await self._release(step)

    async def _requeue(
        self, task: Task, step: AgentTaskRow, ready_at: datetime | None, error: dict[str, Any]
    ) -> None:
        self.rows.set_status(step, StepStatus.WAITING)
        step.ready_at = ready_at or utc_now()
        await self.rows.tell(step, "step.requeued", error)
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
        self.rows.set_status(step, status)
        title = because_of.spec.get("title", because_of.key)
        step.error = {"code": f"step_{status}", "message": f"It needs “{title}”, which failed."}
        step.finished_at = utc_now()
        await self.rows.tell(step, f"step.{status}", step.error)
        await self._release(step)

    async def _reopen_review(self, steps: Sequence[AgentTaskRow]) -> None:
        # What only waited for others sums them up; when they run again, it must run again.
        if not any(step.status == StepStatus.WAITING for step in steps):
            return
        for step in steps:
            if step.status == StepStatus.DONE and step.spec.get("after"):
                await self.rows.reopen(step)

    async def _count_waits(self, steps: Sequence[AgentTaskRow]) -> None:
        for step in steps:
            if step.status == StepStatus.WAITING:
                before = await self.store.parents(step.id)
                step.waiting_on = sum(1 for p in before if p.status not in ENDED_STEPS)
                if step.waiting_on:
                    # What it is given changes, so it will ask something else than was recorded.
                    await self.rows.ask_anew(step)
        await self._session.flush()

    def _stop_step(self, step: AgentTaskRow, *, ends: bool) -> None:
        if ends:
            self.rows.set_status(step, StepStatus.CANCELLED)
            step.finished_at = utc_now()
        elif step.status != StepStatus.WAITING:
            self.rows.set_status(step, StepStatus.WAITING)
        step.ready_at = utc_now()

    async def _become(
        self, task: Task, status: TaskStatus, kind: str, payload: Mapping[str, Any]
    ) -> None:
        require_task(TaskStatus(task.status), status)
        task.status, task.is_replan_due = status, False
        await drop_replan(self._session, task)
        await self._session.flush()
        await record(self._session, task.id, kind, payload=payload)
