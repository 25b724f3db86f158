"""Connections of the engine's own, beside the pool of sessions: one statement, one commit each."""

from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_loads

from app.core.database import CONNECT_TIMEOUT_S

# For sessions that call functions of their own. Their statements are prepared once, on tables that
# were perhaps still empty, and a plan made for an empty table reads all of it; indexes are right
# for every one of them.
FUNCTIONS = (
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off "
    "-c statement_timeout=30000"
)

Connection = psycopg.AsyncConnection[Any]


def connection_settings(name: str, options: str = "") -> dict[str, Any]:
    """Return how a connection is opened; `name` is what the server's lists show it as."""
    return {
        "autocommit": True,
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": f"madang {name}",
        "options": f"-c timezone=UTC {options}",
    }


def function_settings(name: str) -> dict[str, Any]:
    """Return how a connection is opened that calls functions of its own session."""
    return {**connection_settings(name, FUNCTIONS), "prepare_threshold": 0}


async def install(connection: Connection, *functions: str) -> None:
    """Make the functions in the connection's session, and read its JSON quickly."""
    set_json_loads(orjson.loads, connection)
    for function in functions:
        await connection.execute(function)
