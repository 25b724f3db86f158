"""The desk where paid calls are opened and settled: one round trip and one commit each."""

from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from app.core.database import CONNECT_TIMEOUT_S, outages_named
from app.engine.call_statements import CALL_OPEN, CALL_SETTLE, OPEN_CALL, SETTLE_CALL
from app.engine.connections import Connection, function_settings, install

MAX_CONNECTIONS = 8
IDLE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallIntent:
    """A paid call about to be made, with the most that it can cost in dollars.

    `request` is the whole request as JSON; the first send of a call to a model keeps it. `models`
    are those that the call may be sent to, in order, and `call_hashes` its requests' hashes.
    """

    call_id: str
    task_id: str
    step_id: str | None
    step_key: str
    attempt: int
    seq: int
    operation: str
    model: str
    request_hash: str
    models: list[str]
    call_hashes: list[str]
    request: str
    reserve: Decimal

    def values(self) -> dict[str, object]:
        """Return the parameters of the statement."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What became of an intent.

    `outcome`: opened, recorded (`reply` is there), stale, changed (another request was recorded
    under this number), passed (refused, and the step went on), elsewhere (`model` may have billed
    it) or capped; then `scope` (step, task, user_day) says which cap, with its sums.
    """

    outcome: str
    reply: dict[str, Any] | None
    model: str | None
    scope: str | None
    cap: Decimal | None
    spent: Decimal | None
    held: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a call ended: `done`, `rejected` (costs nothing) or `unknown` (costs its worst case)."""

    call_id: str
    status: str
    cost: Decimal | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    reply: str | None = None
    error: str | None = None

    def values(self) -> dict[str, object]:
        """Return the parameters of the statement."""
        return {name: getattr(self, name) for name in self.__slots__}


class LedgerDesk:
    """Connections of its own, opened when calls are made and closed when none are."""

    def __init__(self, psycopg_url: str) -> None:
        self._pool = AsyncConnectionPool(
            psycopg_url,
            kwargs=function_settings("ledger"),
            min_size=0,
            max_size=MAX_CONNECTIONS,
            max_idle=IDLE_S,
            timeout=CONNECT_TIMEOUT_S,
            reconnect_timeout=CONNECT_TIMEOUT_S,
            configure=_install,
            open=False,
        )

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._pool.close()

    async def open(self, intent: CallIntent) -> Opening:
        """Find the recorded reply, or reserve the worst case and write the intent.

        Raises:
            DatabaseUnavailable: The server is away; the same intent may be tried again.
        """
        with outages_named():
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=class_row(Opening))
                await cursor.execute(CALL_OPEN, intent.values())
                found = await cursor.fetchone()
        if found is None:
            message = "opening a call returned no row"
            raise psycopg.InternalError(message)
        return found

    async def settle(self, settlement: Settlement) -> None:
        """Settle a call; one that was never opened, or is settled already, stays as it is.

        Raises:
            DatabaseUnavailable: The server is away; the same settlement may be tried again.
        """
        with outages_named():
            async with self._pool.connection() as connection:
                await connection.execute(CALL_SETTLE, settlement.values())


async def _install(connection: Connection) -> None:
    await install(connection, OPEN_CALL, SETTLE_CALL)
