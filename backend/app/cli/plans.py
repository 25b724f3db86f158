"""`madang plan`: a plan made, looked at, edited and decided on before anything runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.edge import perform
from app.cli.options import (
    AgentsOption,
    CapOption,
    FilesNeededOption,
    FilesOption,
    HashOption,
    JsonFlag,
    LanguageOption,
    LimitOption,
    MaxStepsOption,
    MaxTimeOption,
    MaxTokensOption,
    ModelOption,
    ModelsOption,
    OrderLimits,
    PolicyOption,
    TaskArgument,
    checked_cap,
    clean_argument,
)

if TYPE_CHECKING:
    from app.cli.interruption import Interruption
    from app.cli.terminal import Terminal
    from app.core.config import Settings

plans = typer.Typer(help="Plans: made, edited and decided on before anything runs.")


@plans.command("new")
def new_plan(  # noqa: PLR0913 - the options of a command are the arguments of its function
    goal: Annotated[str, typer.Argument(metavar="GOAL", help="What you want to have made.")],
    *,
    files: FilesOption = None,
    model: ModelOption = None,
    policy: PolicyOption = None,
    cap_usd: CapOption = None,
    max_time_s: MaxTimeOption = None,
    max_tokens: MaxTokensOption = None,
    max_steps: MaxStepsOption = None,
    agents: AgentsOption = None,
    models: ModelsOption = None,
    needed: FilesNeededOption = None,
    language: LanguageOption = None,
    as_json: JsonFlag = False,
) -> int:
    """Make a plan and show its price; nothing runs. `madang plan GOAL` is short for it."""
    limits = OrderLimits(max_time_s, max_tokens, max_steps, agents, models, needed)

    async def work(terminal: "Terminal", settings: "Settings", interruption: "Interruption") -> int:
        cap = checked_cap(cap_usd)
        with terminal.status("starting"):
            from app.cli import job, ordering  # noqa: PLC0415 - loads the whole application
        options = job.JobOptions(out_dir=None, cap_usd=cap, language=language, is_approved=False)
        new = ordering.NewJob(
            goal=clean_argument(goal),
            paths=files or (),
            model=model,
            policy=policy,
            limits=limits,
        )
        return await ordering.plan_only(new, options, terminal, settings, interruption)

    return perform(work, as_json=as_json, language=language)


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
