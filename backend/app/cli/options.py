"""Options that more than one command has."""

import math
from pathlib import Path
from typing import Annotated

import typer

from app.cli.errors import OptionInvalid
from app.cli.messages import Language

MAX_CAP_USD = 100_000

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
LanguageOption = Annotated[
    Language | None,
    typer.Option("--language", help="Language of the output (default: that of the goal)."),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder for the files (default: madang-out/...)."),
]
TaskArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The task's id, or its first characters.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=1000, help="Most rows to show.")]


def checked_cap(cap_usd: float | None) -> float | None:
    """Return a cap that can be kept.

    Raises:
        OptionInvalid: It is no amount of money.
    """
    if cap_usd is None or (math.isfinite(cap_usd) and 0 <= cap_usd <= MAX_CAP_USD):
        return cap_usd
    raise OptionInvalid(f"--cap-usd must be between 0 and {MAX_CAP_USD:,} dollars.")
