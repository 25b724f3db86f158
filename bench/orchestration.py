"""Makespan against the critical path, and CPU for each durable step that does nothing.

CPU is of this process and of the PostgreSQL server together, read from the kernel.
"""

import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psutil
import psycopg

from app.core import migrations
from app.core.blobs import BlobStore
from app.core.config import DatabaseSettings, EngineSettings
from app.core.database import Database, open_engine, psycopg_url
from app.core.postgres import EmbeddedPostgres
from app.engine import DatabaseLedger, LedgerDesk
from app.schemas.plan import AgentName
from bench import langgraph_target
from bench.report import Row, show, tell, write
from bench.shapes import Shape, chain, layers, unbalanced
from tests.factories.engine import (
    EngineHarness,
    SumAgent,
    make_plan,
    make_step,
    open_engine_harness,
)
from tests.factories.ledger import add_running_step, add_running_task, end_task
from tests.factories.model_calls import Sender, make_request

Run = Callable[[Shape], Awaitable[dict[str, int]]]
# Shapes with the most that our makespan may be, over the critical path.
TIMED = (
    (chain(10, 1.0), 1.15),
    (layers(10, 10, 1.0), 1.15),
    (unbalanced(10, 10, 0.05, 0.5), 1.3),
    (unbalanced(10, 10, 0.1, 1.0), 1.15),
    (unbalanced(10, 10, 1.0, 2.0), 1.05),
)
# A durable step may not cost more CPU than here, in the same run.
RIVAL = "langgraph postgres"
CALLS = 300
CALL_LIMIT_MS = 5.0
CALL_SHAPE = "a ledgered call, median"


@dataclass(frozen=True)
class Target:
    """Something that runs shapes; the CPU of the PostgreSQL `server` that it uses counts too."""

    name: str
    run: Run
    server: psutil.Process | None


async def main(*, rounds: int, quick: bool) -> int:
    """Measure every target on every shape; return 1 when ours passes its limit."""
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        try:
            migrations.upgrade(server.url)
            rows = await _measure(server.url, Path(folder), rounds=rounds, quick=quick)
        finally:
            server.stop()
    show(rows)
    write("orchestration", rows)
    missed = [*_late(rows), *_costly(rows), *_slow_calls(rows)]
    tell(missed)
    return int(bool(missed))


def _late(rows: Sequence[Row]) -> list[str]:
    limits = {_timed_name(shape): limit for shape, limit in TIMED}
    return [
        f"Missed: {row.shape} took {row.ratio:.2f} x its critical path, at most "
        f"{limits[row.shape]} is allowed."
        for row in rows
        if row.target == "madang" and row.shape in limits and (row.ratio or 0) > limits[row.shape]
    ]


def _costly(rows: Sequence[Row]) -> list[str]:
    theirs = {row.shape: row.cpu_ms_per_step for row in rows if row.target == RIVAL}
    return [
        f"Missed: {row.shape} costs {row.cpu_ms_per_step:.2f} ms of CPU a step, {RIVAL} "
        f"{theirs[row.shape]:.2f} ms."
        for row in rows
        if row.target == "madang" and (row.cpu_ms_per_step or 0) > (theirs.get(row.shape) or 1e9)
    ]


def _slow_calls(rows: Sequence[Row]) -> list[str]:
    return [
        f"Missed: a ledgered call adds {row.makespan_ms:.1f} ms, at most {CALL_LIMIT_MS} may be."
        for row in rows
        if row.shape == CALL_SHAPE and (row.makespan_ms or 0) > CALL_LIMIT_MS
    ]


async def _measure(url: str, folder: Path, *, rounds: int, quick: bool) -> list[Row]:
    database = Database(open_engine(url, DatabaseSettings()))
    rows: list[Row] = []
    agents = {AgentName.RESEARCH: SumAgent()}
    server = _server_process(url)
    async with (
        open_engine_harness(
            database, url, BlobStore(folder / "blobs"), agents=agents, settings=EngineSettings()
        ) as harness,
        langgraph_target.open_postgres(url) as on_postgres,
        langgraph_target.open_sqlite() as on_sqlite,
    ):
        targets = [
            Target("madang", lambda shape: _run_ours(harness, shape), server=server),
            Target("langgraph postgres", _graph_runner(on_postgres), server=server),
            Target("langgraph sqlite", _graph_runner(on_sqlite), server=None),
        ]
        for shape in (chain(50, 0), layers(10, 10, 0)):
            rows += [await _cpu_row(target, shape, rounds) for target in targets]
        rows.append(await _call_row(database, url))
        if not quick:
            for shape, _ in TIMED:
                rows += [await _makespan_row(target, shape) for target in targets]
    await database.close()
    return rows


