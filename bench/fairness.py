"""How long a light user waits for a worker while a heavy one has queued a thousand steps."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from app.core import migrations
from app.core.blobs import BlobStore
from app.core.config import DatabaseSettings, EngineSettings
from app.core.database import Database, open_engine
from app.core.ids import new_id
from app.core.postgres import EmbeddedPostgres
from app.models import User
from app.schemas.plan import AgentName
from bench.report import Row, show, tell, write
from tests.factories.engine import (
    EngineHarness,
    SumAgent,
    make_plan,
    make_step,
    open_engine_harness,
)

LIMIT = 3.0
LIGHT_TASKS = 50
LIGHT_STEP_S = 0.05
LIGHT_PAUSE_S = 0.1
HEAVY_TASKS, HEAVY_STEPS, HEAVY_STEP_S = 4, 250, 0.2
WAITED = text("""
SELECT extract(epoch FROM started_at - created_at) FROM agent_tasks
WHERE user_id = :user_id AND started_at IS NOT NULL
""")


async def main() -> int:
    """Measure both waits; return 1 when the heavy user costs the light one too much."""
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        try:
            migrations.upgrade(server.url)
            rows = await _measure(server.url, Path(folder))
        finally:
            server.stop()
    show(rows)
    write("fairness", rows)
    ratio = rows[-1].ratio or 0
    if ratio <= LIMIT:
        return 0
    tell([f"Missed: the light user waits {ratio:.1f} x as long as alone, at most {LIMIT} may be."])
    return 1


async def _measure(url: str, folder: Path) -> list[Row]:
    database = Database(open_engine(url, DatabaseSettings()))
    async with open_engine_harness(
        database,
        url,
        BlobStore(folder / "blobs"),
        agents={AgentName.RESEARCH: SumAgent()},
        settings=EngineSettings(),
    ) as harness:
        alone, heavy, beside = [await _add_user(database, name) for name in ("a", "h", "b")]
        await _order_lightly(harness, alone)
        for _ in range(HEAVY_TASKS):
            await _start(harness, heavy, HEAVY_STEPS, HEAVY_STEP_S)
        await _order_lightly(harness, beside)
        alone_s = _p95(await _waits(database, alone))
        beside_s = _p95(await _waits(database, beside))
    await database.close()
    return [
        _row("light user alone, p95 wait", alone_s, None),
        _row("beside 1,000 queued steps, p95 wait", beside_s, beside_s / alone_s),
    ]


async def _add_user(database: Database, name: str) -> str:
    async with database.transaction() as session:
        user = User(id=new_id(), email=f"{name}@example.org", name=name)
        session.add(user)
    return user.id


async def _order_lightly(harness: EngineHarness, user_id: str) -> None:
    for _ in range(LIGHT_TASKS):
        await _start(harness, user_id, 1, LIGHT_STEP_S)
        await asyncio.sleep(LIGHT_PAUSE_S)


async def _start(harness: EngineHarness, user_id: str, steps: int, step_s: float) -> None:
    plan = make_plan([make_step(f"s{i}", instructions=str(step_s)) for i in range(steps)])
    task_id = await harness.add_task(plan)
    async with harness.database.transaction() as session:
        await session.execute(
            text("UPDATE tasks SET user_id = :user_id WHERE id = :task_id"),
            {"user_id": user_id, "task_id": task_id},
        )
    await harness.start(task_id, plan)


async def _waits(database: Database, user_id: str) -> list[float]:
    async with database.transaction() as session:
        found = await session.execute(WAITED, {"user_id": user_id})
        return [float(wait) for wait in found.scalars()]


def _p95(waits: Sequence[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.95)]


def _row(shape: str, wait_s: float, ratio: float | None) -> Row:
    return Row(
        target="madang",
        shape=shape,
        makespan_ms=wait_s * 1000,
        ratio=ratio,
        cpu_ms_per_step=None,
        right=True,
    )
