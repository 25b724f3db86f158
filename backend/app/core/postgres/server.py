"""Start, share and stop the embedded PostgreSQL server.

The server outlives the process that started it, so any number of Madang processes share one.
Each holds a shared lock on `users.lock` for its life; the kernel drops it even after kill -9.
Whoever leaves last (it can take that lock alone) stops the server. Start and stop are themselves
serialised by `start.lock`.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from app.core.postgres.account import PostgresHome, prepare_home
from app.core.postgres.errors import DatabaseUnavailable

DATABASE = "madang"
SUPERUSER = "madang"
START_TIMEOUT_S = 60
# Small on purpose: a laptop's single-user database, durable, with JIT off (plans here are short).
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "48MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


class EmbeddedPostgres:
    """One embedded server for one data folder, shared by all processes that use it."""

    def __init__(self, data_path: Path) -> None:
        self._data_path = data_path
        self._home: PostgresHome | None = None
        self._users: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of the database, for psycopg; valid after `start`."""
        if self._home is None:
            message = "start() first"
            raise RuntimeError(message)
        socket = quote(str(self._home.socket_dir), safe="")
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={socket}"

    def start(self) -> None:
        """Start the server, or join the one that runs.

        Raises:
            DatabaseUnavailable: It cannot be started; the message says why.
        """
        home = prepare_home(self._data_path)
        self._home = home
        with self._start_lock():
            self._join()
            if not (home.cluster_dir / "PG_VERSION").exists():
                self._make_cluster(home)
            if not self._is_running(home):
                self._launch(home)
            self._ensure_database(home)

    def is_up(self) -> bool:
        """Whether the server's process lives; cheap enough to ask every second."""
        if self._home is None:
            return False
        try:
            pid = int((self._home.cluster_dir / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except PermissionError:
            return True
        except (OSError, ValueError):
            return False
        return True

    def stop(self) -> None:
        """Leave; stop the server when nobody else uses it."""
        home, users = self._home, self._users
        if home is None or users is None:
            return
        with self._start_lock():
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                is_last = False
            else:
                is_last = True
            if is_last and self._is_running(home):
                self._pg_ctl(home, "stop", "-m", "fast", "-w", "-t", "30", check=False)
            users.close()
        self._users = None

    @contextmanager
    def _start_lock(self) -> Iterator[None]:
        with (self._data_path / "start.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _join(self) -> None:
        if self._users is None:
            self._users = (self._data_path / "users.lock").open("ab")
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def _make_cluster(self, home: PostgresHome) -> None:
        # Made beside and renamed, so that an interrupted first start leaves no half cluster.
        partial = home.cluster_dir.with_name("postgres.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        if home.uid is not None and home.gid is not None:
            os.chown(partial, home.uid, home.gid)
        self._run(
            home,
            "initdb",
            *("-D", str(partial), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"),
            *("--locale=C", "--no-instructions"),
        )
        partial.rename(home.cluster_dir)

    def _launch(self, home: PostgresHome) -> None:
        options = [f"-c {name}='{value}'" for name, value in SERVER_OPTIONS.items()]
        options.append(f"-k '{home.socket_dir}'")
        log = home.cluster_dir / "server.log"
        self._pg_ctl(
            home,
            "start",
            *("-w", "-t", str(START_TIMEOUT_S), "-l", str(log), "-o", " ".join(options)),
        )

    def _is_running(self, home: PostgresHome) -> bool:
        return self._pg_ctl(home, "status", check=False) == 0

    def _ensure_database(self, home: PostgresHome) -> None:
        psql = ("-h", str(home.socket_dir), "-U", SUPERUSER)
        created = self._run(home, "createdb", *psql, DATABASE, check=False)
        if created == 0:
            return
        probe = ("-d", DATABASE, "-Atqc", "select 1")
        self._run(home, "psql", *psql, *probe)

    def _pg_ctl(self, home: PostgresHome, action: str, *args: str, check: bool = True) -> int:
        return self._run(home, "pg_ctl", action, "-D", str(home.cluster_dir), *args, check=check)

    def _run(self, home: PostgresHome, program: str, *args: str, check: bool = True) -> int:
        # To a file, never a pipe: the server inherits it and would keep a pipe open for ever.
        output = self._data_path / "postgres-setup.log"
        try:
            with output.open("w+b") as log:
                done = subprocess.run(  # noqa: S603 - our own programs, no shell
                    [str(home.bin_dir / program), *args],
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    user=home.uid,
                    group=home.gid,
                    extra_groups=None if home.uid is None else [],
                    timeout=START_TIMEOUT_S + 30,
                    start_new_session=True,
                )
                log.seek(0)
                said = log.read().decode("utf-8", "replace").strip()
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DatabaseUnavailable(
                f"The embedded PostgreSQL cannot run {program} ({error}); run `madang doctor`, or "
                "set MADANG_DATABASE__URL to a server of your own."
            ) from error
        if check and done.returncode != 0:
            raise DatabaseUnavailable(
                f"The embedded PostgreSQL did not start: {_last_line(said)} "
                "Free space or repair the data folder, or set MADANG_DATABASE__URL."
            )
        return done.returncode


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") + "." if lines else "it gave no reason."
