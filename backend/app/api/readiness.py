"""Whether this process can serve: the database answers and its tables are this version's."""

import asyncio

from app.core import migrations
from app.core.clock import monotonic_s
from app.core.database import Database
from app.core.errors import Unavailable
from app.core.postgres import DatabaseUnavailable

PING_TIMEOUT_S = 3.0
# Comparing the tables' version reads the migration scripts; anybody may ask for readiness often.
RECHECK_S = 10.0


class TablesOutdated(Unavailable):
    """The database's tables are not those of this version."""

    code = "tables_outdated"


class Readiness:
    """Asks the database, and now and then compares its tables with this version's."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._current_until_s = 0.0

    async def require(self) -> None:
        """Return when all is well.

        Raises:
            DatabaseUnavailable: The database does not answer in time.
            TablesOutdated: Its tables are of another version.
        """
        try:
            async with asyncio.timeout(PING_TIMEOUT_S):
                is_current = await self._ask()
        except TimeoutError as error:
            raise DatabaseUnavailable(
                f"The database did not answer within {PING_TIMEOUT_S:.0f} s."
            ) from error
        if not is_current:
            raise TablesOutdated(
                "The database's tables are of another version; run `madang migrate`."
            )

    async def _ask(self) -> bool:
        async with self._database.transaction() as session:
            # A checkout pings: the pool's pre-ping is the question.
            await session.connection()
            if monotonic_s() < self._current_until_s:
                return True
            is_current = await session.run_sync(
                lambda inner: migrations.is_current(inner.connection())
            )
        if is_current:
            self._current_until_s = monotonic_s() + RECHECK_S
        return is_current
