"""The loop of a worker: it takes steps as slots are free, runs them side by side, hands them in.

One turn is under way at a time; all that ends meanwhile goes into the next.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress

import psycopg

from app.core.clock import monotonic_s
from app.core.config import EngineSettings
from app.core.logging import get_logger
from app.engine.bell import Bell
from app.engine.completion import careful, complete
from app.engine.queue import ClaimedStep, EndedStep
from app.engine.runner import StepRunner
from app.engine.statements import STEPS_CHANNEL
from app.engine.turns import HAND_IN_ONLY, NOTHING, Limits, Turn, Turns

# Delayed tries ring no bell, and a notice can be lost: look this often.
LOOK_S = 1.0
# Another transaction was in the way: look again soon, then less soon.
SOON_S = 0.005
LATER_S = 0.1
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 2.0
# A result that no row can hold: no other try would write it.
UNWRITABLE = (psycopg.DataError, psycopg.IntegrityError)

log = get_logger(__name__)


class Dispatcher:
    """Runs the steps of one worker until cancelled."""

    def __init__(
        self,
        *,
        url: str,
        worker_id: str,
        runner: StepRunner,
        bell: Bell,
        settings: EngineSettings,
    ) -> None:
        self._url = url
        self._worker_id = worker_id
        self._runner = runner
        self._settings = settings
        self._running: dict[ClaimedStep, asyncio.Task[None]] = {}
        self._ended: list[EndedStep] = []
        self._chores: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._must_compare = False
        self._turns: Turns | None = None
        self._group = asyncio.TaskGroup()
        self._wait_s = FIRST_WAIT_S
        self._barred_s = SOON_S
        bell.on(STEPS_CHANNEL, self._hear)

    async def run(self) -> None:
        """Work until cancelled; then let end what ends within the grace, and hand back the rest."""
        try:
            async with asyncio.TaskGroup() as group:
                await self._work(group)
        finally:
            await self._disconnect()

    async def _work(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        try:
            while True:
                await self._look(takes=True)
        except asyncio.CancelledError:
            await complete(self._leave())
            raise

    def look_again(self) -> None:
        """Compare soon what runs with the rows: whoever was frozen may have missed something."""
        self._hear(None)

    def _hear(self, notice: str | None) -> None:
        # A stopped task, or notices that may have been missed: compare what runs with the rows.
        self._must_compare = self._must_compare or notice != ""
        self._wake.set()

    async def _look(self, *, takes: bool) -> None:
        """Take a turn, then wait until something calls for the next."""
        self._wake.clear()
        try:
            pause_s = await self._turn(await self._connected(), takes=takes)
        except (psycopg.Error, OSError) as error:
            log.warning("worker_waits", reason=type(error).__name__, retry_in_s=self._wait_s)
            await self._disconnect()
            await asyncio.sleep(self._wait_s)
            self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
            return
        self._wait_s = FIRST_WAIT_S
        if not self._ended:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._wake.wait()

    async def _turn(self, turns: Turns, *, takes: bool) -> float:
        if self._must_compare:
            await self._compare(turns)
        free = max(self._settings.concurrency - len(self._running), 0) if takes else 0
        limits = Limits(
            free=free,
            user=self._settings.user_concurrency,
            total=self._settings.total_concurrency,
        )
        turn = await self._hand_in(turns, limits)
        for step in turn.claimed:
            self._running[step] = self._group.create_task(self._run(step))
        if not turn.was_barred:
            self._barred_s = SOON_S
            return LOOK_S
        pause_s = self._barred_s
        self._barred_s = min(pause_s * 2, LATER_S)
        return pause_s

    async def _hand_in(self, turns: Turns, limits: Limits) -> Turn:
        ended = list(self._ended)
        if not ended and not limits.free:
            return NOTHING
        try:
            turn = await self._take(turns, ended, limits)
        except UNWRITABLE:
            # One result that cannot be written must not hold up the others.
            for end in ended:
                await self._hand_in_alone(turns, end)
            turn = NOTHING
        del self._ended[: len(ended)]
        return turn

    async def _hand_in_alone(self, turns: Turns, end: EndedStep) -> None:
        try:
            await self._take(turns, [end], HAND_IN_ONLY)
        except UNWRITABLE as error:
            log.error("result_not_written", step=end.step.key, reason=type(error).__name__)  # noqa: TRY400 - the text may hold a user's words
            await self._runner.fail(end.step, error)

    async def _take(self, turns: Turns, ended: Sequence[EndedStep], limits: Limits) -> Turn:
        turn = await turns.take(ended, limits)
        for end in ended:
            if end.step.id not in turn.done:
                log.info("step_stale", step=end.step.key, attempt=end.step.attempt)
        for task_id in turn.over:
            self._do(self._runner.close(task_id))
        return turn

    async def _run(self, step: ClaimedStep) -> None:
        try:
            ended = await self._runner.run(step)
            if ended is not None:
                self._ended.append(ended)
        except Exception:
            # Its rows still say that it runs here: give it back when the database is there again.
            log.exception("step_left", step=step.key)
            self._must_compare = True
        finally:
            del self._running[step]
            self._wake.set()

    async def _compare(self, turns: Turns) -> None:
        """Drop what is no longer ours by the rows; give back what the rows say we have."""
        held = await turns.held()
        self._must_compare = False
        for step, task in self._running.items():
            if held.get(step.id) != step.attempt:
                task.cancel()
        known = {(step.id, step.attempt) for step in self._running}
        known |= {(end.step.id, end.step.attempt) for end in self._ended}
        for step_id, attempt in held.items():
            if (step_id, attempt) not in known:
                # Taken in a transaction whose acknowledgement was lost, or left in an outage.
                self._do(self._runner.hand_back(step_id, attempt))

    def _do(self, chore: Coroutine[None, None, None]) -> None:
        task = self._group.create_task(careful(chore))
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _leave(self) -> None:
        deadline_s = monotonic_s() + self._settings.shutdown_grace_s
        while (self._running or self._ended) and monotonic_s() < deadline_s:
            await self._look(takes=False)
        left = dict(self._running)
        for task in left.values():
            task.cancel()
        await asyncio.gather(*left.values(), return_exceptions=True)
        if self._ended:
            await self._look(takes=False)
        for step in left:
            # Side by side: with the database away each of them waits for it.
            self._do(self._runner.hand_back(step.id, step.attempt))
        await asyncio.gather(*self._chores, return_exceptions=True)

    async def _connected(self) -> Turns:
        if self._turns is None:
            self._turns = await Turns.open(self._url, self._worker_id)
            self._must_compare = True
        return self._turns

    async def _disconnect(self) -> None:
        turns, self._turns = self._turns, None
        if turns is not None:
            with suppress(psycopg.Error, OSError):
                await turns.close()
