"""One task on its way from a plan to files: shown, approved, run, stopped, handed over."""

import asyncio
import sys
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.agents.transitions import TaskStatus
from app.cli.board import Board
from app.cli.delivery import deliver, delivery_document
from app.cli.errors import OptionInvalid, PlanMissing
from app.cli.exit_codes import INTERRUPTED, STATUS_EXIT_CODES, SUCCESS
from app.cli.following import Follower, last_event
from app.cli.formatting import money_text, one_line, short_id
from app.cli.interruption import Interruption
from app.cli.plan_view import plan_view, revision_view
from app.cli.question import ask, may_ask
from app.cli.result_view import is_at_cap, out_option
from app.cli.session import Session
from app.cli.terminal import Terminal
from app.core.errors import AppError
from app.schemas.plan import ExecutionPlan
from app.schemas.source import Language
from app.schemas.task import TaskRead

RESUMABLE = frozenset(
    {TaskStatus.PAUSED, TaskStatus.PARTIAL, TaskStatus.FAILED, TaskStatus.CANCELLED}
)


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What was typed after `run`. `is_approved` says yes to the plan beforehand."""

    out_dir: Path | None
    cap_usd: float | None
    language: Language | None
    is_approved: bool
    step_caps_usd: Mapping[str, float] = field(default_factory=dict)
    deadline_s: float | None = None


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
        return await self._stoppable(task, self._ask_and_run(task))

    async def show_plan(self, task: TaskRead, notices: Sequence[str] = ()) -> int:
        """Show the plan and how to go on; nothing runs."""
        self.speak(planned(task).language)
        plan = await self.session.runtime.plans.get(self.session.user_id, task.id)
        self.terminal.document({"plan": plan.model_dump(mode="json")})
        self.terminal.show(*revision_view(task, plan, self.terminal, notices))
        return SUCCESS

    async def resume(self, given: str) -> int:
        """Go on with a task from wherever it stands."""
        session = self.session
        task_id = await session.task_id(given)
        seen = await last_event(session, task_id)
        task = await session.runtime.tasks.get(session.user_id, task_id)
        self.speak(planned(task).language)
        self._check_limits(task)
        if task.status == TaskStatus.PLANNED:
            return await self.start(task)
        if task.status == TaskStatus.DONE:
            return await self._conclude(task)
        if not task.steps:
            raise PlanMissing(
                f"The task {short_id(task.id)} was {task.status} before it ran. Start it anew."
            )
        session.runtime.warm_up()
        return await self._stoppable(task, self._go_on(task, after=seen))

    def speak(self, language: str) -> None:
        """Let the terminal speak the plan's language unless another was asked for."""
        if self.options.language is None and language == "ko":
            self.terminal.language = "ko"

    async def _ask_and_run(self, task: TaskRead) -> int:
        seen = await last_event(self.session, task.id)
        if not await self._approves_itself(task):
            if not await self._is_approved():
                return self._leave_unrun(task, SUCCESS)
            await self.session.runtime.plans.approve(
                self.session.user_id, task.id, task.content_hash or ""
            )
        self.session.runtime.start_worker()
        started = await self.session.runtime.tasks.get(self.session.user_id, task.id)
        return await self._follow(started, after=seen)

    async def _approves_itself(self, task: TaskRead) -> bool:
        if self.options.is_approved:
            return False
        is_approved = await self.session.runtime.plans.approve_below_limit(
            self.session.user_id, task.id, task.content_hash or ""
        )
        if is_approved:
            cost = planned(task).quote.cost_usd.p90
            self.terminal.tell("auto_approved", cost=money_text(cost))
        return is_approved

    async def _go_on(self, task: TaskRead, *, after: int) -> int:
        session = self.session
        if task.status != TaskStatus.RUNNING:
            task = await session.runtime.tasks.resume(
                session.user_id,
                task.id,
                cap_usd=self.options.cap_usd,
                step_caps_usd=self.options.step_caps_usd,
                deadline_s=self.options.deadline_s,
            )
        session.runtime.start_worker()
        return await self._follow(task, after=after)

    async def _follow(self, task: TaskRead, *, after: int) -> int:
        board = Board(task, planned(task))
        await Follower(self.session, self.terminal, board, task.id).run(after)
        ended = await self.session.runtime.tasks.get(self.session.user_id, task.id)
        return await self._conclude(ended)

    async def _conclude(self, task: TaskRead) -> int:
        code = STATUS_EXIT_CODES.get(task.status, SUCCESS)
        if task.status == TaskStatus.PAUSED and not is_at_cap(task):
            code = INTERRUPTED
        await deliver(self.session, self.terminal, task, self.options.out_dir, exit_code=code)
        return code

    def _check_limits(self, task: TaskRead) -> None:
        given = {"--cap-usd": self.options.cap_usd, "--deadline-s": self.options.deadline_s}
        for option, value in given.items():
            if value is not None and task.status not in RESUMABLE:
                raise OptionInvalid(
                    f"{option} cannot be used here: the task is {task.status}. It changes a limit "
                    "of a task that stopped."
                )

    async def _is_approved(self) -> bool:
        if self.options.is_approved:
            return True
        if self.terminal.as_json or not may_ask(sys.stdin, sys.stderr):
            return False
        return await ask(self.terminal.words("ask"))

    async def _stoppable(self, task: TaskRead, work: Awaitable[int]) -> int:
        try:
            return await work
        except asyncio.CancelledError:
            if not self.interruption.accept():
                raise
            return await self._stop(task)

    async def _stop(self, task: TaskRead) -> int:
        terminal, tasks = self.terminal, self.session.runtime.tasks
        code = self.interruption.exit_code
        try:
            task = await tasks.get(self.session.user_id, task.id)
            if task.status == TaskStatus.PLANNED:
                return self._leave_unrun(task, code)
            if task.status == TaskStatus.RUNNING:
                terminal.tell("pausing")
                task = await tasks.pause(self.session.user_id, task.id)
        except AppError as error:
            terminal.tell("not_paused", reason=error.message)
        else:
            stands = terminal.words(f"status_{task.status}")
            is_paused = task.status == TaskStatus.PAUSED
            terminal.tell("paused_by_you" if is_paused else "task_stopped", status=stands)
        terminal.document(delivery_document(task, None, [], code))
        terminal.show("")
        terminal.command("run", "--resume", short_id(task.id), *out_option(self.options.out_dir))
        return code

    def _leave_unrun(self, task: TaskRead, code: int) -> int:
        asked = may_ask(sys.stdin, sys.stderr)
        self.terminal.document(delivery_document(task, None, [], code))
        self.terminal.show("")
        self.terminal.say("not_run" if asked else "not_asked")
        self.terminal.command(
            "run", "--resume", short_id(task.id), *out_option(self.options.out_dir), "--yes"
        )
        return code


def planned(task: TaskRead) -> ExecutionPlan:
    """Return the task's plan.

    Raises:
        PlanMissing: The task never got one.
    """
    if task.plan is None:
        why = one_line(str((task.error or {}).get("message", ""))) or "It was never planned."
        raise PlanMissing(f"The task {short_id(task.id)} has no plan: {why} Start it anew.")
    return task.plan
