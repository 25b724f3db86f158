"""The kinds of faults. Each does its worst to a fleet with tasks under way, and then repairs what a
service manager would: it starts again the processes that ended.
"""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.agents.transitions import TransitionForbidden
from tests.e2e.faults.fleet import Process
from tests.e2e.faults.rounds import Rounds

STOPPED_LEASES = (1.4, 2.6)


@dataclass(frozen=True, kw_only=True)
class Faults:
    """The faults of one test's rounds."""

    rounds: Rounds

    async def worker_killed(self, _: Sequence[str]) -> None:
        """One worker gets SIGKILL."""
        victim = self._victim()
        self.rounds.fleet.kill(victim)
        self.rounds.fleet.replace(victim)

    async def all_workers_killed(self, _: Sequence[str]) -> None:
        """Every worker gets SIGKILL."""
        fleet = self.rounds.fleet
        for victim in list(fleet.workers):
            fleet.kill(victim)
        for victim in list(fleet.workers):
            fleet.replace(victim)

    async def worker_asked_to_stop(self, _: Sequence[str]) -> None:
        """One worker gets SIGTERM, and ends in order."""
        victim = self._victim()
        victim.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(victim.wait, 60) == 0
        self.rounds.fleet.replace(victim)

    async def database_killed(self, _: Sequence[str]) -> None:
        """PostgreSQL gets SIGKILL and is started again at once."""
        await self._outage(signal.SIGKILL, 0)

    async def database_stopped(self, seconds: float, _: Sequence[str]) -> None:
        """PostgreSQL is shut down for this long."""
        await self._outage(signal.SIGINT, seconds)

    async def worker_frozen(self, _: Sequence[str]) -> None:
        """One worker is frozen for longer than its lease, then goes on."""
        victim = self._victim()
        leases = self.rounds.random.uniform(*STOPPED_LEASES)
        victim.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(self.rounds.fleet.lease_s * leases)
        finally:
            victim.send_signal(signal.SIGCONT)

    async def cancelled(self, task_ids: Sequence[str]) -> None:
        """Each task is cancelled at a moment of its own; one that is over already stays."""

        async def cancel(task_id: str, wait_s: float) -> None:
            await asyncio.sleep(wait_s)
            with suppress(TransitionForbidden):
                await self.rounds.runtime.tasks.cancel(self.rounds.owner_id, task_id)

        waits_s = [self.rounds.random.uniform(0, 0.3) for _ in task_ids]
        async with asyncio.TaskGroup() as group:
            for task_id, wait_s in zip(task_ids, waits_s, strict=True):
                group.create_task(cancel(task_id, wait_s))

    async def paused_and_resumed(self, task_ids: Sequence[str]) -> None:
        """Each task is paused, and resumed a little later."""
        tasks, owner_id = self.rounds.runtime.tasks, self.rounds.owner_id
        paused = []
        for task_id in task_ids:
            with suppress(TransitionForbidden):
                await tasks.pause(owner_id, task_id)
                paused.append(task_id)
        await asyncio.sleep(self.rounds.random.uniform(0, 0.6))
        for task_id in paused:
            await tasks.resume(owner_id, task_id)

    async def worker_killed_and_two_reap(self, _: Sequence[str]) -> None:
        """One worker gets SIGKILL; when its lease is over, two reap in the same moment."""
        fleet, worker = self.rounds.fleet, self.rounds.runtime.worker
        victim = self._victim()
        fleet.kill(victim)
        fleet.replace(victim)
        await asyncio.sleep(fleet.lease_s)
        await asyncio.gather(*(worker.reap(all_workers_dead=False) for _ in range(2)))

    async def _outage(self, how: signal.Signals, seconds: float) -> None:
        postgres = self.rounds.fleet.postgres
        await asyncio.to_thread(postgres.stop, how)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(postgres.start)

    def _victim(self) -> Process:
        return self.rounds.random.choice(self.rounds.fleet.workers)
