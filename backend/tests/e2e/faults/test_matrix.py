"""The fault matrix: three workers, tasks under way, and every kind of fault at random moments.

Whatever happens, each task reaches a right end by itself, no recorded call is made again, the files
are those of an undisturbed run, and the ledger counts at least what was billed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from app.agents.transitions import TaskStatus
from app.core.config import EngineSettings
from app.runtime import Runtime, open_runtime
from app.services.accounts import AccountRepository, AccountService
from app.services.files import Upload
from tests.e2e.faults.api_process import api_process_for
from tests.e2e.faults.evidence import Undisturbed
from tests.e2e.faults.fleet import Fleet
from tests.e2e.faults.kinds import Faults
from tests.e2e.faults.rounds import ALL_DONE, Rounds

SHORT_LEASE_S = 3.0
PRODUCTION_LEASE_S = EngineSettings().lease_s
FEW_TASKS = 2
MANY_TASKS = 5
STOPPED = frozenset({TaskStatus.DONE, TaskStatus.CANCELLED})
OUTAGES = 5
API_KILLS = 20


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of fault, how often it comes, and what may become of the tasks."""

    fault: str
    few: int
    many: int
    ends: frozenset[str] = ALL_DONE


KINDS = (
    Kind(fault="worker_killed", few=1, many=100),
    Kind(fault="all_workers_killed", few=1, many=10),
    Kind(fault="worker_asked_to_stop", few=1, many=20),
    Kind(fault="database_killed", few=1, many=20),
    Kind(fault="worker_frozen", few=1, many=10),
    Kind(fault="cancelled", few=2, many=50, ends=STOPPED),
    Kind(fault="paused_and_resumed", few=1, many=20),
    Kind(fault="worker_killed_and_two_reap", few=1, many=20),
)
class_fixture = pytest_asyncio.fixture(scope="class", loop_scope="class")
each_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.fault for kind in KINDS])


@dataclass(kw_only=True)
class Scene:
    """A running fleet, and what its tasks come to when nothing disturbs them."""

    fleet: Fleet
    runtime: Runtime
    owner_id: str
    file_id: str
    tasks: int
    _undisturbed: Undisturbed | None = None

    async def undisturbed(self) -> Undisturbed:
        if self._undisturbed is None:
            # The first one loads what later ones find loaded: it is no measure of their time.
            await self.rounds("").undisturbed()
            self._undisturbed = await self.rounds("").undisturbed()
        return self._undisturbed

    def rounds(self, seed: str) -> Rounds:
        return Rounds(
            fleet=self.fleet,
            runtime=self.runtime,
            owner_id=self.owner_id,
            file_id=self.file_id,
            tasks=self.tasks,
            random=Random(seed),
        )

    async def check(self, kind: Kind, *, count: int, seed: str) -> None:
        rounds = self.rounds(seed)
        fault = getattr(Faults(rounds=rounds), kind.fault)
        for number in range(count):
            try:
                await rounds.run(fault, await self.undisturbed(), ends=kind.ends)
            except AssertionError as error:
                error.add_note(f"{kind.fault}, round {number}, seed {seed}: {rounds.said}")
                raise
        rounds.check_all_again()

    async def check_api(self, *, count: int, seed: str) -> None:
        rounds = self.rounds(seed)
        api = await api_process_for(rounds)
        await asyncio.to_thread(api.start)

        async def kill_and_restart(_: object) -> None:
            api.kill()
            await asyncio.to_thread(api.start)

        try:
            for _ in range(count):
                evidence = await rounds.run(
                    kill_and_restart,
                    await self.undisturbed(),
                    order=partial(api.order, rounds.plan),
                )
                said = [await api.status(task_id) for task_id in evidence.task_ids]
                assert said == evidence.statuses()
            rounds.check_all_again()
        finally:
            api.kill()

    async def check_outages(self, seconds: list[float], *, seed: str) -> None:
        rounds = self.rounds(seed)
        for outage_s in seconds:
            stop = partial(Faults(rounds=rounds).database_stopped, outage_s)
            evidence = await rounds.run(stop, await self.undisturbed())
            if self.fleet.lease_s == PRODUCTION_LEASE_S:
                assert evidence.worker_deaths() == 0, f"{seed}: an outage of {outage_s} s"
        rounds.check_all_again()


