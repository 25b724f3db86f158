"""`madang` as its users run it: a process of its own, with folders of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BACKEND = Path(__file__).resolve().parents[3]
LIMIT_S = 90
SALES = """month,region,product,units,revenue
2026-01,Seoul,Chair,120,2400000
2026-01,Busan,Chair,80,1600000
2026-02,Seoul,Chair,140,2800000
2026-02,Busan,Desk,60,5400000
2026-03,Seoul,Desk,90,8100000
2026-03,Busan,Chair,70,1400000
"""
NOTES = """# First quarter

Sales in Seoul grew because the new chair line was opened in February. The shop in Busan was
closed for two weeks in March for repairs.

## Outlook

Management expects desk orders to double in the second quarter.
"""
GOAL = "Brief the board on first quarter sales: a report, a workbook and a deck"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        document: dict[str, Any] = json.loads(self.out)
        return document


class Madang:
    """A user's folder with two files in it, and the command in it."""

    def __init__(self, folder: Path, data_dir: Path) -> None:
        self.folder = folder
        self.data_dir = data_dir
        self.sales = folder / "sales.csv"
        self.notes = folder / "notes.md"
        self.sales.write_text(SALES)
        self.notes.write_text(NOTES)

    @property
    def files(self) -> tuple[str, ...]:
        """The options that give both files."""
        return ("--file", str(self.sales), "--file", str(self.notes))

    def start(self, *words: str, **streams: Any) -> "subprocess.Popen[str]":
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", *words],
            cwd=self.folder,
            env=self.variables({}),
            text=True,
            **{
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "start_new_session": True,
                **streams,
            },
        )

    def run(self, *words: str, **variables: str) -> Ended:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=self.folder,
            env=self.variables(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        return Ended(code=done.returncode, out=done.stdout, err=done.stderr)

    def variables(self, more: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a command."""
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(BACKEND),
            "MADANG_DATA_DIR": str(self.data_dir),
            **more,
        }

    def grow_sales(self, rows: int) -> None:
        """Make the table long, so that its workbook takes a while."""
        head, *lines = SALES.splitlines()
        body = [lines[number % len(lines)] for number in range(rows)]
        self.sales.write_text("\n".join([head, *body]) + "\n")


def wait_for_line(process: "subprocess.Popen[str]", words: str) -> None:
    """Read standard error until a line has these words."""
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            return
    message = f"the command ended without saying {words!r}:\n{''.join(said)}"
    raise AssertionError(message)


def end_of(process: "subprocess.Popen[str]") -> Ended:
    """Wait for the end of a command."""
    out, err = process.communicate(timeout=LIMIT_S)
    return Ended(code=process.returncode, out=out, err=err)


def cut_power(process: "subprocess.Popen[str]") -> None:
    """Kill a command with all that it started, but for the database."""
    os.killpg(process.pid, signal.SIGKILL)
    end_of(process)


def kill_database(data_dir: Path) -> None:
    """Kill the embedded server of a data folder, as a crash does."""
    cluster_id = (data_dir / "cluster-id").read_text(encoding="ascii")[:13]
    homes = (data_dir / "postgres", Path("/var/lib/madang") / cluster_id / "postgres")
    pid_file = next(home / "postmaster.pid" for home in homes if home.exists())
    pid = int(pid_file.read_text(encoding="ascii").splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + LIMIT_S
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
