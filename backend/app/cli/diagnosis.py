"""The checks of `madang doctor`. A check that breaks is a finding, never a crash."""

import asyncio
import logging
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.table import Table
from rich.text import Text

from app.cli.configuration import log_path
from app.cli.errors import known_error
from app.cli.exit_codes import NOT_READY, SUCCESS
from app.cli.formatting import money_text, size_text
from app.cli.tables import grid
from app.cli.terminal import Terminal
from app.core.build import VERSION
from app.core.config import BUILTIN, Settings
from app.core.ids import new_id

NEEDED_PYTHON = (3, 11)
LOW_SPACE_BYTES = 1_000_000_000
TOO_LITTLE_SPACE_BYTES = 200_000_000
log = logging.getLogger(__name__)


class State(StrEnum):
    """How a check went."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


MARKS = {State.OK: ("✓", "green"), State.WARN: ("!", "yellow"), State.FAIL: ("✗", "bold red")}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a message key with its facts; `remedy` says what to do."""

    state: State
    key: str
    facts: dict[str, str | int]
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A finding in words."""

    name: str
    state: State
    said: str
    remedy: str


Check = Callable[[Settings], Finding]


def ok(key: str, **facts: str | int) -> Finding:
    """Return a finding that is well."""
    return Finding(State.OK, key, facts)


def check_python(_: Settings) -> Finding:
    """Look at the version of Python."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < NEEDED_PYTHON:
        return Finding(State.FAIL, "doctor_python", {"version": version}, "doctor_python_remedy")
    return ok("doctor_python", version=version)


def check_data_folder(settings: Settings) -> Finding:
    """Write to the data folder and look at the free space."""
    path = settings.data_path
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe = path / f".probe-{new_id()[:8]}"
    probe.write_bytes(b"madang")
    probe.unlink()
    free_bytes = shutil.disk_usage(path).free
    facts: dict[str, str | int] = {"path": str(path), "free": size_text(free_bytes)}
    if free_bytes < LOW_SPACE_BYTES:
        state = State.FAIL if free_bytes < TOO_LITTLE_SPACE_BYTES else State.WARN
        return Finding(state, "doctor_folder", facts, "doctor_folder_remedy")
    return ok("doctor_folder", **facts)


def check_database(settings: Settings) -> Finding:
    """Start or reach the database, and compare its tables with this version's."""
    from app.cli.database_check import database_state  # noqa: PLC0415 - a failing import is found

    state = database_state(settings)
    kind = "embedded" if settings.database.url is None else "server"
    key = f"doctor_database_{kind}"
    facts: dict[str, str | int] = {"version": state.version}
    if not state.has_vector:
        return Finding(State.FAIL, key, facts, "doctor_vector_remedy")
    if not state.is_current:
        return Finding(State.WARN, f"{key}_old", facts, "doctor_tables_remedy")
    return ok(key, **facts)


def check_sentence_model(_: Settings) -> Finding:
    """Load the sentence model."""
    from app.sources import sentence_embedder  # noqa: PLC0415 - a failing import is found

    embedder = sentence_embedder()
    embedder.warm_up()
    return ok("doctor_sentences", size=int(embedder.encode(["마당", "yard"]).shape[1]))


def check_fonts(_: Settings) -> Finding:
    """Look for a font with Korean letters."""
    from app.artifacts.charts import has_hangul_font  # noqa: PLC0415 - a failing import is found

    if has_hangul_font():
        return ok("doctor_fonts")
    return Finding(State.WARN, "doctor_fonts_none", {}, "doctor_fonts_remedy")


