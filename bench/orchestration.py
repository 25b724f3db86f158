"""Makespan against the critical path, and CPU for each durable step that does nothing.

CPU is of this process and of the PostgreSQL server together, read from the kernel.
"""

import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.core import migrations
from app.core.blobs import BlobStore
from app.core.config import DatabaseSettings, EngineSettings
from app.core.database import Database, open_engine
from app.core.postgres import EmbeddedPostgres
from app.schemas.plan import AgentName
from bench import langgraph_target
from bench.report import Row, show, write
from bench.shapes import Shape, chain, layers, unbalanced
from tests.factories.engine import (
    EngineHarness,
    SumAgent,
    make_plan,
    make_step,
    open_engine_harness,
)

Run = Callable[[Shape], Awaitable[dict[str, int]]]
LIMIT = 1.15


@dataclass(frozen=True)
class Target:
    """Something that runs shapes; PostgreSQL's CPU counts where it uses the server."""

    name: str
    run: Run
    uses_server: bool


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
    ours = [row for row in rows if row.target == "madang" and row.ratio is not None]
    return int(any((row.ratio or 0) > LIMIT for row in ours))


async def _measure(url: str, folder: Path, *, rounds: int, quick: bool) -> list[Row]:
    database = Database(open_engine(url, DatabaseSettings()))
    rows: list[Row] = []
    agents = {AgentName.RESEARCH: SumAgent()}
    async with (
        open_engine_harness(
            database, url, BlobStore(folder / "blobs"), agents=agents, settings=EngineSettings()
        ) as harness,
        langgraph_target.open_postgres(url) as on_postgres,
        langgraph_target.open_sqlite() as on_sqlite,
    ):
        targets = [
            Target("madang", lambda shape: _run_ours(harness, shape), uses_server=True),
            Target("langgraph postgres", _graph_runner(on_postgres), uses_server=True),
            Target("langgraph sqlite", _graph_runner(on_sqlite), uses_server=False),
        ]
        for shape in (chain(50, 0), layers(10, 10, 0)):
            rows += [await _cpu_row(target, shape, rounds) for target in targets]
        if not quick:
            for shape in (
                chain(10, 1.0),
                layers(10, 10, 1.0),
                unbalanced(10, 10, 0.1, 1.0),
                unbalanced(10, 10, 1.0, 2.0),
            ):
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
        before = _cpu_s(uses_server=target.uses_server)
        start_s = time.perf_counter()
        right = await target.run(shape) == shape.expected()
        wall_ms.append((time.perf_counter() - start_s) * 1000)
        cpu_ms.append((_cpu_s(uses_server=target.uses_server) - before) * 1000)
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
        shape=f"{shape.name}, critical path {shape.critical_path_s:.1f} s",
        makespan_ms=wall_s * 1000,
        ratio=wall_s / shape.critical_path_s,
        cpu_ms_per_step=None,
        right=right,
    )


def _cpu_s(*, uses_server: bool) -> float:
    own = psutil.Process().cpu_times()
    total = own.user + own.system
    if uses_server:
        total += sum(_server_cpu_s(process) for process in psutil.process_iter(["name"]))
    return total


def _server_cpu_s(process: psutil.Process) -> float:
    if process.info["name"] != "postgres":
        return 0.0
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
