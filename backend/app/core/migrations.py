"""Bring the database's tables to this version's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.core.config import get_settings
from app.core.database import sqlalchemy_url
from app.core.postgres import DatabaseUnavailable, EmbeddedPostgres

BACKEND = Path(__file__).resolve().parents[2]
# Any process may start first; the others wait here until the tables are made.
MIGRATION_LOCK = 7_340_014_001


def alembic_config() -> Config:
    """Return Alembic's configuration, wherever the process was started."""
    return Config(str(BACKEND / "alembic.ini"))


@contextmanager
def connect(url: str | None = None) -> Iterator[Connection]:
    """Open a synchronous connection to `url`, or to the database of the settings.

    Raises:
        DatabaseUnavailable: It cannot be reached.
    """
    server: EmbeddedPostgres | None = None
    if url is None:
        settings = get_settings()
        if settings.database.url is not None:
            url = settings.database.url.get_secret_value()
        else:
            server = EmbeddedPostgres(settings.data_path)
            server.start()
            url = server.url
    engine = create_engine(sqlalchemy_url(url), connect_args={"connect_timeout": 5})
    try:
        with _reached(engine) as connection:
            yield connection
            connection.commit()
    finally:
        engine.dispose()
        if server is not None:
            server.stop()


@contextmanager
def _reached(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise DatabaseUnavailable(
            "The database cannot be reached; check that it runs and that MADANG_DATABASE__URL is "
            "right (`madang doctor`)."
        ) from error
    with connection:
        yield connection


def is_current(connection: Connection) -> bool:
    """Whether the tables are those of this version."""
    heads = set(ScriptDirectory.from_config(alembic_config()).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads


def has_vector(connection: Connection) -> bool:
    """Whether the server has the extension `vector` (pgvector) to install."""
    available = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
    return connection.execute(available).scalar() is not None


def upgrade(url: str) -> bool:
    """Upgrade the database at `url` to the newest version; return whether anything was done.

    Raises:
        DatabaseUnavailable: The database lacks the extension `vector` or refuses to be changed.
    """
    with connect(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        if is_current(connection):
            return False
        if not has_vector(connection):
            raise DatabaseUnavailable(
                "This PostgreSQL has no extension `vector`; install pgvector on the server, or "
                "leave MADANG_DATABASE__URL unset to use the embedded server."
            )
        config = alembic_config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise DatabaseUnavailable(
                f"The tables of this database cannot be brought to this version ({error}); they "
                "may be of a newer Madang: use that one, or another database or data folder."
            ) from error
        except ProgrammingError as error:
            raise DatabaseUnavailable(
                "This database may not be changed by its user; give it the right to create "
                "extensions and tables, or run `madang migrate` as its owner."
            ) from error
    return True
