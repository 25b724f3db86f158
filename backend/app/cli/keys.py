"""`madang key`: keys for the API."""

from typing import Annotated

import typer

from app.cli.edge import perform
from app.cli.options import JsonFlag

keys = typer.Typer(help="Keys for the API.")


@keys.command("new")
def new_key(
    name: Annotated[str, typer.Option(help="What the key is for.")] = "command line",
    *,
    as_json: JsonFlag = False,
) -> int:
    """Make another key and print it; earlier keys keep holding."""
    from app.cli import key_actions  # noqa: PLC0415 - loads the whole application

    return perform(key_actions.new(name), as_json=as_json)


@keys.command("reset")
def reset_keys(*, as_json: JsonFlag = False) -> int:
    """Revoke every key and print a new one."""
    from app.cli import key_actions  # noqa: PLC0415 - loads the whole application

    return perform(key_actions.reset(), as_json=as_json)
