"""`madang spending`: what a day has cost, what it may, and what another policy would have cost."""

from typing import Annotated

import typer

from app.cli.edge import perform
from app.cli.options import JsonFlag
from app.core.policy import Policy

spending = typer.Typer(invoke_without_command=True)


@spending.callback()
def show(
    context: typer.Context,
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
    if context.invoked_subcommand is not None:
        return 0
    from app.cli import spending_actions  # noqa: PLC0415 - loads the whole application

    return perform(
        spending_actions.spending(daily_cap_usd, takes_cap_away=no_daily_cap), as_json=as_json
    )


@spending.command("simulate")
def simulate(
    *,
    policy: Annotated[Policy, typer.Option("--policy", help="The policy to try.")],
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day (UTC), as 2026-11-01.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day (UTC); today by default.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=366, help="Number of days; 30 by default.")
    ] = None,
    as_json: JsonFlag = False,
) -> int:
    """Say what your calls would have cost under a policy, from the ledger; no model is called."""
    from app.cli import simulation_actions  # noqa: PLC0415 - loads the whole application

    return perform(simulation_actions.simulate(policy, since, until, days), as_json=as_json)
