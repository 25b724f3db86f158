"""Run one attempt of one step: claim it, give its agent all it needs, and make the closing move."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from app.agents.errors import BudgetExceeded, RetryTask
from app.agents.ledger_port import ModelLedger
from app.agents.orchestrator import join_results, missing_steps
from app.agents.ports import Composer
from app.agents.results import AgentResult
from app.agents.types import AgentContext
from app.agents.workers import Agent
from app.core.blobs import BlobStore
from app.core.config import EngineSettings
from app.core.database import Database
from app.core.errors import AppError, Unavailable
from app.core.logging import get_logger
from app.engine.errors import Stale
from app.engine.events import record
from app.engine.ledger import DatabaseLedger, StepHold, count_open_calls
from app.engine.moves import Moves
from app.engine.outage import outlast
from app.engine.queue import JobQueue
from app.engine.results_store import StepFiles, load_ended, load_tasks, put_result
from app.engine.store import ClaimedStep
from app.models import AgentTaskRow
from app.schemas.plan import AgentName, ExecutionPlan
from app.sources.library import SourceLibrary

log = get_logger(__name__)


class LibraryLoader(Protocol):
    """Gives the sources of a task; the engine does not know where files are kept."""

    async def load(self, file_ids: Sequence[str]) -> SourceLibrary:
        """Return the library over these files."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What the steps of all tasks share."""

    agents: Mapping[AgentName, Agent]
    composer_for: Callable[[str, ModelLedger], Awaitable[Composer]]
    libraries: LibraryLoader
    blobs: BlobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    step: ClaimedStep
    plan: ExecutionPlan
    parents: Sequence[AgentTaskRow]
    hold: StepHold

    @property
    def task_id(self) -> str:
        return self.step.task_id

    @property
    def key(self) -> str:
        return self.step.agent_task.key


