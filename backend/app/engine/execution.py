"""The orchestrator's `Execution` on rows: start the task, follow it, return its ended steps."""

from collections.abc import Sequence
from contextlib import aclosing

from app.agents.types import AgentTask
from app.core.blobs import BlobStore
from app.core.database import Database
from app.engine.feed import LAST_KINDS, EventFeed
from app.engine.moves import Moves
from app.engine.results_store import ResultStore
from app.engine.store import TaskStore
from app.schemas.plan import ExecutionPlan


class DurableExecution:
    """Runs the plan of one task that exists already, on whatever workers there are."""

    def __init__(
        self,
        *,
        database: Database,
        feed: EventFeed,
        blobs: BlobStore,
        task_id: str,
    ) -> None:
        self._database = database
        self._feed = feed
        self._blobs = blobs
        self._task_id = task_id

    async def execute(
        self, plan: ExecutionPlan, tasks: Sequence[AgentTask]
    ) -> tuple[AgentTask, ...]:
        """Start the plan and wait for its end, pause or cancellation; `tasks` are its steps."""
        if [task.step for task in tasks] != list(plan.steps):
            message = "the steps to execute are not those of the plan"
            raise ValueError(message)
        async with self._database.transaction() as session:
            await Moves(session).start(self._task_id, plan)
        await self.wait()
        async with self._database.transaction() as session:
            rows = await TaskStore(session).steps(self._task_id)
        return await ResultStore(self._database, self._blobs).load_tasks(self._task_id, rows)

    async def wait(self) -> None:
        """Return when the task has ended or was stopped."""
        async with aclosing(self._feed.follow(self._task_id)) as events:
            async for event in events:
                if event.kind in LAST_KINDS:
                    return
