"""What the commands of `madang plan` do."""

from collections.abc import Awaitable, Callable

from rich.table import Table
from rich.text import Text

from app.cli.edge import Action
from app.cli.errors import OptionInvalid
from app.cli.file_actions import in_session
from app.cli.formatting import money_text, short_id, time_text
from app.cli.options import checked_cap
from app.cli.plan_edits import EditFlags, edits_of
from app.cli.plan_view import SHOWN_HASH, revision_view
from app.cli.session import Session
from app.cli.tables import listing
from app.cli.terminal import Terminal
from app.core.money import MAX_CAP_USD
from app.schemas.plan_edit import PlanEdits, PlanRead, PlanRequote, PlanSummary
from app.schemas.user import UserUpdate
from app.services.accounts import AccountRepository, AccountService

MIN_HASH = 8
MAX_HASH = 64
Change = Callable[[Session, str, str], Awaitable[PlanRead]]


def show(given: str, revision: int | None) -> Action:
    """Show a revision of a plan."""

    async def work(session: Session, terminal: Terminal) -> None:
        task_id = await session.task_id(given)
        plan = await session.runtime.plans.get(session.user_id, task_id, revision)
        await _show(session, terminal, plan)

    return in_session(work)


def revisions(given: str, limit: int) -> Action:
    """List the revisions of a plan."""

    async def work(session: Session, terminal: Terminal) -> None:
        task_id = await session.task_id(given)
        page = await session.runtime.plans.page(session.user_id, task_id, limit=limit)
        terminal.document({"items": [plan.model_dump(mode="json") for plan in page]})
        terminal.show(_revision_table(page, terminal))

    return in_session(work)


def edit(given: str, flags: EditFlags, cap_usd: float | None, shown: str | None) -> Action:
    """Edit a plan."""

    async def change(session: Session, task_id: str, content_hash: str) -> PlanRead:
        edits = edits_of(flags)
        if not edits and flags.policy is None:
            raise OptionInvalid(
                "Say what to change: --set, --add, --move, --remove, --edits or --policy."
            )
        given = {"edits": edits} if edits else {}
        body = PlanEdits(
            content_hash=content_hash,
            policy=flags.policy,
            cap_usd=checked_cap(cap_usd),
            **given,
        )
        return await session.runtime.plans.edit(session.user_id, task_id, body)

    return _changed(given, shown, change)


def requote(given: str, cap_usd: float | None, shown: str | None) -> Action:
    """Quote a plan anew."""

    async def change(session: Session, task_id: str, content_hash: str) -> PlanRead:
        request = PlanRequote(content_hash=content_hash, cap_usd=checked_cap(cap_usd))
        return await session.runtime.plans.requote(session.user_id, task_id, request)

    return _changed(given, shown, change)


def reject(given: str, shown: str | None) -> Action:
    """Reject a plan."""

    async def change(session: Session, task_id: str, content_hash: str) -> PlanRead:
        return await session.runtime.plans.reject(session.user_id, task_id, content_hash)

    return _changed(given, shown, change)


def approve(given: str, shown: str | None) -> Action:
    """Approve a plan."""

    async def work(session: Session, terminal: Terminal) -> None:
        task_id = await session.task_id(given)
        content_hash = await _hash(session, task_id, shown)
        await session.runtime.plans.approve(session.user_id, task_id, content_hash)
        plan = await session.runtime.plans.get(session.user_id, task_id)
        terminal.document({"plan": plan.model_dump(mode="json")})
        terminal.say("plan_approved", revision=plan.revision)
        terminal.say("resume_queued")
        terminal.command("run", "--resume", short_id(task_id))

    return in_session(work)


def auto_approve(below_usd: float | None) -> Action:
    """Show or set the limit for automatic approval."""

    async def work(session: Session, terminal: Terminal) -> None:
        async with session.runtime.database.transaction() as rows:
            accounts = AccountService(AccountRepository(rows))
            user = await accounts.local_owner()
            if below_usd is not None:
                amount = _checked_limit(below_usd)
                changes = UserUpdate(auto_approve_below_usd=amount)
                user = await accounts.update(user.id, changes)
        limit = float(user.auto_approve_below_usd)
        terminal.document({"auto_approve_below_usd": limit})
        if limit > 0:
            terminal.say("auto_limit", limit=money_text(limit))
        else:
            terminal.say("auto_off")

    return in_session(work)


def _checked_limit(below_usd: float) -> float:
    if 0 <= below_usd <= MAX_CAP_USD:
        return below_usd
    raise OptionInvalid(f"The limit must be between 0 and {MAX_CAP_USD:,} dollars.")


def _changed(given: str, shown: str | None, change: Change) -> Action:
    async def work(session: Session, terminal: Terminal) -> None:
        task_id = await session.task_id(given)
        plan = await change(session, task_id, await _hash(session, task_id, shown))
        await _show(session, terminal, plan)

    return in_session(work)


async def _hash(session: Session, task_id: str, shown: str | None) -> str:
    """Return the hash of the plan that is meant: what was typed, completed if it fits."""
    if shown is not None and not MIN_HASH <= len(shown) <= MAX_HASH:
        raise OptionInvalid(f"--hash takes {MIN_HASH} to {MAX_HASH} characters of the hash.")
    current = (await session.runtime.plans.get(session.user_id, task_id)).content_hash
    return current if shown is None or current.startswith(shown.lower()) else shown


async def _show(session: Session, terminal: Terminal, plan: PlanRead) -> None:
    terminal.document({"plan": plan.model_dump(mode="json")})
    task = await session.runtime.tasks.get(session.user_id, plan.task_id)
    terminal.show(*revision_view(task, plan, terminal))


def _revision_table(page: list[PlanSummary], terminal: Terminal) -> Table:
    table = listing()
    table.add_column(terminal.words("column_revision"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_status"), no_wrap=True)
    table.add_column(terminal.words("column_steps"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_cost"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_hash"), style="cyan", no_wrap=True)
    table.add_column(terminal.words("column_created"), style="dim", no_wrap=True)
    for plan in page:
        table.add_row(
            str(plan.revision),
            Text(terminal.words(f"status_{plan.status}")),
            str(plan.step_count),
            money_text(plan.quote.cost_usd.p90),
            plan.content_hash[:SHOWN_HASH],
            time_text(plan.created_at),
        )
    return table
