"""A table for people, JSON for machines."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured line. `ratio` is makespan over critical path, or figure over its limit."""

    target: str
    shape: str
    makespan_ms: float | None
    ratio: float | None
    cpu_ms_per_step: float | None
    right: bool


def tell(lines: Sequence[str]) -> None:
    """Print lines as they are."""
    console = Console()
    for line in lines:
        console.print(line, highlight=False)


def show(rows: Sequence[Row]) -> None:
    """Print the rows."""
    table = Table("target", "shape", "makespan ms", "/ critical path", "CPU ms/step", "right")
    for row in rows:
        table.add_row(
            row.target,
            row.shape,
            _number(row.makespan_ms, ".0f"),
            _number(row.ratio, ".3f"),
            _number(row.cpu_ms_per_step, ".2f"),
            "yes" if row.right else "NO",
        )
    Console(width=110).print(table)


def write(name: str, rows: Sequence[object]) -> None:
    """Write the rows with what the machine was."""
    RESULTS.mkdir(exist_ok=True)
    machine = {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": os.getloadavg(),
    }
    body = {"machine": machine, "rows": [asdict(row) for row in rows]}  # type: ignore[call-overload]  # dataclasses
    (RESULTS / f"{name}.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)
