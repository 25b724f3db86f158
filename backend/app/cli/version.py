"""`madang version`: which version this is."""

import json
import platform

import typer

from app.cli.options import JsonFlag
from app.core.build import VERSION


def version(*, as_json: JsonFlag = False) -> int:
    """Print the version."""
    if as_json:
        typer.echo(json.dumps({"version": VERSION, "python": platform.python_version()}))
    else:
        typer.echo(f"madang {VERSION}")
    return 0
