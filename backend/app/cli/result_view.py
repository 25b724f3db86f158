"""The last word on a task: how it ended, its files with their checks, and how to go on."""

import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from app.cli.formatting import duration_text, money_text, one_line, short_id, size_text
from app.cli.invocation import program
from app.cli.output_files import WrittenFile
from app.cli.review_view import review_view, score_words
from app.cli.tables import grid, indented
from app.cli.terminal import Terminal
from app.core.config import BUILTIN
from app.schemas.task import ArtifactRead, StepRead, TaskRead

MARKS = {
    "done": ("✓", "green"),
    "partial": ("!", "yellow"),
    "failed": ("✗", "red"),
    "paused": ("‖", "yellow"),
    "cancelled": ("-", "yellow"),
}
AT_CAP = "budget_exceeded"
OPENERS = {"darwin": "open", "linux": "xdg-open"}


def result_view(
    task: TaskRead,
    terminal: Terminal,
    folder: Path | None,
    written: Sequence[WrittenFile],
    asked_folder: Path | None = None,
) -> list[RenderableType]:
    """Return what a person is shown at the end.

    `asked_folder` is the one typed as `--out`: a task does not keep it, so it is typed again.
    """
    parts: list[RenderableType] = [Text(), _heading(task, terminal)]
    parts += _words(task)
    if task.artifacts:
        parts += [Text(), *files_view(task, terminal, folder if written else None, written)]
        parts += review_view(task, terminal)
    parts += _missing(task, terminal)
    steps = _next_steps(task, terminal, folder if written else None, asked_folder)
    parts += [Text(), indented(steps), Text()]
    return parts


def is_at_cap(task: TaskRead) -> bool:
    """Whether the task paused because the next call could pass its cap."""
    return task.status == "paused" and (task.error or {}).get("code") == AT_CAP


def worked_s(steps: Sequence[StepRead]) -> float:
    """Return how long at least one step ran: pauses between them do not count."""
    spans = sorted(
        (step.started_at, step.finished_at)
        for step in steps
        if step.started_at is not None and step.finished_at is not None
    )
    total_s, end = 0.0, None
    for start, finish in spans:
        begin = start if end is None else max(start, end)
        total_s += max((finish - begin).total_seconds(), 0.0)
        end = finish if end is None else max(end, finish)
    return total_s


def checks_words(artifact: ArtifactRead, terminal: Terminal) -> Text:
    """Return how a file's checks went."""
    total = len(artifact.checks)
    failed = sum(not check.passed for check in artifact.checks)
    if failed:
        return Text(terminal.words("checks_failed", failed=failed, total=total), style="yellow")
    return Text(terminal.words("checks_passed", passed=total), style="green")


def sources_words(count: int, terminal: Terminal) -> str:
    """Return how many sources a file carries."""
    if count == 0:
        return ""
    return terminal.words("sources_one" if count == 1 else "sources", count=count)


def shown_path(path: Path) -> str:
    """Return a path as it is shortest from here."""
    absolute, here = path.absolute(), Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(absolute)


def out_option(folder: Path | None) -> tuple[str, ...]:
    """Return the option that asks for this folder again: a task does not keep it."""
    return () if folder is None else ("--out", shlex.quote(shown_path(folder)))


def _heading(task: TaskRead, terminal: Terminal) -> Text:
    mark, style = MARKS.get(task.status, ("▸", "cyan"))
    words = [terminal.words(f"end_{task.status}")]
    if is_at_cap(task):
        words = [terminal.words("end_paused_cap")]
    if task.status == "done" and task.steps:
        time = duration_text(worked_s(task.steps), terminal.language)
        words = [terminal.words("end_done_in", time=time)]
    words += _money(task, terminal)
    return Text.assemble((f"{mark} ", f"bold {style}"), (words[0], f"bold {style}")).append(
        "".join(f" · {more}" for more in words[1:]), style="dim"
    )


def _money(task: TaskRead, terminal: Terminal) -> list[str]:
    if task.model == BUILTIN:
        return [terminal.words("money_free")]
    said = [terminal.words("money_spent", spent=money_text(task.spent_usd))]
    if task.tokens:
        said.append(terminal.words("tokens_used", tokens=f"{task.tokens:,}"))
    if task.uncertain_usd:
        said.append(terminal.words("money_uncertain", uncertain=money_text(task.uncertain_usd)))
    return said


