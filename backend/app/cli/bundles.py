"""`madang export` and `madang replay`: a task as one file, and that file run again anywhere."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.edge import perform
from app.cli.options import JsonFlag, TaskArgument


def export(
    task_id: TaskArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The bundle (default: madang-out/...zip)."),
    ] = None,
    *,
    as_json: JsonFlag = False,
) -> int:
    """Write an ended task to one file: plan, sources, prompts, replies, prices, events, files."""
    from app.cli import bundle_actions  # noqa: PLC0415 - loads the whole application

    return perform(bundle_actions.export(task_id, out), as_json=as_json)


def replay(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A file that `export` wrote.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the files (default: madang-out/...-replay)."
        ),
    ] = None,
    *,
    as_json: JsonFlag = False,
) -> int:
    """Run a bundle's task again from the bundle alone, and compare the files: no network, no cost.

    Ends with 0 when every file is equal to the original's, with 5 when one is not.
    """
    from app.cli import bundle_actions  # noqa: PLC0415 - loads the whole application

    return perform(bundle_actions.replay(bundle, out), as_json=as_json)
