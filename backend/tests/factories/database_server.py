"""A PostgreSQL for tests: the embedded one, in a folder of its own, gone without a trace after."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.core import migrations
from app.core.postgres import EmbeddedPostgres

# Under root the cluster lives here, not in the data folder.
ROOT_CLUSTERS = Path("/var/lib/madang")
KEPT_TABLES = ("alembic_version",)
FIND_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)
"""
CUT_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname IS NOT NULL
"""
# Not a test's to wait for: only a crash of the whole machine could lose what these would save.
FAST = ("fsync", "full_page_writes")


@contextmanager
def database_server() -> Iterator[str]:
    """Run an empty server with all tables; yield the URL of its database."""
    # Short on purpose: the path of a unix socket holds at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="mdt-", dir="/tmp"))
    server = EmbeddedPostgres(folder)
    try:
        server.start()
        _make_fast(server.url)
        migrations.upgrade(server.url)
        yield server.url
    finally:
        server.stop()
        remove_data_folder(folder)


def remove_data_folder(folder: Path) -> None:
    """Remove a data folder and, under root, its cluster elsewhere."""
    marker = folder / "cluster-id"
    if marker.exists():
        cluster_id = marker.read_text(encoding="ascii")[:13]
        shutil.rmtree(ROOT_CLUSTERS / cluster_id, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def empty_tables(url: str) -> None:
    """Delete every row of every table."""
    with psycopg.connect(url) as connection:
        # Without foreign keys for once: any order will do. TRUNCATE would write 40 new files.
        connection.execute("SET session_replication_role = replica")
        for (name,) in connection.execute(FIND_TABLES, [list(KEPT_TABLES)]).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))


def _make_fast(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in FAST:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def outage(url: str) -> Iterator[None]:
    """Cut every connection to the database and refuse new ones, until the end of the block."""
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        name = sql.Identifier(make_url(url).database or "")
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(name, sql.SQL("false")))
        try:
            connection.execute(CUT_CONNECTIONS)
            yield
        finally:
            connection.execute(allow.format(name, sql.SQL("true")))
