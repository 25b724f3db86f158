"""Our engine as a target of another benchmark: `start(dag)`, `run()`, `close()`.

A `dag` has `order` (names), `deps` (parents by name) and `cost` (seconds of sleep by name); a run
returns each node's 1 + the sum of its parents.
"""

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

from app.core import migrations
from app.core.blobs import BlobStore
from app.core.config import DatabaseSettings, EngineSettings
from app.core.database import Database, open_engine
from app.core.postgres import EmbeddedPostgres
from app.schemas.plan import AgentName, ExecutionPlan
from tests.factories.engine import (
    EngineHarness,
    SumAgent,
    make_plan,
    make_step,
    open_engine_harness,
)


class Dag(Protocol):
    """What there is to run."""

    order: list[str]
    deps: dict[str, list[str]]
    cost: dict[str, float]


class Madang:
    """One worker in this process on an embedded PostgreSQL of its own."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._harness: EngineHarness | None = None
        self._plan: ExecutionPlan | None = None

    async def start(self, dag: Dag) -> None:
        """Open the engine and turn the graph into a plan."""
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="madang-")))
        server = EmbeddedPostgres(folder)
        server.start()
        self._stack.callback(server.stop)
        migrations.upgrade(server.url)
        database = Database(open_engine(server.url, DatabaseSettings()))
        self._stack.push_async_callback(database.close)
        self._harness = await self._stack.enter_async_context(
            open_engine_harness(
                database,
                server.url,
                BlobStore(folder / "blobs"),
                agents={AgentName.RESEARCH: SumAgent()},
                settings=EngineSettings(),
            )
        )
        # Names of nodes are not all names of steps.
        keys = {node: f"n{number}" for number, node in enumerate(dag.order)}
        self._names = {key: node for node, key in keys.items()}
        self._plan = make_plan(
            [
                make_step(
                    keys[node],
                    *(keys[parent] for parent in dag.deps[node]),
                    instructions=str(dag.cost[node]),
                )
                for node in dag.order
            ]
        )

    async def run(self) -> dict[str, int]:
        """Run the plan as a new task and return each node's number."""
        if self._harness is None or self._plan is None:
            message = "start() first"
            raise RuntimeError(message)
        done = await self._harness.run(self._plan)
        return {self._names[t.key]: int(t.result.summary) for t in done if t.result is not None}

    async def close(self) -> None:
        """Close all that was opened."""
        await self._stack.aclose()
