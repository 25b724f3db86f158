"""The database: engine, pool, sessions, and the one transaction rule.

A transaction is short and never waits on a model, the network or a person. `Database.transaction`
is the only way to one outside a request; `SessionDep` (app.api.deps) is the only way inside.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from app.core.config import DatabaseSettings
from app.core.postgres.errors import DatabaseUnavailable

CONNECT_TIMEOUT_S = 5
UNREACHABLE = (
    "The database cannot be reached; check that it runs (`madang doctor`), then try again."
)
# What the driver raises when the server is away.
OUTAGES = (psycopg.OperationalError, psycopg.InterfaceError, OSError)
# Serialization failure, deadlock, lock not available, too many connections.
PASSING_STATES = frozenset({"40001", "40P01", "55P03", "53300"})


def sqlalchemy_url(url: str) -> str:
    """Return `url` with the psycopg driver named, whatever PostgreSQL scheme it was given with.

    Raises:
        DatabaseUnavailable: It is not a PostgreSQL URL.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise DatabaseUnavailable("MADANG_DATABASE__URL is not a URL.") from error
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise DatabaseUnavailable(
            f"MADANG_DATABASE__URL names {parsed.get_backend_name()}; Madang needs PostgreSQL."
        )
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def psycopg_url(url: str) -> str:
    """Return `url` in the form that psycopg itself reads."""
    return (
        make_url(sqlalchemy_url(url))
        .set(drivername="postgresql")
        .render_as_string(hide_password=False)
    )


def open_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Open the engine with the pool that the settings describe."""
    timeout_ms = int(settings.statement_timeout_s * 1000)
    idle_ms = int(settings.idle_transaction_timeout_s * 1000)
    return create_async_engine(
        sqlalchemy_url(url),
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_pre_ping=settings.pool_pre_ping,
        pool_recycle=settings.pool_recycle,
        pool_timeout=settings.pool_timeout,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "madang",
            "options": f"-c statement_timeout={timeout_ms} -c timezone=UTC "
            f"-c idle_in_transaction_session_timeout={idle_ms}",
        },
    )


class Database:
    """The engine and its sessions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.sessions = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a session in a transaction; commit at the end, roll back on any error.

        Raises:
            DatabaseUnavailable: The server is away or no connection is free.
        """
        try:
            async with self.sessions.begin() as session:
                yield session
        except (DBAPIError, PoolTimeout) as error:
            raise as_unavailable(error) from error

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


def as_unavailable(error: Exception) -> Exception:
    """Return what callers should see for a driver error: an outage by name, else the error."""
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable("All database connections are busy; try again in a moment.")
    if isinstance(error, DBAPIError) and is_disconnect(error):
        return DatabaseUnavailable(UNREACHABLE)
    if isinstance(error, DBAPIError) and is_passing(error):
        return DatabaseUnavailable("The database is busy; try again in a moment.")
    return error


@contextmanager
def outages_named() -> Iterator[None]:
    """Raise `DatabaseUnavailable` where the driver, used directly, finds the server away."""
    try:
        yield
    except OUTAGES as error:
        raise DatabaseUnavailable(UNREACHABLE) from error


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may well succeed when tried again."""
    return getattr(error.orig, "sqlstate", None) in PASSING_STATES


def is_disconnect(error: DBAPIError) -> bool:
    """Whether the connection is gone. For a dead unix socket psycopg says "connection is bad"."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    original = error.orig
    state = getattr(original, "sqlstate", None)
    return isinstance(original, psycopg.OperationalError) and (
        state is None or state.startswith(("08", "57P"))
    )
