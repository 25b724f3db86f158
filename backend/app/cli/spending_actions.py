"""What the command `madang spending` does."""

from app.cli.edge import Action
from app.cli.errors import OptionInvalid
from app.cli.file_actions import in_session
from app.cli.formatting import money_text
from app.cli.options import checked_cap
from app.cli.session import Session
from app.cli.terminal import Terminal
from app.schemas.user import UserUpdate
from app.services.accounts import AccountRepository, AccountService


def spending(daily_cap_usd: float | None, *, takes_cap_away: bool) -> Action:
    """Set the daily cap where one is given, then show the day."""

    async def work(session: Session, terminal: Terminal) -> None:
        if takes_cap_away and daily_cap_usd is not None:
            raise OptionInvalid("Give --daily-cap-usd or --no-daily-cap, not both.")
        cap_usd = checked_cap(daily_cap_usd, option="--daily-cap-usd")
        async with session.runtime.database.transaction() as rows:
            accounts = AccountService(AccountRepository(rows))
            user = await accounts.local_owner()
            if takes_cap_away or cap_usd is not None:
                user = await accounts.update(user.id, UserUpdate(daily_cap_usd=cap_usd))
            day = await accounts.spending(user)
        terminal.document(day.model_dump(mode="json"))
        terminal.say("spent_today", spent=money_text(day.spent_usd))
        if day.reserved_usd:
            terminal.say("reserved_today", reserved=money_text(day.reserved_usd))
        if day.cap_usd is None:
            terminal.say("day_unbounded")
        else:
            terminal.say("day_cap", cap=money_text(day.cap_usd))

    return in_session(work)
