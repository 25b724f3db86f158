"""The queue on a connection that dies: an outage has one name, whoever notices it."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import DatabaseSettings
from app.core.database import Database, open_engine, psycopg_url
from app.core.ids import new_id
from app.core.postgres import DatabaseUnavailable
from app.engine import ProcrastinateQueue
from app.engine.queue import StepJob


async def cut(session: AsyncSession, killer: Database) -> None:
    """End the server's side of the session's connection."""
    pid = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    async with killer.transaction() as other:
        await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


class TestLostConnection:
    @pytest.mark.parametrize("verb", ["defer", "abort"])
    async def test_is_an_outage(self, database: Database, database_url: str, verb: str) -> None:
        own = Database(open_engine(database_url, DatabaseSettings(pool_size=1)))

        async def use_after_the_cut(queue: ProcrastinateQueue) -> None:
            async with own.transaction() as session:
                await cut(session, database)
                if verb == "defer":
                    await queue.defer(session, [StepJob(step_id=new_id(), attempt=1)])
                else:
                    await queue.abort(session, [1])

        async with ProcrastinateQueue(psycopg_url(database_url), lease_s=30) as queue:
            with pytest.raises(DatabaseUnavailable):
                await use_after_the_cut(queue)
        await own.close()