def _words(task: TaskRead) -> list[RenderableType]:
    parts: list[RenderableType] = []
    error = one_line(str((task.error or {}).get("message", "")))
    if error:
        parts.append(indented(Text(error, style="yellow"), right=2))
    if task.summary:
        parts += [Text(), indented(Text(one_line(task.summary)), right=2)]
    if task.highlights:
        points = grid(gap=1)
        points.add_column()
        points.add_column(overflow="fold")
        for highlight in task.highlights:
            points.add_row("•", Text(one_line(highlight)))
        parts += [Text(), indented(points)]
    return parts


def files_view(
    task: TaskRead,
    terminal: Terminal,
    folder: Path | None = None,
    written: Sequence[WrittenFile] = (),
) -> list[RenderableType]:
    """Return the task's files with their checks and sources; where they are, if written."""
    paths = {file.name: file.path for file in written}
    table = grid()
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for artifact in task.artifacts:
        name = paths[artifact.name].name if artifact.name in paths else one_line(artifact.name)
        table.add_row(
            Text(name, style="bold"),
            Text(size_text(artifact.size_bytes), style="dim"),
            checks_words(artifact, terminal),
            Text(sources_words(artifact.source_count, terminal), style="dim"),
            score_words(artifact, terminal),
        )
    if folder is None:
        return [indented(table)] if task.artifacts else []
    place = Text("  " + terminal.words("files_in", folder=shown_path(folder)))
    return [place, indented(table), *_renamed(written, terminal)]


def _renamed(written: Sequence[WrittenFile], terminal: Terminal) -> list[RenderableType]:
    return [
        indented(
            Text(
                terminal.words("file_kept", name=file.name, new_name=file.path.name),
                style="yellow",
            )
        )
        for file in written
        if file.path.name != file.name
    ]


def _missing(task: TaskRead, terminal: Terminal) -> list[RenderableType]:
    if not task.missing:
        return []
    titles = {step.key: step.title for step in task.steps}
    table = grid(gap=1)
    table.add_column()
    table.add_column(overflow="fold")
    for key, reason in task.missing.items():
        title, why = one_line(titles.get(key, key)), one_line(reason)
        words = why if why.startswith(title) else f"{title}: {why}"
        table.add_row(Text("✗", style="red"), Text(words))
    heading = f"  {terminal.words('missing')} ({census_words(task.steps, terminal)})"
    return [Text(), Text(heading, style="bold yellow"), indented(table)]


def census_words(steps: Sequence[StepRead], terminal: Terminal) -> str:
    """Return how many steps ended how, in words."""
    census = Counter(step.status for step in steps)
    return ", ".join(
        terminal.words("census", count=count, status=terminal.words(f"step_{status}"))
        for status, count in census.items()
    )


def _next_steps(
    task: TaskRead, terminal: Terminal, folder: Path | None, asked: Path | None
) -> Table:
    id = short_id(task.id)
    resume = " ".join((program(), "run", "--resume", id, *out_option(asked)))
    rows: list[tuple[str, str]] = []
    if folder is not None:
        rows.append(("next_open", _opening(folder)))
    if is_at_cap(task):
        rows.append(("next_cap", _raising(task, resume)))
    elif task.status != "done":
        rows.append(("next_resume", resume))
    rows.append(("next_show", f"{program()} task show {id}"))
    table = grid()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", style="cyan")
    for key, command in rows:
        table.add_row(terminal.words(key), command)
    return table


def _opening(folder: Path) -> str:
    return f"{OPENERS.get(sys.platform, 'xdg-open')} {shlex.quote(shown_path(folder))}"


def _raising(task: TaskRead, resume: str) -> str:
    facts = task.error or {}
    cap = f"{max(float(facts.get('cap_usd', task.cap_usd)) * 2, 0.01):g}"
    if facts.get("scope") == "user_day":
        return f"{program()} spending --daily-cap-usd {cap} && {resume}"
    if facts.get("scope") == "step":
        return f"{resume} --step-cap {facts.get('step')}={cap}"
    return f"{resume} --cap-usd {cap}"
