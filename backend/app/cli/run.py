"""`madang run`: one goal, done."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.edge import perform
from app.cli.errors import GoalOrResume
from app.cli.invocation import program
from app.cli.options import JsonFlag, LanguageOption, OutOption, checked_cap

if TYPE_CHECKING:
    from app.cli.interruption import Interruption
    from app.cli.terminal import Terminal
    from app.core.config import Settings


def run(  # noqa: PLR0913 - the options of a command are the arguments of its function
    goal: Annotated[
        str | None, typer.Argument(metavar="GOAL", help="What you want to have made.")
    ] = None,
    *,
    files: Annotated[
        list[Path] | None,
        typer.Option("--file", "-f", metavar="PATH", help="A file to work from; repeatable."),
    ] = None,
    out: OutOption = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help='"builtin" (no model, the default) or "provider:name".'),
    ] = None,
    cap_usd: Annotated[
        float | None,
        typer.Option("--cap-usd", metavar="USD", help="Most dollars that the task may spend."),
    ] = None,
    language: LanguageOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run the plan without asking.")] = False,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with a task instead of a new goal.")
    ] = None,
    as_json: JsonFlag = False,
) -> int:
    """Plan a goal, show the price, run it, and write the files.

    With --resume, go on with a task that was stopped, that failed, or that still runs; a finished
    one writes its files again.
    """

    async def work(terminal: "Terminal", settings: "Settings", interruption: "Interruption") -> int:
        check_kind(goal, resume, files, model)
        cap = checked_cap(cap_usd)
        with terminal.status("starting"):
            from app.cli import job, ordering  # noqa: PLC0415 - loads the whole application
        options = job.JobOptions(out_dir=out, cap_usd=cap, language=language, is_approved=yes)
        if resume is not None:
            return await ordering.run_again(resume, options, terminal, settings, interruption)
        new = ordering.NewJob(goal=clean_argument(goal or ""), paths=files or (), model=model)
        return await ordering.run_new(new, options, terminal, settings, interruption)

    return perform(work, as_json=as_json, language=language)


def check_kind(
    goal: str | None, resume: str | None, files: list[Path] | None, model: str | None
) -> None:
    """Raise `GoalOrResume` unless exactly one of a goal and a task is given, with what fits it."""
    if goal is None and resume is None:
        raise GoalOrResume(
            f'Say what you want to have made: {program()} run "your goal" --file FILE.'
        )
    if resume is not None and (goal is not None or files or model is not None):
        raise GoalOrResume(
            "--resume goes on with a task as it was ordered; leave out the goal, --file and "
            "--model, or start a new task without --resume."
        )


def clean_argument(text: str) -> str:
    """Return typed text with bytes that are no UTF-8 replaced: no file could hold them."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
