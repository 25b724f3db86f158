"""The bell of a process: one LISTEN connection, any number of hearers.

Notices only wake; whoever hears one looks at the rows. What was missed in an outage is made up for
by a notice without a text to every hearer, when the connection is lost and when there is a new one.
"""

import asyncio
from collections.abc import Callable

import psycopg
from psycopg import sql

from app.core.logging import get_logger
from app.engine.connections import connection_settings

RECONNECT_S = 1.0

Hearer = Callable[[str | None], None]
log = get_logger(__name__)


class Bell:
    """Passes notices on to hearers, by channel."""

    def __init__(self, psycopg_url: str) -> None:
        self._url = psycopg_url
        self._hearers: dict[str, list[Hearer]] = {}

    def on(self, channel: str, hearer: Hearer) -> None:
        """Call `hearer` with the text of each notice of the channel; with None: look yourself."""
        self._hearers.setdefault(channel, []).append(hearer)

    async def listen(self) -> None:
        """Pass notices on until cancelled; reconnect after an outage."""
        while True:
            try:
                await self._relay()
            except (psycopg.Error, OSError) as error:
                log.warning("bell_reconnects", reason=str(error))
            self._ring_all()
            await asyncio.sleep(RECONNECT_S)

    async def _relay(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._url, **connection_settings("bell"))
        async with connection:
            for channel in self._hearers:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._ring_all()
            async for notice in connection.notifies():
                self._ring(notice.channel, notice.payload)

    def _ring_all(self) -> None:
        for channel in self._hearers:
            self._ring(channel, None)

    def _ring(self, channel: str, text: str | None) -> None:
        for hearer in self._hearers.get(channel, ()):
            hearer(text)
