"""A PostgreSQL for tests: the embedded one, in a folder of its own, gone without a trace after."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from app.core import migrations
from app.core.postgres import EmbeddedPostgres

# Under root the cluster lives here, not in the data folder.
ROOT_CLUSTERS = Path("/var/lib/madang")
KEPT_TABLES = ("alembic_version",)
FIND_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)
"""


@contextmanager
def database_server() -> Iterator[str]:
    """Run an empty server with all tables; yield the URL of its database."""
    # Short on purpose: the path of a unix socket holds at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="mdt-", dir="/tmp"))
    server = EmbeddedPostgres(folder)
    try:
        server.start()
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
    with psycopg.connect(url, autocommit=True) as connection:
        names = [str(name) for (name,) in connection.execute(FIND_TABLES, [list(KEPT_TABLES)])]
        tables = sql.SQL(", ").join(sql.Identifier(name) for name in names)
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
