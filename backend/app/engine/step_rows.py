"""Changes of one step's row that several moves make, each by the transition table and told of."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.transitions import require_step
from app.agents.types import StepStatus
from app.core.clock import utc_now
from app.engine.events import record
from app.engine.store import TaskStore
from app.models import AgentTaskRow


class StepRows:
    """The rows of steps, within one transaction of the caller that holds their task's lock."""

    def __init__(self, session: AsyncSession, store: TaskStore) -> None:
        self._session = session
        self._store = store

    def set_status(self, step: AgentTaskRow, status: StepStatus) -> None:
        """Change a step's status; raises `TransitionForbidden`."""
        require_step(StepStatus(step.status), status)
        step.status = status
        step.worker_id = None

    async def tell(self, step: AgentTaskRow, kind: str, payload: Mapping[str, Any]) -> None:
        """Record an event of a step."""
        told = {"title": step.spec.get("title"), "agent": step.agent, **payload}
        await record(self._session, step.task_id, kind, step_key=step.key, payload=told)

    async def reopen(self, step: AgentTaskRow) -> None:
        """Let an ended step wait again, as if it had never been tried."""
        # Recorded replies that led to a failure would lead there again: ask anew after them.
        if step.status == StepStatus.DONE or (step.error or {}).get("is_final"):
            await self.ask_anew(step)
        self.set_status(step, StepStatus.WAITING)
        step.error, step.ready_at, step.finished_at = None, utc_now(), None
        step.result_sha256, step.result, step.summary = None, None, None
        step.failures, step.worker_deaths = 0, 0

    async def ask_anew(self, step: AgentTaskRow) -> None:
        """Number the step's calls after all recorded ones: it will ask something else."""
        step.first_seq = await self._store.next_seq(step)
