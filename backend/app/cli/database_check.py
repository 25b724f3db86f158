"""Look at the database as a whole, without the rest of the application."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.core import migrations
from app.core.config import Settings
from app.core.postgres import EmbeddedPostgres


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """What the database says of itself."""

    version: str
    is_current: bool
    has_vector: bool


@contextmanager
def reachable(settings: Settings) -> Iterator[str]:
    """Give the URL of the database; an embedded one runs while the context is open.

    Raises:
        DatabaseUnavailable: The embedded server cannot be started.
    """
    if settings.database.url is not None:
        yield settings.database.url.get_secret_value()
        return
    server = EmbeddedPostgres(settings.data_path)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


def database_state(settings: Settings) -> DatabaseState:
    """Ask the database for its state; it blocks.

    Raises:
        DatabaseUnavailable: It cannot be started or reached.
    """
    with reachable(settings) as url, migrations.connect(url) as connection:
        version = connection.dialect.server_version_info or ()
        return DatabaseState(
            version=".".join(str(part) for part in version),
            is_current=migrations.is_current(connection),
            has_vector=migrations.has_vector(connection),
        )


async def migrated(settings: Settings) -> bool:
    """Bring the tables up to date; return whether anything was done.

    Raises:
        DatabaseUnavailable: The database cannot be reached or refuses to be changed.
    """
    return await asyncio.to_thread(_migrate, settings)


def _migrate(settings: Settings) -> bool:
    with reachable(settings) as url:
        return migrations.upgrade(url)
