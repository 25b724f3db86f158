"""`madang run`: open the application, take in the files, plan, and let the job do the rest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.agents.llm import MODEL_SETTING
from app.agents.minds import Minds, no_candidate
from app.agents.task_planner import check_goal
from app.cli.errors import OptionInvalid
from app.cli.formatting import one_line
from app.cli.input_files import check_paths, read_uploads
from app.cli.interruption import Interruption
from app.cli.job import Job, JobOptions
from app.cli.limits import checked_limits
from app.cli.order_options import OrderOptions
from app.cli.output_files import check_folder
from app.cli.session import Session, open_session
from app.cli.terminal import Terminal
from app.core.clock import utc_now
from app.core.config import Settings
from app.schemas.priority import TaskPriority
from app.schemas.task import TaskOrder, TaskRead

MAX_MODEL_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A goal with what was typed of its order."""

    goal: str
    order: OrderOptions


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


def check_model(model: str, settings: Settings, *, option: str | None = None) -> None:
    """Raise unless the model is known and has a price. `option` is the one that named it.

    Raises:
        OptionInvalid, ModelUnknown, PriceUnknown: It cannot be used.
    """
    if len(model) > MAX_MODEL_LENGTH:
        raise OptionInvalid(
            f"{option or MODEL_SETTING} takes at most {MAX_MODEL_LENGTH} characters."
        )
    Minds(settings.model, None).price_for(model, named_by=option)


def check_models(order: OrderOptions, allowed: Sequence[str] | None, settings: Settings) -> None:
    """Raise unless the order's models are known and have prices, as far as they are known yet.

    Without a model or a policy those that it allows are checked, or else the setting's.

    Raises:
        OptionInvalid, ModelUnknown, PriceUnknown, PolicyUnusable: The order cannot be done.
    """
    if order.model is not None:
        if order.policy is not None:
            raise OptionInvalid("Give --model or --policy, not both.")
        check_model(order.model, settings, option="--model")
    elif order.policy is not None or settings.model.candidates:
        router = Minds(settings.model, None).router_on(
            order.policy or settings.model.policy, utc_now().date()
        )
        if not router.candidates:
            raise no_candidate(router.policy, router.left_out)
    elif allowed:
        for name in allowed:
            check_model(name, settings, option="--allow-model")
    else:
        check_model(settings.model.name, settings)


@asynccontextmanager
async def _planned(
    new: NewJob,
    options: JobOptions,
    terminal: Terminal,
    settings: Settings,
    interruption: Interruption,
) -> AsyncIterator[tuple[Job, TaskRead, list[str]]]:
    check_goal(new.goal)
    constraints = checked_limits(new.order.limits)
    paths = check_paths(new.order.files or (), settings.files)
    if options.out_dir is not None:
        check_folder(options.out_dir)
    check_models(new.order, constraints.allowed_models, settings)
    async with _opened(terminal, settings) as session:
        job = Job(options=options, session=session, terminal=terminal, interruption=interruption)
        session.runtime.warm_up()
        interruption.protect_children()
        file_ids, notices = await _take_in(session, terminal, paths)
        order = TaskOrder(
            goal=new.goal,
            file_ids=file_ids,
            language=options.language,
            model=new.order.model,
            policy=new.order.policy,
            cap_usd=options.cap_usd,
            deadline_s=options.deadline_s,
            constraints=constraints,
            priority=new.order.priority or TaskPriority.NORMAL,
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
