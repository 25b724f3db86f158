"""`madang spending`: what a day has cost, and what it may."""

from typing import Annotated

import typer

from app.cli.edge import perform
from app.cli.options import JsonFlag


def spending(
    *,
    daily_cap_usd: Annotated[
        float | None,
        typer.Option("--daily-cap-usd", help="Most that all tasks may spend on a day (UTC)."),
    ] = None,
    no_daily_cap: Annotated[
        bool, typer.Option("--no-daily-cap", help="Take the bound of a day away.")
    ] = False,
    as_json: JsonFlag = False,
) -> int:
    """Show what your tasks have spent today, and set what they may spend on a day."""
    from app.cli import spending_actions  # noqa: PLC0415 - loads the whole application

    return perform(
        spending_actions.spending(daily_cap_usd, takes_cap_away=no_daily_cap), as_json=as_json
    )
