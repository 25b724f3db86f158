"""The same shapes on LangGraph with its PostgreSQL and its SQLite checkpointer."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph

from bench.shapes import Shape


def _merge(left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
    return {**left, **right}


class State(TypedDict):
    """The results so far, by node."""

    results: Annotated[dict[str, int], _merge]


def build(shape: Shape, saver: BaseCheckpointSaver[Any]) -> Any:
    """Return the compiled graph of a shape."""
    graph = StateGraph(State)
    children: dict[str, int] = dict.fromkeys(shape.parents, 0)
    for node, parents in shape.parents.items():
        graph.add_node(node, _act(shape, node))
        for parent in parents:
            children[parent] += 1
    for node, parents in shape.parents.items():
        if not parents:
            graph.add_edge(START, node)
        else:
            graph.add_edge(parents if len(parents) > 1 else parents[0], node)
        if not children[node]:
            graph.add_edge(node, END)
    return graph.compile(checkpointer=saver)


def _act(shape: Shape, node: str) -> Callable[[State], Any]:
    async def act(state: State) -> dict[str, dict[str, int]]:
        if shape.sleep_s[node]:
            await asyncio.sleep(shape.sleep_s[node])
        total = 1 + sum(state["results"][parent] for parent in shape.parents[node])
        return {"results": {node: total & 0x7FFFFFFF}}

    return act


@asynccontextmanager
async def open_postgres(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """Open the PostgreSQL checkpointer, its tables made."""
    async with AsyncPostgresSaver.from_conn_string(url) as saver:
        await saver.setup()
        yield saver


@asynccontextmanager
async def open_sqlite() -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """Open the SQLite checkpointer in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncSqliteSaver.from_conn_string(str(Path(folder) / "graph.db")) as saver:
            yield saver


async def run(graph: Any, thread: str) -> dict[str, int]:
    """Run the graph once under its own thread id."""
    config = {"recursion_limit": 1000, "configurable": {"thread_id": thread}}
    results: dict[str, int] = (await graph.ainvoke({"results": {}}, config))["results"]
    return results
