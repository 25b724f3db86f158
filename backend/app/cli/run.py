"""`madang run`: one goal, done."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.edge import perform
from app.cli.errors import GoalOrResume
from app.cli.invocation import program
from app.cli.options import (
    JsonFlag,
    OutOption,
    StepCapsOption,
    checked_cap,
    checked_deadline,
    checked_step_caps,
    clean_argument,
)
from app.cli.order_options import OrderOptions, takes_order

if TYPE_CHECKING:
    from app.cli.interruption import Interruption
    from app.cli.terminal import Terminal
    from app.core.config import Settings


@takes_order
def run(
    goal: Annotated[
        str | None, typer.Argument(metavar="GOAL", help="What you want to have made.")
    ] = None,
    *,
    order: OrderOptions,
    out: OutOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run the plan without asking.")] = False,
    step_caps: StepCapsOption = None,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with a task instead of a new goal.")
    ] = None,
    as_json: JsonFlag = False,
) -> int:
    """Plan a goal, show the price, run it, and write the files.

    With --resume, go on with a task that was stopped, that failed, or that still runs; a finished
    one writes its files again.
    """

    async def work(terminal: "Terminal", settings: "Settings", interruption: "Interruption") -> int:
        step_caps_usd = checked_step_caps(step_caps, is_resumed=resume is not None)
        check_kind(goal, resume, has_more=order.is_new)
        cap, time_s = checked_cap(order.cap_usd), checked_deadline(order.deadline_s)
        with terminal.status("starting"):
            from app.cli import job, ordering  # noqa: PLC0415 - loads the whole application
        options = job.JobOptions(out, cap, order.language, yes, step_caps_usd, time_s)
        if resume is not None:
            return await ordering.run_again(resume, options, terminal, settings, interruption)
        new = ordering.NewJob(goal=clean_argument(goal or ""), order=order)
        return await ordering.run_new(new, options, terminal, settings, interruption)

    return perform(work, as_json=as_json, language=order.language)


def check_kind(goal: str | None, resume: str | None, *, has_more: bool) -> None:
    """Raise `GoalOrResume` unless exactly one of a goal and a task is given, with what fits it.

    `has_more`: files, a model, a policy, limits or a priority were given, which only a new goal
    takes.
    """
    if goal is None and resume is None:
        raise GoalOrResume(
            f'Say what you want to have made: {program()} run "your goal" --file FILE.'
        )
    if resume is not None and (goal is not None or has_more):
        raise GoalOrResume(
            "--resume goes on with a task as it was ordered; leave out the goal, --file, "
            "--model, --policy, --priority and the limits, or start a new task without --resume."
        )
