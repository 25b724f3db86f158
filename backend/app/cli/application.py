"""The command line, assembled: light to load, since every command loads its own parts."""

import io
import json
import sys
from collections.abc import Sequence

import typer
from typer.main import get_command

from app.cli.bundles import export, replay
from app.cli.doctor import doctor
from app.cli.edge import reader_gone
from app.cli.exit_codes import INTERRUPTED, UNWRITABLE, USAGE
from app.cli.files import files
from app.cli.invocation import program
from app.cli.keys import keys
from app.cli.migrate import migrate
from app.cli.plans import plans
from app.cli.run import run
from app.cli.serve import serve
from app.cli.spending import spending
from app.cli.tasks import tasks
from app.cli.version import version
from app.cli.worker import worker

madang = typer.Typer(
    name="madang",
    help="One goal and your files in; a report, a workbook and a deck with their sources out.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run, export, replay, serve, worker, migrate, doctor, version):
    madang.command()(command)
NOUNS = {"files": files, "task": tasks, "plan": plans, "key": keys}
for noun, group in NOUNS.items():
    madang.add_typer(group, name=noun)
# It shows the day by itself, so it is no noun that asks for a verb.
madang.add_typer(spending, name="spending")
USAGE_CODE = "usage"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows "?" instead of ending the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return _dispatch(given)
    except BrokenPipeError:
        return reader_gone()
    except OSError as error:
        typer.echo(f"madang: The output cannot be written ({error.strerror}).", err=True)
        return UNWRITABLE


def _dispatch(given: list[str]) -> int:
    try:
        code = get_command(madang).main(
            completed(given), prog_name=program(), standalone_mode=False
        )
    except typer.Abort:
        return INTERRUPTED
    except typer.TyperException as error:
        return _refuse(error, as_json="--json" in given)
    return int(code or 0)


def completed(given: list[str]) -> list[str]:
    """Return the arguments: a noun alone asks for help, `plan GOAL` means `plan new GOAL`."""
    if given in ([], *([noun] for noun in NOUNS)):
        return [*given, "--help"]
    verbs = {command.name for command in plans.registered_commands}
    if given[0] == "plan" and given[1] not in {*verbs, "-h", "--help"}:
        return ["plan", "new", *given[1:]]
    return given


def _refuse(error: typer.TyperException, *, as_json: bool) -> int:
    message = one_sentence(error.format_message())
    if as_json:
        problem = {"code": USAGE_CODE, "message": message, "exit_code": USAGE}
        typer.echo(json.dumps(problem, ensure_ascii=False, indent=2))
    typer.echo(f"madang: {message}", err=True)
    return USAGE


def one_sentence(text: str) -> str:
    """Return a refusal of the option parser on one line, with the way to the help."""
    words = " ".join(text.split()).rstrip(".")
    return f"{words}. `{program()} --help` lists the commands, `COMMAND --help` its options."