def check_office(_: Settings) -> Finding:
    """Look for LibreOffice, which nothing needs."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return ok("doctor_office", path=found) if found else ok("doctor_office_none")


def check_model(settings: Settings) -> Finding:
    """Look at the model, its key and its price; nothing is sent."""
    if settings.model.name == BUILTIN:
        return ok("doctor_builtin")
    from app.agents.llm import ModelProvider  # noqa: PLC0415 - a failing import is found
    from app.core.clock import utc_now  # noqa: PLC0415 - beside its only user

    provider = ModelProvider.open(settings.model, utc_now())
    price = provider.price
    asyncio.run(provider.aclose())
    is_own_server = settings.model.base_url is not None or provider.spec.provider.is_local
    return ok(
        "doctor_model_own" if is_own_server else "doctor_model",
        model=str(provider.spec),
        into=money_text(float(price.input_usd_per_mtok)),
        out=money_text(float(price.output_usd_per_mtok)),
        source=price.source,
    )


def check_candidates(settings: Settings) -> Finding:
    """Look at the models that a policy may choose, their keys and prices; nothing is sent."""
    if not settings.model.candidates:
        return ok("doctor_candidates_none")
    from app.cli.candidate_check import candidate_lines  # noqa: PLC0415 - a failing import is found

    lines = asyncio.run(candidate_lines(settings.model))
    usable = sum(1 for line in lines if line.is_usable)
    facts: dict[str, str | int] = {
        "usable": usable,
        "count": len(lines),
        "policy": settings.model.policy,
        "said": "; ".join(line.said for line in lines),
    }
    if usable == len(lines):
        return ok("doctor_candidates", **facts)
    state = State.WARN if usable else State.FAIL
    return Finding(state, "doctor_candidates", facts, "doctor_candidates_remedy")


def check_limits(settings: Settings) -> Finding:
    """Say what files are taken."""
    limits = settings.files
    return ok(
        "doctor_limits",
        files=limits.max_files,
        size=size_text(limits.max_size_bytes),
        pages=f"{limits.max_pages:,}",
    )


def check_log(settings: Settings) -> Finding:
    """Say where commands log to."""
    return ok("doctor_log", path=str(log_path(settings)))


CHECKS: dict[str, Check] = {
    "python": check_python,
    "data_folder": check_data_folder,
    "database": check_database,
    "sentence_model": check_sentence_model,
    "model": check_model,
    "candidates": check_candidates,
    "fonts": check_fonts,
    "office": check_office,
    "limits": check_limits,
    "log": check_log,
}


async def diagnose(
    terminal: Terminal, settings: Settings, checks: Mapping[str, Check] | None = None
) -> int:
    """Run every check, show the lines, and return the exit code."""
    lines: list[Line] = []
    with terminal.status("checking"):
        for name, check in (CHECKS if checks is None else checks).items():
            lines.append(await asyncio.to_thread(run_check, name, check, settings, terminal))
    is_ready = all(line.state is not State.FAIL for line in lines)
    terminal.document(
        {
            "version": VERSION,
            "is_ready": is_ready,
            "checks": [
                {"name": x.name, "state": x.state, "message": x.said, "remedy": x.remedy or None}
                for x in lines
            ],
        }
    )
    terminal.show(_table(lines, terminal), "")
    key = "doctor_ready" if is_ready else "doctor_not_ready"
    terminal.say(key, mark=MARKS[State.FAIL][0])
    return SUCCESS if is_ready else NOT_READY


def run_check(name: str, check: Check, settings: Settings, terminal: Terminal) -> Line:
    """Run one check; whatever it raises is a finding."""
    try:
        found = check(settings)
    except Exception as error:
        if known_error(error) is None:
            log.warning("check_failed", exc_info=error)
        return Line(name=name, state=State.FAIL, said=_sentence(error, terminal), remedy="")
    return Line(
        name=name,
        state=found.state,
        said=terminal.words(found.key, **found.facts),
        remedy=terminal.words(found.remedy) if found.remedy else "",
    )


def _sentence(error: Exception, terminal: Terminal) -> str:
    known = known_error(error)
    if known is not None:
        return known.message
    reason = str(error).strip().splitlines()
    return terminal.words(
        "doctor_broken", kind=type(error).__name__, reason=reason[0] if reason else ""
    )


def _table(lines: Sequence[Line], terminal: Terminal) -> Table:
    table = grid()
    table.add_column()
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        mark, style = MARKS[line.state]
        said = Text(line.said)
        if line.remedy:
            said.append(f"\n{line.remedy}", style="yellow")
        table.add_row(Text(mark, style=style), terminal.words(f"check_{line.name}"), said)
    return table
