"""`madang run`: from a goal to files on the disk, or the rest of that way for an existing task."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.agents.task_planner import check_goal
from app.agents.transitions import ENDED_TASKS, TaskStatus
from app.cli.board import Board
from app.cli.delivery import deliver, delivery_document
from app.cli.errors import OptionInvalid, PlanMissing
from app.cli.exit_codes import STATUS_EXIT_CODES, SUCCESS
from app.cli.following import Follower, last_event
from app.cli.formatting import one_line, short_id
from app.cli.input_files import check_paths, read_uploads
from app.cli.interruption import Interruption
from app.cli.output_files import check_folder
from app.cli.plan_view import plan_view
from app.cli.question import ask, may_ask
from app.cli.result_view import is_at_cap
from app.cli.session import Session, open_session
from app.cli.terminal import Terminal
from app.core.config import Settings
from app.core.errors import AppError
from app.runtime import Minds
from app.schemas.plan import ExecutionPlan
from app.schemas.source import Language
from app.schemas.task import TaskOrder, TaskRead

RESUMABLE = frozenset(
    {TaskStatus.PAUSED, TaskStatus.PARTIAL, TaskStatus.FAILED, TaskStatus.CANCELLED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOptions:
    """What was typed after `run`. `is_approved` says yes to the plan beforehand."""

    out_dir: Path | None
    cap_usd: float | None
    language: Language | None
    is_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A goal with its files."""

    goal: str
    paths: Sequence[Path]
    model: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of the command, with all that its parts need."""

    options: JobOptions
    session: Session
    terminal: Terminal
    interruption: Interruption

    async def start(self, task: TaskRead, notices: Sequence[str] = ()) -> int:
        """Show the plan, ask, run it, hand over what it made."""
        plan = planned(task)
        self.speak(plan.language)
        self.terminal.show(*plan_view(task, plan, self.terminal, notices))
        if not await self._is_approved():
            return self._leave_unrun(task)
        runtime = self.session.runtime
        seen = await last_event(self.session, task.id)
        runtime.start_worker()
        started = await runtime.orchestration.execute(
            self.session.user_id, task.id, task.content_hash or ""
        )
        return await self.follow(started, after=seen)

    async def resume(self, given: str) -> int:
        """Go on with a task from wherever it stands."""
        session, tasks = self.session, self.session.runtime.tasks
        task_id = await session.task_id(given)
        seen = await last_event(session, task_id)
        task = await tasks.get(session.user_id, task_id)
        self.speak(planned(task).language)
        self._check_cap(task)
        if task.status == TaskStatus.PLANNED:
            return await self.start(task)
        if task.status == TaskStatus.DONE:
            return await self.conclude(task)
        session.runtime.warm_up()
        if task.status != TaskStatus.RUNNING:
            task = await tasks.resume(session.user_id, task_id, cap_usd=self.options.cap_usd)
        session.runtime.start_worker()
        return await self.follow(task, after=seen)

    async def follow(self, task: TaskRead, *, after: int) -> int:
        """Show progress until the task ends or the user stops it."""
        board = Board(task, planned(task))
        try:
            await Follower(self.session, self.terminal, board, task.id).run(after)
        except asyncio.CancelledError:
            if not self.interruption.accept():
                raise
            return await self._pause(task)
        ended = await self.session.runtime.tasks.get(self.session.user_id, task.id)
        return await self.conclude(ended)

    async def conclude(self, task: TaskRead) -> int:
        """Write the files, say the last word, and return the exit code."""
        code = STATUS_EXIT_CODES.get(task.status, SUCCESS)
        if task.status == TaskStatus.PAUSED and not is_at_cap(task):
            code = STATUS_EXIT_CODES[TaskStatus.CANCELLED]
        await deliver(self.session, self.terminal, task, self.options.out_dir, exit_code=code)
        return code

    def speak(self, language: str) -> None:
        """Let the terminal speak the plan's language unless another was asked for."""
        if self.options.language is None and language == "ko":
            self.terminal.language = "ko"

    def _check_cap(self, task: TaskRead) -> None:
        if self.options.cap_usd is not None and task.status not in RESUMABLE:
            raise OptionInvalid(
                f"--cap-usd cannot be used here: the task is {task.status}. It changes the cap of "
                "a task that stopped."
            )

    async def _is_approved(self) -> bool:
        if self.options.is_approved:
            return True
        if self.terminal.as_json or not may_ask(sys.stdin, sys.stderr):
            return False
        return await ask(self.terminal.words("ask"))

    def _leave_unrun(self, task: TaskRead) -> int:
        asked = may_ask(sys.stdin, sys.stderr)
        self.terminal.document(delivery_document(task, None, [], SUCCESS))
        self.terminal.say("not_run" if asked else "not_asked")
        self.terminal.command("run", "--resume", short_id(task.id), "--yes")
        return SUCCESS

    async def _pause(self, task: TaskRead) -> int:
        terminal, tasks = self.terminal, self.session.runtime.tasks
        terminal.tell("pausing")
        try:
            stopped = await tasks.get(self.session.user_id, task.id)
            if stopped.status not in ENDED_TASKS:
                stopped = await tasks.pause(self.session.user_id, task.id)
        except AppError as error:
            terminal.tell("not_paused", reason=error.message)
            stopped = task
        else:
            terminal.tell("paused_by_you")
        terminal.document(delivery_document(stopped, None, [], self.interruption.exit_code))
        terminal.show("")
        terminal.command("run", "--resume", short_id(task.id))
        return self.interruption.exit_code


