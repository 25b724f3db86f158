"""How long a stranger waits: `./run` cold and warm from a fresh clone, and what idle `serve` holds.

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

import psutil
from rich.console import Console
from rich.table import Table

from bench.report import write

ROOT = Path(__file__).resolve().parents[1]
IDLE_S = 5
GIT = shutil.which("git") or "git"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure against its limit."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def ratio(self) -> float:
        """The figure over its limit; at most 1 is good."""
        return self.value / self.limit


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
            Figure(name="idle serve, RSS", value=_idle_mb(clone, env), limit=250, unit="MB"),
        ]
    table = Table("figure", "value", "limit", "ratio")
    for figure in figures:
        value = f"{figure.value:.1f} {figure.unit}"
        table.add_row(figure.name, value, f"{figure.limit:.0f}", f"{figure.ratio:.2f}")
    Console(width=100).print(table)
    write("startup", figures)
    return int(any(figure.ratio > 1 for figure in figures))


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


def _idle_mb(clone: Path, env: dict[str, str]) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603 - fixed
        [str(clone / "run"), "serve", "--port", str(port)],
        cwd=clone,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_ready(port)
        time.sleep(IDLE_S)
        process = psutil.Process(server.pid)
        family = [process, *process.children(recursive=True)]
        return sum(p.memory_info().rss for p in family) / 1e6
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait_until_ready(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    message = "the server did not become ready"
    raise RuntimeError(message)
