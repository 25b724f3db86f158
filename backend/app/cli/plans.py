"""`madang plan`: a plan made, looked at, edited and decided on before anything runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.edge import perform
from app.cli.options import (
    CapOption,
    DeadlineOption,
    HashOption,
    JsonFlag,
    LimitOption,
    PolicyOption,
    TaskArgument,
    checked_cap,
    checked_deadline,
    clean_argument,
)
from app.cli.order_options import OrderOptions, takes_order

if TYPE_CHECKING:
    from app.cli.interruption import Interruption
    from app.cli.terminal import Terminal
    from app.core.config import Settings

plans = typer.Typer(help="Plans: made, edited and decided on before anything runs.")


@plans.command("new")
@takes_order
def new_plan(
    goal: Annotated[str, typer.Argument(metavar="GOAL", help="What you want to have made.")],
    *,
    order: OrderOptions,
    as_json: JsonFlag = False,
) -> int:
    """Make a plan and show its price; nothing runs. `madang plan GOAL` is short for it."""

    async def work(terminal: "Terminal", settings: "Settings", interruption: "Interruption") -> int:
        cap, time_s = checked_cap(order.cap_usd), checked_deadline(order.deadline_s)
        with terminal.status("starting"):
            from app.cli import job, ordering  # noqa: PLC0415 - loads the whole application
        options = job.JobOptions(None, cap, order.language, is_approved=False, deadline_s=time_s)
        new = ordering.NewJob(goal=clean_argument(goal), order=order)
        return await ordering.plan_only(new, options, terminal, settings, interruption)

    return perform(work, as_json=as_json, language=order.language)


@plans.command("show")
def show_plan(
    task_id: TaskArgument,
    revision: Annotated[
        int | None, typer.Option(min=1, max=2**31 - 1, help="An earlier revision of the plan.")
    ] = None,
    *,
    as_json: JsonFlag = False,
) -> int:
    """Show a task's plan: its steps with their keys, its quote, its hash."""
    from app.cli import plan_actions  # noqa: PLC0415 - loads the whole application

    return perform(plan_actions.show(task_id, revision), as_json=as_json)


@plans.command("revisions")
def list_revisions(
    task_id: TaskArgument, limit: LimitOption = 20, *, as_json: JsonFlag = False
) -> int:
    """List the revisions of a task's plan, newest first."""
    from app.cli import plan_actions  # noqa: PLC0415 - loads the whole application

    return perform(plan_actions.revisions(task_id, limit), as_json=as_json)


@plans.command("edit")
def edit_plan(  # noqa: PLR0913 - the options of a command are the arguments of its function
    task_id: TaskArgument,
    *,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY.FIELD=VALUE", help="Change a field of a step; repeatable."
        ),
    ] = None,
    added: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="KEY:AGENT:TITLE", help="Add a step; repeatable."),
    ] = None,
    moved: Annotated[
        list[str] | None,
        typer.Option("--move", metavar="KEY:PLACE", help="Move a step; repeatable."),
    ] = None,
    removed: Annotated[
        list[str] | None, typer.Option("--remove", metavar="KEY", help="Remove a step; repeatable.")
    ] = None,
    path: Annotated[
        Path | None,
        typer.Option("--edits", metavar="PATH", help="A JSON list of edits, as the API takes it."),
    ] = None,
    policy: PolicyOption = None,
    cap_usd: CapOption = None,
    shown: HashOption = None,
    as_json: JsonFlag = False,
) -> int:
    """Edit a plan that waits for approval: all edits or none.

    The edits of the file are done first, then what is added, set, moved and removed. With --policy
    the models of its steps are then chosen anew, but for those that were named.
    """
    from app.cli import plan_actions, plan_edits  # noqa: PLC0415 - loads the whole application

    flags = plan_edits.EditFlags(
        path=path,
        added=added or (),
        changes=changes or (),
        moved=moved or (),
        removed=removed or (),
        policy=policy,
    )
    return perform(plan_actions.edit(task_id, flags, cap_usd, shown), as_json=as_json)


@plans.command("requote")
def requote_plan(
    task_id: TaskArgument,
    *,
    cap_usd: CapOption = None,
    shown: HashOption = None,
    as_json: JsonFlag = False,
) -> int:
    """Quote a plan that waits for approval at today's prices."""
    from app.cli import plan_actions  # noqa: PLC0415 - loads the whole application

    return perform(plan_actions.requote(task_id, cap_usd, shown), as_json=as_json)


@plans.command("replan")
def replan_task(
    task_id: TaskArgument,
    *,
    goal: Annotated[
        str | None,
        typer.Option(metavar="GOAL", help="Another goal (default: go around what failed)."),
    ] = None,
    cap_usd: CapOption = None,
    deadline_s: DeadlineOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run the new plan without asking.")] = (
        False
    ),
    as_json: JsonFlag = False,
) -> int:
    """Plan a stopped, failed or partly done task anew: what is done stays as it is."""
    from app.cli import replanning  # noqa: PLC0415 - loads the whole application

    wishes = replanning.Wishes(goal=goal, cap_usd=cap_usd, deadline_s=deadline_s, is_approved=yes)
    return perform(replanning.replan(task_id, wishes), as_json=as_json)


@plans.command("approve")
def approve_plan(
    task_id: TaskArgument, *, shown: HashOption = None, as_json: JsonFlag = False
) -> int:
    """Approve a plan; whatever worker there is runs it."""
    from app.cli import plan_actions  # noqa: PLC0415 - loads the whole application

    return perform(plan_actions.approve(task_id, shown), as_json=as_json)


@plans.command("reject")
def reject_plan(
    task_id: TaskArgument, *, shown: HashOption = None, as_json: JsonFlag = False
) -> int:
    """Reject a plan and cancel its task."""
    from app.cli import plan_actions  # noqa: PLC0415 - loads the whole application

    return perform(plan_actions.reject(task_id, shown), as_json=as_json)


@plans.command("auto-approve")
def auto_approve(
    below_usd: Annotated[
        float | None,
        typer.Argument(metavar="USD", help="The limit in dollars; 0 asks always."),
    ] = None,
    *,
    as_json: JsonFlag = False,
) -> int:
    """Show or set below which expected cost (nine runs in ten) plans run without asking."""
    from app.cli import plan_actions  # noqa: PLC0415 - loads the whole application

    return perform(plan_actions.auto_approve(below_usd), as_json=as_json)
