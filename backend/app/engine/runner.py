"""Run one attempt of one step: give its agent all it needs; hand in what it made, or make the move
that its failure asks for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import uniform
from typing import Any, Protocol

import structlog

from app.agents.errors import BudgetExceeded, RetryTask
from app.agents.ledger_port import ModelLedger
from app.agents.orchestrator import join_results
from app.agents.ports import Composer
from app.agents.results import AgentResult
from app.agents.transitions import TaskStatus
from app.agents.types import AgentContext, AgentTask, StepStatus
from app.agents.workers import Agent
from app.core.blobs import BlobStore
from app.core.config import EngineSettings
from app.core.database import Database
from app.core.errors import AppError, Unavailable
from app.core.logging import get_logger
from app.core.postgres import DatabaseUnavailable
from app.engine.deadlines import passed_facts
from app.engine.desk import LedgerDesk
from app.engine.errors import Stale, StepDeadline, StepTimeout
from app.engine.events import record
from app.engine.ledger import DatabaseLedger, StepHold, count_open_calls
from app.engine.moves import Moves
from app.engine.outage import outlast
from app.engine.queue import ClaimedStep, EndedStep
from app.engine.results_store import ResultStore, StepFiles
from app.engine.store import TaskStore
from app.schemas.plan import AgentName, ExecutionPlan
from app.sources.library import SourceLibrary

log = get_logger(__name__)


class LibraryLoader(Protocol):
    """Gives the sources of a task; the engine does not know where files are kept."""

    async def load(self, file_ids: Sequence[str]) -> SourceLibrary:
        """Return the library over these files."""
        ...


class ComposerMaker(Protocol):
    """Gives a step what thinks for it."""

    def __call__(
        self, model: str, ledger: ModelLedger, fallbacks: Sequence[str] = ()
    ) -> Awaitable[Composer]:
        """Return the composer of a model, with the models that answer when it is out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What the steps of all tasks share."""

    agents: Mapping[AgentName, Agent]
    composer_for: ComposerMaker
    libraries: LibraryLoader
    blobs: BlobStore


class StepRunner:
    """Runs claimed steps and closes tasks."""

    def __init__(
        self,
        database: Database,
        desk: LedgerDesk,
        workshop: Workshop,
        settings: EngineSettings,
    ) -> None:
        self._database = database
        self._desk = desk
        self._workshop = workshop
        self._settings = settings
        self._results = ResultStore(database, workshop.blobs)

    async def run(self, step: ClaimedStep) -> EndedStep | None:
        """Run the attempt; return what it made, or None when it ended any other way."""
        with structlog.contextvars.bound_contextvars(task_id=step.task_id, step=step.key):
            try:
                return await self._work(step)
            except Stale as stale:
                log.info("step_stale", reason=stale.message)
                return None

    async def hand_back(self, step_id: str, attempt: int) -> None:
        """Queue the step again at once: its worker leaves."""
        try:
            await self._move(lambda moves: moves.hand_back(step_id, attempt))
        except Stale:
            return

    async def fail(self, step: ClaimedStep, error: Exception) -> None:
        """Fail a step whose result cannot be written."""
        try:
            await self._fail(step, crash_facts(error))
        except Stale:
            return

    async def close(self, task_id: str) -> None:
        """Close a running task none of whose steps is live; do nothing to any other."""

        async def once() -> None:
            async with self._database.transaction() as session:
                await self._close(Moves(session), task_id)

        await outlast(once)

    async def _work(self, step: ClaimedStep) -> EndedStep | None:
        files = StepFiles(self._workshop.blobs)
        try:
            stored = await self._results.put(await self._result(step, files))
        except Stale:
            raise
        except BudgetExceeded as error:
            await self._hold_task(step, error)
        except Unavailable as error:
            await self._again_or_fail(step, error)
        except AppError as error:
            # After a deadline the recorded replies are worth keeping: they were not at fault.
            await self._fail(step, facts(error, is_final=not isinstance(error, StepDeadline)))
        except Exception as error:
            log.exception("step_crashed")
            await self._fail(step, crash_facts(error))
        else:
            return EndedStep(step=step, result=stored, files=tuple(files.saved))
        return None

    async def _result(self, step: ClaimedStep, files: StepFiles) -> AgentResult:
        if step.attempt > 1:
            await outlast(lambda: self._count_open_calls(step))
        plan = await outlast(lambda: self._plan(step.plan_id))
        deadline_s = plan.step(step.key).deadline_s
        limit_s = self._settings.step_timeout_s
        try:
            async with asyncio.timeout(min(limit_s, deadline_s or limit_s)):
                return await self._agent_result(step, plan, files)
        except TimeoutError as error:
            if deadline_s is not None and deadline_s <= limit_s:
                raise StepDeadline(deadline_s) from error
            raise StepTimeout(limit_s) from error

    async def _agent_result(
        self, step: ClaimedStep, plan: ExecutionPlan, files: StepFiles
    ) -> AgentResult:
        task = AgentTask(
            key=step.key,
            step=plan.step(step.key),
            status=StepStatus.RUNNING,
            attempt=step.attempt,
        )
        ledger = DatabaseLedger(self._desk, _hold(step))
        context = AgentContext(
            task_id=step.task_id,
            goal=plan.goal,
            language=plan.language,
            today=step.task_created_at.date(),
            composer=await self._workshop.composer_for(
                task.step.model or plan.model, ledger, task.step.fallbacks
            ),
            sources=await self._workshop.libraries.load(plan.file_ids),
            artifacts=files,
            results=await self._results_before(step),
            missing={
                parent.key: parent.error or f"{plan.step(parent.key).title}: {parent.status}"
                for parent in step.parents
                if parent.status is not StepStatus.DONE
            },
            report=lambda text: self._report(step, text),
        )
        return await self._workshop.agents[task.step.agent].run(task, context)

    async def _results_before(self, step: ClaimedStep) -> dict[str, AgentResult]:
        hashes = {p.key: p.result_sha256 for p in step.parents if p.result_sha256 is not None}
        known = await self._results.load(step.task_id, list(hashes.values()))
        return {key: known[sha256] for key, sha256 in hashes.items()}

    async def _plan(self, plan_id: str) -> ExecutionPlan:
        async with self._database.transaction() as session:
            return await TaskStore(session).plan(plan_id)

    async def _count_open_calls(self, step: ClaimedStep) -> None:
        async with self._database.transaction() as session:
            await TaskStore(session).lock_task(step.task_id)
            await count_open_calls(session, step.task_id, step.key)

    async def _report(self, step: ClaimedStep, text: str) -> None:
        async def tell() -> None:
            async with self._database.transaction() as session:
                await record(
                    session,
                    step.task_id,
                    "step.progress",
                    step_key=step.key,
                    payload={"text": text},
                )

        await outlast(tell)

    async def _fail(self, step: ClaimedStep, error: Mapping[str, Any]) -> None:
        async def fail(moves: Moves) -> None:
            if await moves.fail(step.id, step.attempt, error):
                await self._close(moves, step.task_id)

        await self._move(fail)

    async def _hold_task(self, step: ClaimedStep, error: BudgetExceeded) -> None:
        await self._move(lambda moves: moves.hold(step.id, step.attempt, facts(error)))

    async def _again_or_fail(self, step: ClaimedStep, error: Unavailable) -> None:
        if isinstance(error, DatabaseUnavailable):
            # An outage is no failure of the step, however many it meets.
            await self.hand_back(step.id, step.attempt)
            return
        said = facts(error)
        asked_s = error.retry_after_s if isinstance(error, RetryTask) else 0.0

        async def again_or_fail(moves: Moves) -> None:
            failures = (await moves.store.step(step.id)).failures
            if failures + 1 >= self._settings.max_attempts:
                if await moves.fail(step.id, step.attempt, said):
                    await self._close(moves, step.task_id)
                return
            # Jitter: what failed together must not come back together.
            backoff_s = self._settings.first_backoff_s * 2**failures * uniform(0.5, 1.5)  # noqa: S311 - spread, not secrecy
            wait_s = max(asked_s, backoff_s)
            await moves.retry(step.id, step.attempt, wait_s=wait_s, error=said)

        await self._move(again_or_fail)

    async def take_over(self, step_id: str, attempt: int) -> None:
        """Take over the step of a lost worker, if nobody else has."""

        async def once(moves: Moves) -> None:
            over = await moves.take_over(step_id, attempt, bound=self._settings.max_worker_deaths)
            if over is not None:
                await self._close(moves, over)

        await self._move(once)

    async def expire(self, task_id: str) -> None:
        """End a task whose deadline has passed, with what is done."""

        async def once(moves: Moves) -> None:
            if await moves.expire(task_id):
                task = await moves.store.lock_task(task_id)
                await self._close(moves, task_id, passed_facts(task))

        await self._move(once)

    async def _close(
        self, moves: Moves, task_id: str, error: Mapping[str, Any] | None = None
    ) -> None:
        task = await moves.store.lock_task(task_id)
        if task.status != TaskStatus.RUNNING or await moves.store.live_step_exists(task_id):
            return
        plan = await moves.store.plan(str(task.plan_id))
        # What a new plan goes without is no part of the outcome.
        steps = [s for s in await moves.store.steps(task_id) if s.status != StepStatus.REPLACED]
        tasks = await self._results.load_tasks(task_id, steps)
        await moves.end(task, join_results(plan, tasks), error)
        if error is None and task.status in {TaskStatus.PARTIAL, TaskStatus.FAILED}:
            task.is_replan_due = self._settings.replan_on_failure

    async def _move(self, move: Callable[[Moves], Awaitable[None]]) -> None:
        async def once() -> None:
            async with self._database.transaction() as session:
                await move(Moves(session))

        await outlast(once)


def _hold(step: ClaimedStep) -> StepHold:
    return StepHold(
        task_id=step.task_id,
        step_key=step.key,
        step_id=step.id,
        attempt=step.attempt,
        first_seq=step.first_seq,
    )


def facts(error: AppError, *, is_final: bool = False) -> dict[str, Any]:
    """Return an error as it is stored and shown. `is_final`: the same replies would fail again."""
    return {"code": error.code, "message": error.message, "is_final": is_final, **error.facts}


def crash_facts(error: Exception) -> dict[str, Any]:
    """Return what is shown for a defect of ours: its kind, never its text (it may hold secrets)."""
    message = (
        f"The step stopped on an internal error ({type(error).__name__}); "
        "the log has the details. Resume the task to try again."
    )
    return {"code": "internal_error", "message": message, "is_final": True}