class StepRunner:
    """The `StepHandler` of this engine."""

    def __init__(
        self, database: Database, queue: JobQueue, workshop: Workshop, settings: EngineSettings
    ) -> None:
        self._database = database
        self._queue = queue
        self._workshop = workshop
        self._settings = settings

    async def run(self, step_id: str, attempt: int) -> None:
        """Run the attempt to its closing move; do nothing when it is not the current one."""
        try:
            claim = await outlast(lambda: self._claim(step_id, attempt))
        except Stale:
            return
        with structlog.contextvars.bound_contextvars(task_id=claim.task_id, step=claim.key):
            try:
                await self._work(step_id, attempt, claim)
            except Stale as stale:
                log.info("step_stale", reason=stale.message)

    async def hand_back(self, step_id: str, attempt: int) -> None:
        """Queue the step again at once; the worker leaves."""
        try:
            await self._move(lambda moves: moves.hand_back(step_id, attempt))
        except Stale:
            return

    async def _claim(self, step_id: str, attempt: int) -> _Claim:
        async with self._database.transaction() as session:
            moves = Moves(session, self._queue)
            claimed = await moves.claim(step_id, attempt)
            step = claimed.agent_task.step
            if attempt > 1:
                await count_open_calls(session, claimed.task_id, step.key)
            plan = await moves.store.plan(claimed.plan_id)
            parents = await moves.store.parents(step_id) if step.depends_on or step.after else []
        hold = StepHold(
            task_id=claimed.task_id,
            step_key=step.key,
            step_id=step_id,
            attempt=attempt,
            first_seq=claimed.first_seq,
        )
        return _Claim(step=claimed, plan=plan, parents=parents, hold=hold)

    async def _work(self, step_id: str, attempt: int, claim: _Claim) -> None:
        files = StepFiles(self._workshop.blobs)
        try:
            async with asyncio.timeout(self._settings.step_timeout_s):
                result = await self._agent_result(claim, files)
            sha256 = await put_result(self._workshop.blobs, result)
        except Stale:
            raise
        except BudgetExceeded as error:
            await self._hold_task(step_id, attempt, error)
        except (Unavailable, TimeoutError) as error:
            await self._again_or_fail(step_id, attempt, error)
        except AppError as error:
            await self._fail(step_id, attempt, facts(error, is_final=True))
        except Exception as error:
            log.exception("step_crashed")
            await self._fail(step_id, attempt, crash_facts(error))
        else:
            await self._finish(step_id, attempt, result, sha256, files)

    async def _agent_result(self, claim: _Claim, files: StepFiles) -> AgentResult:
        agent = self._workshop.agents[claim.step.agent_task.step.agent]
        before = await load_tasks(self._workshop.blobs, claim.parents)
        ledger = DatabaseLedger(self._database, claim.hold)
        context = AgentContext(
            task_id=claim.task_id,
            goal=claim.plan.goal,
            language=claim.plan.language,
            today=claim.step.created_at.date(),
            composer=await self._workshop.composer_for(claim.plan.model, ledger),
            sources=await self._workshop.libraries.load(claim.plan.file_ids),
            artifacts=files,
            results={t.key: t.result for t in before if t.result is not None},
            missing=missing_steps(before),
            report=lambda text: self._report(claim, text),
        )
        return await agent.run(claim.step.agent_task, context)

    async def _report(self, claim: _Claim, text: str) -> None:
        async def tell() -> None:
            async with self._database.transaction() as session:
                await record(
                    session,
                    claim.task_id,
                    "step.progress",
                    step_key=claim.key,
                    payload={"text": text},
                )

        await outlast(tell)

    async def _finish(
        self,
        step_id: str,
        attempt: int,
        result: AgentResult,
        sha256: str,
        files: StepFiles,
    ) -> None:
        async def finish(moves: Moves) -> None:
            over = await moves.finish(
                step_id,
                attempt,
                result_sha256=sha256,
                summary=result.summary,
                files=files.saved,
            )
            await end_if_over(moves, over, self._workshop.blobs)

        await self._move(finish)

    async def _fail(self, step_id: str, attempt: int, error: Mapping[str, Any]) -> None:
        async def fail(moves: Moves) -> None:
            over = await moves.fail(step_id, attempt, error)
            await end_if_over(moves, over, self._workshop.blobs)

        await self._move(fail)

    async def _hold_task(self, step_id: str, attempt: int, error: BudgetExceeded) -> None:
        await self._move(lambda moves: moves.hold(step_id, attempt, facts(error)))

    async def _again_or_fail(
        self,
        step_id: str,
        attempt: int,
        error: Unavailable | TimeoutError,
    ) -> None:
        said = facts(error) if isinstance(error, AppError) else timeout_facts(self._settings)
        asked_s = error.retry_after_s if isinstance(error, RetryTask) else 0.0

        async def again_or_fail(moves: Moves) -> None:
            failures = (await moves.store.step(step_id)).failures
            if failures + 1 >= self._settings.max_attempts:
                over = await moves.fail(step_id, attempt, said)
                await end_if_over(moves, over, self._workshop.blobs)
                return
            wait_s = max(asked_s, self._settings.first_backoff_s * 2**failures)
            await moves.retry(step_id, attempt, wait_s=wait_s, error=said)

        await self._move(again_or_fail)

    async def _move(self, move: Callable[[Moves], Awaitable[None]]) -> None:
        async def once() -> None:
            async with self._database.transaction() as session:
                await move(Moves(session, self._queue))

        await outlast(once)


async def end_if_over(moves: Moves, task_id: str | None, blobs: BlobStore) -> None:
    """Close the task whose last step has ended, if there is one."""
    if task_id is None:
        return
    task = await moves.store.lock_task(task_id)
    plan = await moves.store.plan(str(task.plan_id))
    tasks = await load_ended(blobs, await moves.store.steps(task_id))
    await moves.end(task, join_results(plan, tasks))


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


def timeout_facts(settings: EngineSettings) -> dict[str, Any]:
    """Return what is shown for a step that ran too long."""
    message = f"The step took longer than {settings.step_timeout_s:.0f} s and was stopped."
    return {"code": "step_timeout", "message": message}
