"""Three workers, an API process, a model server and a PostgreSQL: real processes, to be killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg
from pydantic import SecretStr

from app.core.clock import monotonic_s
from app.core.config import DatabaseSettings, EngineSettings, Environment, ModelSettings
from tests.e2e.faults.own_postgres import OwnPostgres
from tests.e2e.faults.rig import BACKEND
from tests.factories.scripted_behaviour import Tariff
from tests.factories.scripted_server import KEY
from tests.factories.settings import GivenSettings

WORKERS = 3
LATENCY_S = 0.1
# Few enough that no worker can hold all that runs.
STEPS_A_WORKER = 4
GRACE_S = 0.3
LOOK_S = 0.2
# A net, not a measure: no test judges by it.
LIMIT_S = 240
IS_HEARD = "SELECT count(*) FROM workers WHERE name LIKE %s"

Process = subprocess.Popen[bytes]


class Fleet:
    """The processes of one installation, on one database and one data folder."""

    def __init__(self, folder: Path, *, lease_s: float) -> None:
        self._folder = folder
        self._logs = 0
        self._model: subprocess.Popen[str] | None = None
        self._base_url = ""
        self.lease_s = lease_s
        self.bill = folder / "bill.jsonl"
        # Short on purpose: the path of a unix socket holds at most 107 bytes.
        self.postgres = OwnPostgres(Path(tempfile.mkdtemp(prefix="mdf-", dir="/tmp")))
        self.workers: list[Process] = []

    def __enter__(self) -> Self:
        """Start everything but an API process."""
        self.postgres.__enter__()
        self._model = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.factories.scripted_server"),
                *("--ledger", str(self.bill), "--latency-s", str(LATENCY_S)),
            ],
            cwd=BACKEND,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._model.stdout is not None
        self._base_url = self._model.stdout.readline().strip()
        self.workers += [self.start("-m", "app.worker") for _ in range(WORKERS)]
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        for process in self.workers:
            self.kill(process)
        if self._model is not None:
            self._model.kill()
            self._model.communicate()
        self.postgres.__exit__()

    def start(self, *arguments: str) -> Process:
        """Start a Python program with the fleet's settings, in a process group of its own."""
        self._logs += 1
        with (self._folder / f"{self._logs:03}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=BACKEND,
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, process: Process) -> None:
        """Kill a process with all that it started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)

    def replace(self, process: Process) -> None:
        """Start a new worker in the place of one that ended."""
        self.workers[self.workers.index(process)] = self.start("-m", "app.worker")

    def wait_for_workers(self) -> None:
        """Return when every worker has been heard."""
        for process in self.workers:
            self._wait_until_heard(process)

    def wait_for_log(self, process_text: str) -> None:
        """Return when the newest process has written this text."""
        path = self._folder / f"{self._logs:03}.log"
        deadline_s = monotonic_s() + LIMIT_S
        while process_text not in path.read_text("utf-8"):
            assert monotonic_s() < deadline_s, path.read_text("utf-8")[-3000:]
            time.sleep(LOOK_S)

    def settings(self) -> GivenSettings:
        """Return what the processes are started with."""
        tariff = Tariff()
        return GivenSettings(
            environment=Environment.TEST,
            data_dir=self._folder / "data",
            database=DatabaseSettings(url=SecretStr(self.postgres.url)),
            engine=EngineSettings(
                concurrency=STEPS_A_WORKER, lease_s=self.lease_s, shutdown_grace_s=GRACE_S
            ),
            model=ModelSettings(
                base_url=self._base_url,
                api_key=SecretStr(KEY),
                input_usd_per_mtok=float(tariff.input_usd_per_mtok),
                output_usd_per_mtok=float(tariff.output_usd_per_mtok),
            ),
        )

    def _variables(self) -> dict[str, str]:
        settings = self.settings()
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "MADANG_ENVIRONMENT": settings.environment,
            "MADANG_DATA_DIR": str(settings.data_dir),
            "MADANG_DATABASE__URL": self.postgres.url,
            "MADANG_ENGINE__CONCURRENCY": str(STEPS_A_WORKER),
            "MADANG_ENGINE__LEASE_S": str(self.lease_s),
            "MADANG_ENGINE__SHUTDOWN_GRACE_S": str(GRACE_S),
            "MADANG_MODEL__BASE_URL": self._base_url,
            "MADANG_MODEL__API_KEY": KEY,
            "MADANG_MODEL__INPUT_USD_PER_MTOK": str(settings.model.input_usd_per_mtok),
            "MADANG_MODEL__OUTPUT_USD_PER_MTOK": str(settings.model.output_usd_per_mtok),
        }

    def _wait_until_heard(self, process: Process) -> None:
        deadline_s = monotonic_s() + LIMIT_S
        while not self._is_heard(process):
            assert process.poll() is None, f"the worker ended with {process.returncode}"
            assert monotonic_s() < deadline_s, "a worker does not come"
            time.sleep(LOOK_S)

    def _is_heard(self, process: Process) -> bool:
        try:
            with psycopg.connect(self.postgres.url) as connection:
                row = connection.execute(IS_HEARD, [f"%:{process.pid}"]).fetchone()
        except psycopg.errors.UndefinedTable:
            return False
        return row is not None and bool(row[0])
