"""`madang task`: what was ordered, how it stands, and stopping it."""

from typing import Annotated

import typer

from app.cli.edge import perform
from app.cli.options import (
    DeadlineOption,
    JsonFlag,
    LimitOption,
    OutOption,
    TaskArgument,
    checked_cap,
    checked_deadline,
)

tasks = typer.Typer(help="Your tasks.")


@tasks.command("list")
def list_tasks(
    limit: LimitOption = 20,
    status: Annotated[
        str | None, typer.Option(help="Only tasks in this status: running, paused, done, ...")
    ] = None,
    *,
    as_json: JsonFlag = False,
) -> int:
    """List your tasks, newest first."""
    from app.cli import task_actions  # noqa: PLC0415 - loads the whole application

    return perform(task_actions.list_all(limit, status), as_json=as_json)


@tasks.command("show")
def show_task(task_id: TaskArgument, *, as_json: JsonFlag = False) -> int:
    """Show a task: its plan, its steps, its files, what it cost."""
    from app.cli import task_actions  # noqa: PLC0415 - loads the whole application

    return perform(task_actions.show(task_id), as_json=as_json)


@tasks.command("events")
def show_events(
    task_id: TaskArgument,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", help="Wait for more until the task ends or stops.")
    ] = False,
    as_json: JsonFlag = False,
) -> int:
    """Show what happened to a task, in order."""
    from app.cli import task_actions  # noqa: PLC0415 - loads the whole application

    return perform(task_actions.events(task_id, follow=follow), as_json=as_json)


@tasks.command("cancel")
def cancel_task(task_id: TaskArgument, *, as_json: JsonFlag = False) -> int:
    """Cancel a task; what is done is kept."""
    from app.cli import task_actions  # noqa: PLC0415 - loads the whole application

    return perform(task_actions.cancel(task_id), as_json=as_json)


@tasks.command("pause")
def pause_task(task_id: TaskArgument, *, as_json: JsonFlag = False) -> int:
    """Pause a running task."""
    from app.cli import task_actions  # noqa: PLC0415 - loads the whole application

    return perform(task_actions.pause(task_id), as_json=as_json)


@tasks.command("resume")
def resume_task(
    task_id: TaskArgument,
    cap_usd: Annotated[
        float | None, typer.Option("--cap-usd", help="A new cap for the task, in dollars.")
    ] = None,
    deadline_s: DeadlineOption = None,
    *,
    as_json: JsonFlag = False,
) -> int:
    """Let a stopped task go on, on whatever worker there is."""
    from app.cli import task_actions  # noqa: PLC0415 - loads the whole application

    def limits() -> tuple[float | None, float | None]:
        return checked_cap(cap_usd), checked_deadline(deadline_s)

    return perform(task_actions.resume(task_id, limits), as_json=as_json)


@tasks.command("files")
def write_files(task_id: TaskArgument, out: OutOption = None, *, as_json: JsonFlag = False) -> int:
    """Write a task's files to a folder."""
    from app.cli import task_actions  # noqa: PLC0415 - loads the whole application

    return perform(task_actions.files(task_id, out), as_json=as_json)
