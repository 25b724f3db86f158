"""How long a stranger waits: `./run` cold and warm from a fresh clone, and what idle `serve` holds,
before its first task and after four. The embedded PostgreSQL is a row of its own, not counted.

Cold means a new clone with no environment and no data; packages come from wherever pip looks.
The limits are for a quiet machine with two cores: cold 90 s, the job in it 20 s, warm 12 s,
idle 250 MB. Every figure is printed as a ratio to its limit.
"""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import after_work
from bench.report import write

ROOT = Path(__file__).resolve().parents[1]
IDLE_S = 5
GIT = shutil.which("git") or "git"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure against its limit."""

    name: str
    value: float
    limit: float | None
    unit: str

    @property
    def ratio(self) -> float | None:
        """The figure over its limit; at most 1 is good. None for a figure without a limit."""
        return None if self.limit is None else self.value / self.limit


def main(*, rounds: int) -> int:
    """Measure in a fresh clone; return 1 when a limit is passed."""
    with tempfile.TemporaryDirectory(prefix="madang-clone-") as folder:
        clone = Path(folder) / "madang"
        run_program([GIT, "clone", "-q", str(ROOT), str(clone)], cwd=ROOT, env={})
        env = clean_environment(Path(folder) / "data")
        figures = [
            Figure(name="./run, cold", value=_run_s(clone, env), limit=90, unit="s"),
            Figure(
                name="./run, warm",
                value=statistics.median(_run_s(clone, env) for _ in range(rounds)),
                limit=12,
                unit="s",
            ),
            Figure(name="first job of a new data folder", value=_job_s(clone), limit=20, unit="s"),
            *_idle_figures(clone, Path(folder) / "serve-data"),
        ]
    table = Table("figure", "value", "limit", "ratio")
    for figure in figures:
        value = f"{figure.value:.1f} {figure.unit}"
        limit = "" if figure.limit is None else f"{figure.limit:.0f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(figure.name, value, limit, ratio)
    Console(width=100).print(table)
    write("startup", figures)
    return int(any((figure.ratio or 0) > 1 for figure in figures))


def clean_environment(data_dir: Path) -> dict[str, str]:
    """Return what a stranger's shell gives: no settings of this one but where packages are."""
    kept = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - the caller's package index, not ours
        if name.startswith(("PIP_", "UV_", "SSL_", "REQUESTS_")) or name in {"PATH", "HOME", "LANG"}
    }
    return {**kept, "MADANG_DATA_DIR": str(data_dir)}


def run_program(command: list[str], *, cwd: Path, env: dict[str, str]) -> None:
    """Run a program of ours to its end, its output dropped."""
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed


def _run_s(clone: Path, env: dict[str, str]) -> float:
    start_s = time.perf_counter()
    run_program([str(clone / "run")], cwd=clone, env=env)
    return time.perf_counter() - start_s


def _job_s(clone: Path) -> float:
    shutil.rmtree(clone / "madang-out", ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="madang-data-") as data:
        return _run_s(clone, clean_environment(Path(data)))


def _idle_figures(clone: Path, data_dir: Path) -> list[Figure]:
    env = {
        **clean_environment(data_dir),
        "MADANG_IDLE_RELEASE_S": str(after_work.IDLE_RELEASE_S),
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = data_dir.with_suffix(".log")
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - fixed
            [str(clone / "run"), "serve", "--port", str(port)],
            cwd=clone,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_ready(port)
        time.sleep(IDLE_S)
        first = after_work.family_mb(server.pid)
        after_work.Client(port, log.read_text(encoding="utf-8")).work(clone / "samples")
        # Each part is looked at four times in its idle time: then it is surely gone.
        time.sleep(2 * after_work.IDLE_RELEASE_S + IDLE_S)
        last = after_work.family_mb(server.pid)
        database = after_work.postgres_mb(data_dir)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    return [
        Figure(name="idle serve, RSS", value=first, limit=250, unit="MB"),
        Figure(name="idle serve after four tasks, RSS", value=last, limit=250, unit="MB"),
        Figure(name="its embedded PostgreSQL, RSS", value=database, limit=None, unit="MB"),
    ]


def _wait_until_ready(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    message = "the server did not become ready"
    raise RuntimeError(message)
