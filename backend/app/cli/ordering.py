"""`madang run`: open the application, take in the files, plan, and let the job do the rest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.agents.minds import Minds, no_candidate
from app.agents.task_planner import check_goal
from app.cli.errors import OptionInvalid
from app.cli.formatting import one_line
from app.cli.input_files import check_paths, read_uploads
from app.cli.interruption import Interruption
from app.cli.job import Job, JobOptions
from app.cli.limits import checked_limits
from app.cli.options import OrderLimits
from app.cli.output_files import check_folder
from app.cli.session import Session, open_session
from app.cli.terminal import Terminal
from app.core.clock import utc_now
from app.core.config import Policy, Settings
from app.schemas.constraints import Constraints
from app.schemas.task import TaskOrder, TaskRead

MAX_MODEL_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A goal with its files."""

    goal: str
    paths: Sequence[Path]
    model: str | None
    policy: Policy | None
    limits: OrderLimits


async def run_new(
    new: NewJob,
    options: JobOptions,
    terminal: Terminal,
    settings: Settings,
    interruption: Interruption,
) -> int:
    """Do a new job. All that can be wrong with the order is found before anything is started."""
    async with _planned(new, options, terminal, settings, interruption) as (job, task, notices):
        return await job.start(task, notices)


async def plan_only(
    new: NewJob,
    options: JobOptions,
    terminal: Terminal,
    settings: Settings,
    interruption: Interruption,
) -> int:
    """Plan a new job and show the plan; nothing runs."""
    async with _planned(new, options, terminal, settings, interruption) as (job, task, notices):
        return await job.show_plan(task, notices)


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


def check_model(model: str, settings: Settings) -> None:
    """Raise unless the model is known and has a price.

    Raises:
        OptionInvalid, ModelUnknown, PriceUnknown: It cannot be used.
    """
    if len(model) > MAX_MODEL_LENGTH:
        raise OptionInvalid(f"--model takes at most {MAX_MODEL_LENGTH} characters.")
    Minds(settings.model, None).price_for(model)


def check_models(new: NewJob, limits: Constraints, settings: Settings) -> None:
    """Raise unless the order's models are known and have prices, as far as they are known yet.

    Raises:
        OptionInvalid, ModelUnknown, PriceUnknown, PolicyUnusable: The order cannot be done.
    """
    if new.model is not None and new.policy is not None:
        raise OptionInvalid("Give --model or --policy, not both.")
    is_routed = new.model is None and (new.policy is not None or settings.model.candidates)
    if is_routed:
        minds = Minds(settings.model, None)
        router = minds.router_on(new.policy or settings.model.policy, utc_now().date())
        if not router.candidates:
            raise no_candidate(router.policy, router.left_out)
        return
    allowed = limits.allowed_models or (settings.model.name,)
    for model in (new.model,) if new.model is not None else allowed:
        check_model(model, settings)


@asynccontextmanager
async def _planned(
    new: NewJob,
    options: JobOptions,
    terminal: Terminal,
    settings: Settings,
    interruption: Interruption,
) -> AsyncIterator[tuple[Job, TaskRead, list[str]]]:
    check_goal(new.goal)
    constraints = checked_limits(new.limits)
    paths = check_paths(new.paths, settings.files)
    if options.out_dir is not None:
        check_folder(options.out_dir)
    check_models(new, constraints, settings)
    async with _opened(terminal, settings) as session:
        job = Job(options=options, session=session, terminal=terminal, interruption=interruption)
        session.runtime.warm_up()
        interruption.protect_children()
        file_ids, notices = await _take_in(session, terminal, paths)
        order = TaskOrder(
            goal=new.goal,
            file_ids=file_ids,
            language=options.language,
            model=new.model,
            policy=new.policy,
            cap_usd=options.cap_usd,
            constraints=constraints,
        )
        with terminal.status("planning"):
            task = await session.runtime.orchestration.plan(session.user_id, order)
        yield job, task, notices


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