@asynccontextmanager
async def open_scene(
    folder: Path, upload: Upload, *, lease_s: float, tasks: int
) -> AsyncIterator[Scene]:
    with Fleet(folder, lease_s=lease_s) as fleet:
        async with open_runtime(fleet.settings()) as runtime:
            async with runtime.database.transaction() as session:
                owner = await AccountService(AccountRepository(session)).local_owner()
            file = await runtime.files.add(owner.id, upload)
            await asyncio.to_thread(fleet.wait_for_workers)
            yield Scene(
                fleet=fleet, runtime=runtime, owner_id=owner.id, file_id=file.id, tasks=tasks
            )


@pytest.fixture(scope="session")
def upload(repository_root: Path) -> Upload:
    source = repository_root / "samples" / "en" / "strategy_memo.md"
    return Upload(source.name, source.read_bytes())


@class_fixture
async def few_scene(
    tmp_path_factory: pytest.TempPathFactory, upload: Upload
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("few")
    async with open_scene(folder, upload, lease_s=SHORT_LEASE_S, tasks=FEW_TASKS) as scene:
        yield scene


@class_fixture
async def many_scene(
    tmp_path_factory: pytest.TempPathFactory, upload: Upload
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("many")
    async with open_scene(folder, upload, lease_s=SHORT_LEASE_S, tasks=MANY_TASKS) as scene:
        yield scene


@class_fixture
async def outage_scene(
    tmp_path_factory: pytest.TempPathFactory, upload: Upload
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("outages")
    async with open_scene(folder, upload, lease_s=PRODUCTION_LEASE_S, tasks=MANY_TASKS) as scene:
        yield scene


@pytest.mark.timeout(600)
@pytest.mark.asyncio(loop_scope="class")
class TestAFewFaults:
    @each_kind
    async def test_lose_and_repeat_nothing(
        self, few_scene: Scene, kind: Kind, fault_seed: int
    ) -> None:
        await few_scene.check(kind, count=kind.few, seed=f"{fault_seed}:{kind.fault}")

    async def test_of_the_api_process_lose_and_repeat_nothing(
        self, few_scene: Scene, fault_seed: int
    ) -> None:
        await few_scene.check_api(count=1, seed=f"{fault_seed}:api")

    async def test_of_an_outage_longer_than_the_lease_lose_and_repeat_nothing(
        self, few_scene: Scene, fault_seed: int
    ) -> None:
        await few_scene.check_outages([SHORT_LEASE_S + 1], seed=f"{fault_seed}:outage")


@pytest.mark.faults
@pytest.mark.timeout(6 * 3600)
@pytest.mark.asyncio(loop_scope="class")
class TestManyFaults:
    @each_kind
    async def test_lose_and_repeat_nothing(
        self, many_scene: Scene, kind: Kind, fault_seed: int, fault_share: float
    ) -> None:
        count = max(1, round(kind.many * fault_share))
        await many_scene.check(kind, count=count, seed=f"{fault_seed}:{kind.fault}")

    async def test_of_the_api_process_lose_and_repeat_nothing(
        self, many_scene: Scene, fault_seed: int, fault_share: float
    ) -> None:
        count = max(1, round(API_KILLS * fault_share))
        await many_scene.check_api(count=count, seed=f"{fault_seed}:api")


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.asyncio(loop_scope="class")
class TestOutagesAtTheProductionLease:
    async def test_of_one_to_sixty_seconds_cost_no_worker_its_steps(
        self, outage_scene: Scene, fault_seed: int, fault_share: float
    ) -> None:
        count = max(2, round(OUTAGES * fault_share))
        seconds = [60 ** (number / (count - 1)) for number in range(count)]
        await outage_scene.check_outages(seconds, seed=f"{fault_seed}:outages")
