"""`madang files`: what a user gave Madang to work from."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.edge import perform
from app.cli.options import JsonFlag, LimitOption

files = typer.Typer(help="The files that tasks work from.")


@files.command("add")
def add_files(
    paths: Annotated[list[Path], typer.Argument(help="Files to take in.")],
    *,
    as_json: JsonFlag = False,
) -> int:
    """Take in files, all of them or none."""
    from app.cli import file_actions  # noqa: PLC0415 - loads the whole application

    return perform(file_actions.add(paths), as_json=as_json)


@files.command("list")
def list_files(limit: LimitOption = 50, *, as_json: JsonFlag = False) -> int:
    """List your files, newest first."""
    from app.cli import file_actions  # noqa: PLC0415 - loads the whole application

    return perform(file_actions.list_all(limit), as_json=as_json)


@files.command("search")
def search_files(
    query: Annotated[str, typer.Argument(help="Words or a sentence to look for.")],
    limit: LimitOption = 10,
    *,
    as_json: JsonFlag = False,
) -> int:
    """Search in your files by words and by meaning."""
    from app.cli import file_actions  # noqa: PLC0415 - loads the whole application

    return perform(file_actions.search(query, limit), as_json=as_json)


@files.command("remove")
def remove_file(
    file_id: Annotated[str, typer.Argument(metavar="ID", help="The file's id, or its beginning.")],
    *,
    as_json: JsonFlag = False,
) -> int:
    """Remove a file; finished tasks keep what they made from it."""
    from app.cli import file_actions  # noqa: PLC0415 - loads the whole application

    return perform(file_actions.remove(file_id), as_json=as_json)
