"""The pool is what the settings say."""

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.core.config import DatabaseSettings
from app.core.database import Database, open_engine, psycopg_url, sqlalchemy_url
from app.core.postgres import DatabaseUnavailable


class TestSettings:
    def test_have_the_specified_defaults(self) -> None:
        settings = DatabaseSettings()
        assert settings.pool_size == 20
        assert settings.max_overflow == 10
        assert settings.pool_pre_ping is True
        assert settings.pool_recycle == 3600
        assert settings.pool_timeout == 30

    def test_keep_the_password_out_of_sight(self) -> None:
        settings = DatabaseSettings(url=SecretStr("postgresql://u:hidden@h/d"))
        assert "hidden" not in repr(settings)


class TestOpenEngine:
    async def test_gives_the_pool_these_settings(self, database_url: str) -> None:
        settings = DatabaseSettings(
            pool_size=3, max_overflow=2, pool_recycle=77, pool_timeout=5, pool_pre_ping=True
        )
        engine = open_engine(database_url, settings)
        pool = engine.pool
        seen = (
            pool.size(),  # type: ignore[attr-defined]  # QueuePool's own
            pool._max_overflow,  # type: ignore[attr-defined]  # as above
            pool._recycle,
            pool._timeout,  # type: ignore[attr-defined]  # as above
            pool._pre_ping,
        )
        await engine.dispose()
        assert seen == (3, 2, 77, 5, True)

    async def test_stops_a_statement_that_runs_too_long(self, database_url: str) -> None:
        database = Database(open_engine(database_url, DatabaseSettings(statement_timeout_s=0.1)))
        async with database.sessions() as session:
            with pytest.raises(Exception, match="statement timeout"):
                await session.execute(text("SELECT pg_sleep(5)"))
        await database.close()

    async def test_lets_no_frozen_process_keep_a_lock(self, database_url: str) -> None:
        settings = DatabaseSettings(idle_transaction_timeout_s=0.1)
        frozen = Database(open_engine(database_url, settings))
        lock = text("SELECT pg_advisory_xact_lock(7)")

        async def hold_it() -> None:
            async with frozen.transaction() as holder:
                await holder.execute(lock)
                # Another waits until the server has ended the transaction, as for a frozen one.
                async with frozen.transaction() as session:
                    await session.execute(lock)
                await holder.execute(text("SELECT 1"))

        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            await hold_it()
        await frozen.close()


class TestTransaction:
    async def test_takes_everything_back_on_an_error(self, database: Database) -> None:
        async def fail_halfway() -> None:
            async with database.transaction() as session:
                await session.execute(text("CREATE TABLE taken_back (id int)"))
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await fail_halfway()
        async with database.transaction() as session:
            found = await session.execute(text("SELECT to_regclass('taken_back')"))
            assert found.scalar_one() is None

    async def test_says_so_when_no_connection_is_free(self, database_url: str) -> None:
        settings = DatabaseSettings(pool_size=1, max_overflow=0, pool_timeout=1)
        database = Database(open_engine(database_url, settings))
        async with database.transaction() as holder:
            await holder.execute(text("SELECT 1"))
            with pytest.raises(DatabaseUnavailable, match="busy"):
                async with database.transaction() as session:
                    await session.execute(text("SELECT 1"))
        await database.close()

    async def test_says_so_when_the_server_is_away(self) -> None:
        database = Database(open_engine("postgresql://u@/d?host=/nonexistent", DatabaseSettings()))
        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            async with database.transaction() as session:
                await session.execute(text("SELECT 1"))
        await database.close()

    async def test_notices_a_connection_that_died_in_the_pool(
        self, database: Database, database_url: str
    ) -> None:
        async with database.transaction() as session:
            pid = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as killer:
            await killer.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])
        async with database.transaction() as session:
            assert (await session.execute(text("SELECT 1"))).scalar_one() == 1


class TestUrls:
    @pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
    def test_of_every_postgresql_scheme_are_read(self, scheme: str) -> None:
        url = f"{scheme}://u:p@h:5432/d"
        assert sqlalchemy_url(url) == "postgresql+psycopg://u:p@h:5432/d"
        assert psycopg_url(url) == "postgresql://u:p@h:5432/d"

    @pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://u@h/d", "not a url"])
    def test_of_other_databases_are_refused(self, url: str) -> None:
        with pytest.raises(DatabaseUnavailable):
            sqlalchemy_url(url)
