"""What the commands of `madang task` do."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from app.agents.transitions import ENDED_TASKS, TaskStatus
from app.cli.board import Board
from app.cli.delivery import delivery_document, write_files
from app.cli.edge import Action
from app.cli.errors import OptionInvalid
from app.cli.exit_codes import SUCCESS
from app.cli.file_actions import in_session
from app.cli.formatting import money_text, one_line, short_id, time_text
from app.cli.output_files import default_folder
from app.cli.plain_view import event_line
from app.cli.plan_view import plan_view
from app.cli.result_view import MARKS, files_view, result_view
from app.cli.session import Session
from app.cli.step_words import MARKS as STEP_MARKS
from app.cli.step_words import step_words
from app.cli.tables import grid, indented, listing
from app.cli.terminal import Terminal
from app.core.config import BUILTIN
from app.engine.feed import LAST_KINDS, EventRead
from app.schemas.task import TaskRead, TaskSummary

Change = Callable[[Session, str], Awaitable[TaskRead]]


def list_all(limit: int, status: str | None) -> Action:
    """List tasks."""

    async def work(session: Session, terminal: Terminal) -> None:
        known = _known_status(status)
        page = await session.runtime.tasks.page(session.user_id, limit=limit, status=known)
        terminal.document({"items": [task.model_dump(mode="json") for task in page]})
        if page:
            terminal.show(_task_table(page, terminal))
            return
        terminal.say("no_tasks")
        terminal.command("run", '"..."', "--file", "FILE")

    return in_session(work)


def show(given: str) -> Action:
    """Show one task."""

    async def work(session: Session, terminal: Terminal) -> None:
        task = await session.runtime.tasks.get(session.user_id, await session.task_id(given))
        terminal.document({"task": task.model_dump(mode="json")})
        terminal.show(Text(), Text(one_line(task.goal), style="bold"))
        if task.plan is not None:
            terminal.show(*plan_view(task, task.plan, terminal))
            terminal.show(indented(_step_table(Board(task, task.plan), terminal)))
        terminal.show(*result_view(task, terminal, None, ()))

    return in_session(work)


def events(given: str, *, follow: bool) -> Action:
    """Show a task's events; with `follow`, until it ends or stops."""

    async def work(session: Session, terminal: Terminal) -> None:
        task = await session.runtime.tasks.get(session.user_id, await session.task_id(given))
        board = Board(task, task.plan) if task.plan is not None else None
        told: list[dict[str, Any]] = []
        seen = 0
        while page := await session.runtime.feed.events_after(task.id, seen):
            seen = page[-1].seq
            told += [_tell(event, board, terminal) for event in page]
        task = await session.runtime.tasks.get(session.user_id, task.id)
        if follow and task.status not in ENDED_TASKS | {TaskStatus.PAUSED}:
            await _follow(session, terminal, task, board, seen, told)
        terminal.document({"task_id": task.id, "items": told})

    return in_session(work)


def cancel(given: str) -> Action:
    """Cancel a task."""
    return _changed(given, lambda s, id: s.runtime.tasks.cancel(s.user_id, id))


def pause(given: str) -> Action:
    """Pause a task."""
    return _changed(given, lambda s, id: s.runtime.tasks.pause(s.user_id, id))


def resume(given: str, limits: Callable[[], tuple[float | None, float | None]]) -> Action:
    """Let a task go on; its new cap and deadline are asked for, and may be refused, as it runs."""

    async def change(session: Session, task_id: str) -> TaskRead:
        cap_usd, deadline_s = limits()
        return await session.runtime.tasks.resume(
            session.user_id, task_id, cap_usd=cap_usd, deadline_s=deadline_s
        )

    return _changed(given, change)


def files(given: str, out_dir: Path | None) -> Action:
    """Write a task's files."""

    async def work(session: Session, terminal: Terminal) -> None:
        task = await session.runtime.tasks.get(session.user_id, await session.task_id(given))
        if not task.artifacts:
            terminal.document(delivery_document(task, None, [], SUCCESS))
            terminal.say("no_artifacts")
            return
        folder = out_dir or default_folder(task.title, task.id)
        written = await write_files(session, task, folder)
        terminal.document(delivery_document(task, folder, written, SUCCESS))
        terminal.show(*files_view(task, terminal, folder, written))

    return in_session(work)


def _changed(given: str, change: Change) -> Action:
    async def work(session: Session, terminal: Terminal) -> None:
        task = await change(session, await session.task_id(given))
        terminal.document({"task": task.model_dump(mode="json")})
        if task.status == TaskStatus.RUNNING:
            terminal.say("resume_queued")
            terminal.command("run", "--resume", short_id(task.id))
            return
        terminal.say("task_stopped", status=terminal.words(f"status_{task.status}"))

    return in_session(work)


async def _follow(
    session: Session,
    terminal: Terminal,
    task: TaskRead,
    board: Board | None,
    seen: int,
    told: list[dict[str, Any]],
) -> None:
    async with aclosing(session.runtime.feed.follow(task.id, after=seen)) as later:
        async for event in later:
            told.append(_tell(event, board, terminal))
            if event.kind in LAST_KINDS:
                return


def _tell(event: EventRead, board: Board | None, terminal: Terminal) -> dict[str, Any]:
    if board is not None:
        board.apply(event)
    line = event_line(event, board, terminal)
    terminal.show(f"{event.seq:>4}  {event.created_at.astimezone():%H:%M:%S}  {line}")
    return event.model_dump(mode="json")


def _known_status(status: str | None) -> str | None:
    if status is None or status in set(TaskStatus):
        return status
    raise OptionInvalid(f"There is no status {status!r}; use one of {', '.join(TaskStatus)}.")


def _task_table(page: list[TaskSummary], terminal: Terminal) -> Table:
    table = listing()
    table.add_column(terminal.words("column_id"), style="cyan", no_wrap=True)
    table.add_column(terminal.words("column_status"), no_wrap=True)
    table.add_column(terminal.words("column_title"), overflow="fold")
    table.add_column(terminal.words("column_spent"), justify="right", no_wrap=True)
    table.add_column(terminal.words("column_created"), style="dim", no_wrap=True)
    for task in page:
        mark, style = MARKS.get(task.status, ("▸", "cyan"))
        is_free = task.model == BUILTIN
        table.add_row(
            short_id(task.id),
            Text(f"{mark} {terminal.words(f'status_{task.status}')}", style=style),
            one_line(task.title),
            terminal.words("money_free") if is_free else money_text(task.spent_usd),
            time_text(task.created_at),
        )
    return table


def _step_table(board: Board, terminal: Terminal) -> Table:
    table = grid()
    for _ in range(3):
        table.add_column(overflow="fold")
    for step in board.steps.values():
        mark, style = STEP_MARKS[step.status]
        words = step_words(step, board, terminal.language)
        table.add_row(Text(mark, style=style), step.title, Text(words, style="dim"))
    return table
