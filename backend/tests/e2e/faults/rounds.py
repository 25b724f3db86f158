"""One round: tasks under way, a fault at a random moment, every promise checked after it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import psycopg

from app.agents.transitions import TaskStatus
from app.core.clock import monotonic_s, utc_now
from app.runtime import Runtime
from app.schemas.plan import ExecutionPlan
from tests.e2e.faults.evidence import Evidence, Undisturbed, Window
from tests.e2e.faults.fleet import LIMIT_S, LOOK_S, Fleet
from tests.e2e.faults.rig import GOAL, twelve_steps
from tests.factories.engine import make_plan
from tests.factories.scripted_server import MODEL

CAP_USD = 50
ALL_DONE = frozenset({TaskStatus.DONE})

Fault = Callable[[Sequence[str]], Awaitable[None]]


@dataclass(kw_only=True)
class Rounds:
    """The rounds of one test: `tasks` of the owner over the file are under way in each."""

    fleet: Fleet
    runtime: Runtime
    owner_id: str
    file_id: str
    tasks: int
    random: Random
    said: list[str] = field(default_factory=list)
    _all: list[str] = field(default_factory=list)

    def plan(self) -> ExecutionPlan:
        """Return the plan of every task."""
        return make_plan(
            twelve_steps(),
            goal=GOAL,
            model=f"openai:{MODEL}",
            file_ids=(self.file_id,),
            content_hash="",
        )

    async def order(self) -> str:
        """Start a task; return its id."""
        task = await self.runtime.orchestration.execute_plan(
            self.owner_id, self.plan(), cap_usd=CAP_USD
        )
        return task.id

    async def undisturbed(self) -> Undisturbed:
        """Run the tasks of a round without a fault."""
        started_s = monotonic_s()
        evidence = self.evidence([await self.order() for _ in range(self.tasks)])
        await self._until_over(evidence)
        duration_s = monotonic_s() - started_s
        first = evidence.task_ids[0]
        found = Undisturbed(
            files=evidence.files(first), calls=evidence.calls(first), duration_s=duration_s
        )
        assert len(found.files) == 7
        evidence.check_tasks(found, ends=ALL_DONE)
        evidence.check_money()
        now = utc_now()
        assert evidence.check_repeats(evidence.known(), Window(starts_at=now, ends_at=now)) == 0
        return found

    async def run(
        self,
        fault: Fault,
        undisturbed: Undisturbed,
        *,
        ends: frozenset[str] = ALL_DONE,
        order: Callable[[], Awaitable[str]] | None = None,
    ) -> Evidence:
        """Do one round; return its evidence, already checked."""
        # A worker that has just started is in the way of nobody, but it is no survivor yet.
        await asyncio.to_thread(self.fleet.wait_for_workers)
        place = order or self.order
        evidence = self.evidence([await place() for _ in range(self.tasks)])
        self._all += evidence.task_ids
        delay_s = self.random.uniform(0, undisturbed.duration_s)
        await asyncio.sleep(delay_s)
        before = evidence.known()
        starts_at = utc_now()
        await fault(evidence.task_ids)
        window = Window(starts_at=starts_at, ends_at=utc_now())
        await self._until_over(evidence)
        repeated = evidence.check_repeats(before, window)
        evidence.check_tasks(undisturbed, ends=ends)
        evidence.check_money()
        self.said.append(f"after {delay_s:.3f} s, {repeated} repeated, {evidence.statuses()}")
        return evidence

    def check_all_again(self) -> None:
        """Nothing that came later has changed the money of any task."""
        self.evidence(self._all).check_money()

    def evidence(self, task_ids: Sequence[str]) -> Evidence:
        """Return what is known of these tasks."""
        return Evidence(self.fleet.postgres.url, self.fleet.bill, task_ids)

    async def _until_over(self, evidence: Evidence) -> None:
        deadline_s = monotonic_s() + LIMIT_S
        while not self._are_over(evidence):
            assert monotonic_s() < deadline_s, f"no end: {evidence.statuses()}"
            await asyncio.sleep(LOOK_S)

    def _are_over(self, evidence: Evidence) -> bool:
        try:
            return evidence.are_over()
        except psycopg.OperationalError:
            return False
