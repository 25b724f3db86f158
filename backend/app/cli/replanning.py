"""`madang plan replan`: a begun task planned anew, shown with what changes, and run if agreed."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table

from app.cli.edge import Action
from app.cli.file_actions import in_session
from app.cli.formatting import money_text, short_id
from app.cli.options import checked_cap, checked_deadline, clean_argument
from app.cli.plan_view import revision_view
from app.cli.question import ask, may_ask
from app.cli.session import Session
from app.cli.tables import grid, indented
from app.cli.terminal import Terminal
from app.schemas.replan import PlanDifference, ReplanRead, ReplanRequest
from app.schemas.task import TaskRead


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was typed. `is_approved` says yes to the new plan beforehand."""

    goal: str | None
    cap_usd: float | None
    deadline_s: float | None
    is_approved: bool


def replan(given: str, wishes: Wishes) -> Action:
    """Plan a task anew; without a yes, beforehand or now, nothing of the new plan runs."""

    async def work(session: Session, terminal: Terminal) -> None:
        request = _request(wishes)
        task_id = await session.task_id(given)
        with terminal.status("planning"):
            made = await session.runtime.replans.replan(session.user_id, task_id, request)
        task = await session.runtime.tasks.get(session.user_id, task_id)
        if task.language == "ko":
            terminal.language = "ko"
        terminal.show(*_view(task, made, terminal))
        if made.needs_approval and await _is_agreed(wishes, terminal):
            made = await _approved(session, made)
        terminal.document({"replan": made.model_dump(mode="json")})
        _tell_how_to_go_on(made, terminal)

    return in_session(work)


def _request(wishes: Wishes) -> ReplanRequest:
    return ReplanRequest(
        goal=None if wishes.goal is None else clean_argument(wishes.goal),
        cap_usd=checked_cap(wishes.cap_usd),
        deadline_s=checked_deadline(wishes.deadline_s),
        require_approval=not wishes.is_approved,
    )


async def _is_agreed(wishes: Wishes, terminal: Terminal) -> bool:
    if wishes.is_approved:
        return True
    if terminal.as_json or not may_ask(sys.stdin, sys.stderr):
        return False
    return await ask(terminal.words("ask"))


async def _approved(session: Session, made: ReplanRead) -> ReplanRead:
    plan = made.plan
    await session.runtime.plans.approve(session.user_id, plan.task_id, plan.content_hash)
    plan = await session.runtime.plans.get(session.user_id, plan.task_id)
    return made.model_copy(update={"plan": plan, "needs_approval": False})


def _tell_how_to_go_on(made: ReplanRead, terminal: Terminal) -> None:
    id = short_id(made.plan.task_id)
    if made.needs_approval:
        terminal.say("replan_waits")
        terminal.command("run", "--resume", id, "--yes")
        return
    terminal.say("plan_approved", revision=made.plan.revision)
    terminal.say("resume_queued")
    terminal.command("run", "--resume", id)


def _view(task: TaskRead, made: ReplanRead, terminal: Terminal) -> list[RenderableType]:
    return [*revision_view(task, made.plan, terminal), indented(_difference(made, terminal)), ""]


def _difference(made: ReplanRead, terminal: Terminal) -> Table:
    table = grid()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for word, keys in _groups(made.difference):
        if keys:
            table.add_row(terminal.words(word), ", ".join(keys))
    if made.expected_usd or made.approved_usd:
        words = terminal.words(
            "replan_money",
            spent=money_text(made.spent_usd),
            expected=money_text(made.expected_usd),
            approved=money_text(made.approved_usd),
        )
        table.add_row(terminal.words("quote_cost"), words)
    return table


def _groups(difference: PlanDifference) -> Sequence[tuple[str, tuple[str, ...]]]:
    return (
        ("replan_kept", difference.kept),
        ("replan_again", difference.again),
        ("replan_added", difference.added),
        ("replan_replaced", difference.replaced),
    )
