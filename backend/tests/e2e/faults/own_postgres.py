"""A PostgreSQL of the tests' own on a loopback port: killed, left dead, started again."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import psycopg

from app.core.postgres import EmbeddedPostgres
from app.core.postgres.account import prepare_home
from app.core.postgres.server import DATABASE, SUPERUSER
from tests.factories.database_server import remove_data_folder

START_TRIES = 200
LOOK_S = 0.1
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    # Only a crash of the whole machine could lose what these would save, not one of the server.
    "fsync": "off",
    "full_page_writes": "off",
}


class OwnPostgres:
    """One server process over one cluster; `url` stays the same through every restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._port = free_port()
        self.url = f"postgresql://{SUPERUSER}@127.0.0.1:{self._port}/{DATABASE}"

    def __enter__(self) -> Self:
        """Make the cluster and start the server."""
        maker = EmbeddedPostgres(self._folder)
        maker.start()
        maker.stop()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server and remove its cluster."""
        self.stop(signal.SIGINT)
        remove_data_folder(self._folder)

    def start(self) -> None:
        """Start the server and return when it answers."""
        for _ in range(START_TRIES):
            if self._process is None or self._process.poll() is not None:
                # The first tries fail while the backends of a killed server still end.
                self._process = self._launch()
            try:
                with psycopg.connect(self.url, connect_timeout=5):
                    return
            except psycopg.OperationalError:
                time.sleep(LOOK_S)
        message = f"the server did not start:\n{self._log.read_text('utf-8')[-2000:]}"
        raise AssertionError(message)

    def stop(self, how: signal.Signals) -> None:
        """End the server: SIGKILL as a crash does, SIGINT as a restart by its manager does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None

    @property
    def _log(self) -> Path:
        return self._folder / "own-server.log"

    def _launch(self) -> "subprocess.Popen[bytes]":
        home = prepare_home(self._folder)
        settings = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [
                    str(home.bin_dir / "postgres"),
                    *("-D", str(home.cluster_dir), "-p", str(self._port)),
                    *("-k", str(home.socket_dir), *settings),
                ],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=home.uid,
                group=home.gid,
                extra_groups=None if home.uid is None else [],
            )


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