async def run_new(
    new: NewJob,
    options: JobOptions,
    terminal: Terminal,
    settings: Settings,
    interruption: Interruption,
) -> int:
    """Do a new job. All that can be wrong with the order is found before anything is started."""
    check_goal(new.goal)
    paths = check_paths(new.paths, settings.files)
    if options.out_dir is not None:
        check_folder(options.out_dir)
    Minds(settings.model, None).price_for(new.model or settings.model.name)
    async with _opened(terminal, settings) as session:
        job = Job(options=options, session=session, terminal=terminal, interruption=interruption)
        session.runtime.warm_up()
        file_ids, notices = await _take_in(session, terminal, paths)
        order = TaskOrder(
            goal=new.goal,
            file_ids=file_ids,
            language=options.language,
            model=new.model,
            cap_usd=options.cap_usd,
        )
        with terminal.status("planning"):
            task = await session.runtime.orchestration.plan(session.user_id, order)
        return await job.start(task, notices)


async def run_again(
    task_id: str,
    options: JobOptions,
    terminal: Terminal,
    settings: Settings,
    interruption: Interruption,
) -> int:
    """Go on with a task."""
    if options.out_dir is not None:
        check_folder(options.out_dir)
    async with _opened(terminal, settings) as session:
        job = Job(options=options, session=session, terminal=terminal, interruption=interruption)
        return await job.resume(task_id)


def planned(task: TaskRead) -> ExecutionPlan:
    """Return the task's plan.

    Raises:
        PlanMissing: The task never got one.
    """
    if task.plan is None:
        why = one_line(str((task.error or {}).get("message", ""))) or "It was never planned."
        raise PlanMissing(f"The task {short_id(task.id)} has no plan: {why} Start it anew.")
    return task.plan


@asynccontextmanager
async def _opened(terminal: Terminal, settings: Settings) -> AsyncIterator[Session]:
    async with AsyncExitStack() as stack:
        with terminal.status("starting"):
            session = await stack.enter_async_context(open_session(settings))
        yield session


async def _take_in(
    session: Session, terminal: Terminal, paths: Sequence[Path]
) -> tuple[tuple[str, ...], list[str]]:
    if not paths:
        return (), []
    is_one = len(paths) == 1
    with terminal.status("reading_one" if is_one else "reading", **_reading_facts(paths)):
        uploads = await asyncio.to_thread(read_uploads, paths)
        files = await session.runtime.files.add_all(session.user_id, uploads)
    notices = [about(file.name, str(notice)) for file in files for notice in file.notices]
    return tuple(dict.fromkeys(file.id for file in files)), notices


def about(file_name: str, notice: str) -> str:
    """Return a notice that names its file."""
    return notice if file_name in notice else f"{file_name}: {notice}"


def _reading_facts(paths: Sequence[Path]) -> dict[str, str | int]:
    return {"name": one_line(paths[0].name)} if len(paths) == 1 else {"count": len(paths)}