async def _run_ours(harness: EngineHarness, shape: Shape) -> dict[str, int]:
    steps = [
        make_step(node, *shape.parents[node], instructions=str(shape.sleep_s[node]))
        for node in shape.order
    ]
    done = await harness.run(make_plan(steps))
    return {task.key: int(task.result.summary) for task in done if task.result is not None}


def _graph_runner(saver: object) -> Run:
    count = 0

    async def run(shape: Shape) -> dict[str, int]:
        nonlocal count
        count += 1
        graph = langgraph_target.build(shape, saver)  # type: ignore[arg-type]  # either saver
        return await langgraph_target.run(graph, f"{shape.name}-{count}")

    return run


async def _cpu_row(target: Target, shape: Shape, rounds: int) -> Row:
    await target.run(shape)
    cpu_ms, wall_ms = [], []
    for _ in range(rounds):
        before = _cpu_s(target.server)
        start_s = time.perf_counter()
        right = await target.run(shape) == shape.expected()
        wall_ms.append((time.perf_counter() - start_s) * 1000)
        cpu_ms.append((_cpu_s(target.server) - before) * 1000)
    nodes = len(shape.parents)
    return Row(
        target=target.name,
        shape=f"{shape.name}, no-op",
        makespan_ms=statistics.median(wall_ms),
        ratio=None,
        cpu_ms_per_step=statistics.median(cpu_ms) / nodes,
        right=right,
    )


async def _makespan_row(target: Target, shape: Shape) -> Row:
    start_s = time.perf_counter()
    right = await target.run(shape) == shape.expected()
    wall_s = time.perf_counter() - start_s
    return Row(
        target=target.name,
        shape=_timed_name(shape),
        makespan_ms=wall_s * 1000,
        ratio=wall_s / shape.critical_path_s,
        cpu_ms_per_step=None,
        right=right,
    )


async def _call_row(database: Database, url: str) -> Row:
    """Return what the ledger adds to a call whose model answers at once, at the median."""
    task_id = await add_running_task(database, cap_usd="1000")
    hold = await add_running_step(database, task_id)
    taken_ms = []
    async with LedgerDesk(psycopg_url(url)) as desk:
        ledger = DatabaseLedger(desk, hold)
        for number in range(CALLS):
            start_s = time.perf_counter()
            await ledger.call(make_request(str(number)), Decimal("0.01"), Sender())
            taken_ms.append((time.perf_counter() - start_s) * 1000)
    await end_task(database, task_id)
    return Row(
        target="madang",
        shape=CALL_SHAPE,
        makespan_ms=statistics.median(taken_ms),
        ratio=None,
        cpu_ms_per_step=None,
        right=True,
    )


def _timed_name(shape: Shape) -> str:
    return f"{shape.name}, critical path {shape.critical_path_s:.1f} s"


def _server_process(url: str) -> psutil.Process:
    """Return the postmaster of this run's own server: others may run on the machine."""
    with psycopg.connect(psycopg_url(url)) as connection:
        session = psutil.Process(connection.info.backend_pid)
        postmaster = session.parent()
    assert postmaster is not None, "a session of PostgreSQL is a child of its postmaster"
    return postmaster


def _cpu_s(server: psutil.Process | None) -> float:
    own = psutil.Process().cpu_times()
    total = own.user + own.system
    if server is None:
        return total
    # What sessions that ended took is in the postmaster's `children`.
    times = server.cpu_times()
    total += times.user + times.system + times.children_user + times.children_system
    return total + sum(_session_cpu_s(session) for session in server.children())


def _session_cpu_s(session: psutil.Process) -> float:
    try:
        times = session.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
