"""What the command `madang spending simulate` does."""

from collections.abc import Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from app.cli.edge import Action
from app.cli.errors import OptionInvalid
from app.cli.file_actions import in_session
from app.cli.formatting import money_text, one_line
from app.cli.session import Session
from app.cli.tables import listing
from app.cli.terminal import Terminal
from app.core.clock import utc_now
from app.core.policy import Policy
from app.schemas.plan import AgentName
from app.schemas.simulation import SimulatedShare, SimulationRead
from app.services.spending import period_of

AGENTS = {*AgentName, "planning"}


def simulate(policy: Policy, since: str | None, until: str | None, days: int | None) -> Action:
    """Simulate a policy over a period and show what came of it."""

    async def work(session: Session, terminal: Terminal) -> None:
        period = period_of(
            _day("--since", since), _day("--until", until), days, today=utc_now().date()
        )
        found = await session.runtime.spending.simulation(session.user_id, policy, period)
        terminal.document(found.model_dump(mode="json"))
        _say_sums(found, terminal)
        if found.calls:
            terminal.show(_table("by_model", found.by_model, terminal))
            terminal.show(_table("by_agent", found.by_agent, terminal))
        for left in found.left_out:
            terminal.say(
                "left_out",
                calls=left.calls,
                cost=money_text(left.cost_usd),
                reason=terminal.words(f"reason_{left.reason}"),
            )
        for caveat in found.caveats:
            terminal.say(f"caveat_{caveat}", steps=found.builtin_steps)

    return in_session(work)


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise OptionInvalid(
            f"{option} takes a day such as 2026-11-01, not {text[:40]!r}."
        ) from error


def _say_sums(found: SimulationRead, terminal: Terminal) -> None:
    days = {"since": found.since.isoformat(), "until": found.until.isoformat()}
    if not found.calls and not found.left_out:
        terminal.say("simulated_nothing", **days)
        return
    terminal.say(
        "simulated",
        policy=found.policy,
        calls=found.calls,
        simulated=money_text(found.simulated_usd),
        actual=money_text(found.actual_usd),
        **days,
    )


def _table(title: str, shares: Sequence[SimulatedShare], terminal: Terminal) -> Table:
    table = listing()
    table.add_column(terminal.words(title), overflow="fold")
    table.add_column(terminal.words("column_actual"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_simulated"), justify="right", no_wrap=True)
    for share in shares:
        is_agent = title == "by_agent" and share.name in AGENTS
        name = terminal.words(f"agent_{share.name}") if is_agent else one_line(share.name)
        actual = f"{money_text(share.actual_usd)} ({share.actual_calls})"
        simulated = f"{money_text(share.simulated_usd)} ({share.simulated_calls})"
        table.add_row(Text(name), actual, simulated)
    return table
