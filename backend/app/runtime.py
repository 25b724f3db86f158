"""All that outlives a request, opened and closed in one place."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.agents.history import NO_HISTORY, History
from app.agents.ledger_port import Price
from app.agents.minds import Minds
from app.agents.orchestrator import MultiAgentOrchestrator
from app.agents.routing import Router, planning_choice
from app.agents.task_planner import TaskPlanner
from app.agents.transitions import TaskStatus
from app.agents.workers import default_agents
from app.artifacts.press import Press
from app.core import migrations
from app.core.blobs import BlobStore
from app.core.config import Policy, Settings
from app.core.database import Database, open_engine, psycopg_url
from app.core.idle import IdleRelease
from app.core.logging import get_logger
from app.core.postgres import DatabaseUnavailable, EmbeddedPostgres
from app.core.shared_blobs import SharedBlobStore
from app.engine import (
    Bell,
    DatabaseLedger,
    DurableExecution,
    EventFeed,
    LedgerDesk,
    Moves,
    StepHold,
    StepRunner,
    Worker,
    Workshop,
)
from app.engine.events import record
from app.schemas.plan import ExecutionPlan
from app.services.bundles import BundleService, secrets_of
from app.services.files import FileLibraries, FileReader, FileService
from app.services.quotes import QuoteService
from app.services.spending import SpendingService
from app.services.tasks import OrchestrationService, OrderDefaults, PlanService, TaskService
from app.sources import SentenceEmbedder, sentence_embedder

PLANNING_STEP = "plan"
SERVER_LOOK_S = 1.0
log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineDoor:
    """The engine as the services see it: `TaskEngine` and `PlanningDesk`."""

    database: Database
    desk: LedgerDesk
    feed: EventFeed
    blobs: BlobStore
    minds: Minds

    async def start(self, session: AsyncSession, task_id: str, plan: ExecutionPlan) -> None:
        """Turn an approved plan into running steps."""
        await Moves(session).start(task_id, plan)

    async def stop(self, session: AsyncSession, task_id: str, status: TaskStatus) -> None:
        """Pause or cancel."""
        await Moves(session).stop(task_id, status)

    async def resume(self, session: AsyncSession, task_id: str) -> None:
        """Run again from what is done."""
        await Moves(session).resume(task_id)

    async def tell(
        self,
        session: AsyncSession,
        task_id: str,
        kind: str,
        payload: Mapping[str, str | int] | None = None,
    ) -> None:
        """Record an event of the task."""
        await record(session, task_id, kind, payload=payload)

    def price_for(self, model: str) -> Price | None:
        """Return a model's price; None for the built-in composer."""
        return self.minds.price_for(model)

    async def router_for(self, policy: Policy | None, allowed: Sequence[str] | None) -> Router:
        """Return a router over the candidates that can be used and are allowed."""
        return await self.minds.router(policy, allowed)

    async def planner_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> TaskPlanner:
        """Return a planner whose paid calls are entered under the task."""
        ledger = DatabaseLedger(self.desk, StepHold(task_id=task_id, step_key=PLANNING_STEP))
        others = () if router is None else planning_choice(router).fallbacks
        composer = await self.minds.composer_for(model, ledger, others)
        price_of = self.minds.price_for
        return TaskPlanner(
            composer, price=price_of(model), price_of=price_of, history=history, router=router
        )

    async def orchestrator_for(
        self,
        model: str,
        task_id: str,
        history: History = NO_HISTORY,
        router: Router | None = None,
    ) -> MultiAgentOrchestrator:
        """Return the orchestrator of one task."""
        execution = DurableExecution(
            database=self.database,
            feed=self.feed,
            blobs=self.blobs,
            task_id=task_id,
        )
        planner = await self.planner_for(model, task_id, history, router)
        return MultiAgentOrchestrator(planner, execution)


class Background:
    """The owner of a process's long-running tasks: a group whose close cancels them."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Background":
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)

    def start(self, work: Coroutine[None, None, None], *, name: str) -> asyncio.Task[None]:
        """Run `work` until the close."""
        task = self._group.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The open parts, for the API, the worker and the CLI."""

    settings: Settings
    database: Database
    database_url: str
    blobs: BlobStore
    embedder: SentenceEmbedder
    press: Press
    libraries: FileLibraries
    bell: Bell
    feed: EventFeed
    files: FileService
    tasks: TaskService
    bundles: BundleService
    plans: PlanService
    quotes: QuoteService
    spending: SpendingService
    orchestration: OrchestrationService
    worker: Worker
    background: "Background"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.settings.database.url is None

    def supervise(self, work: Coroutine[None, None, None], *, name: str) -> asyncio.Task[None]:
        """Run a coroutine as long as this runtime is open; it is cancelled at the close."""
        return self.background.start(work, name=name)

    def start_worker(self) -> asyncio.Task[None]:
        """Run steps in this process until the close."""
        return self.supervise(self.worker.run(may_be_alone=self.is_embedded), name="worker")

    def warm_up(self) -> None:
        """Load the sentence model and the renderers in the background: the first task need not wait
        for them.
        """
        self.supervise(self.press.warm_up(), name="press warm-up")
        threading.Thread(target=self.embedder.warm_up, name="warm-up", daemon=True).start()


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Open the database (embedded unless a URL is set), bring its tables up to date, open the rest.

    Raises:
        DatabaseUnavailable: The database cannot be started, reached or brought up to date.
    """
    async with AsyncExitStack() as stack:
        url, server = await _open_database(settings, stack)
        await asyncio.to_thread(migrations.upgrade, url)
        database = Database(open_engine(url, settings.database))
        stack.push_async_callback(database.close)
        desk = await stack.enter_async_context(LedgerDesk(psycopg_url(url)))
        blobs = _open_blobs(settings, url, is_shared=server is None, stack=stack)
        reader = FileReader(settings.files)
        stack.callback(reader.close)
        press = Press()
        stack.callback(press.close)
        minds = Minds(settings.model, sentence_embedder())
        stack.push_async_callback(minds.close)
        background = await stack.enter_async_context(Background())
        runtime = _assemble(
            _Opened(
                settings=settings,
                url=url,
                database=database,
                desk=desk,
                blobs=blobs,
                reader=reader,
                press=press,
                minds=minds,
                background=background,
            )
        )
        stack.push_async_callback(runtime.feed.close)
        runtime.supervise(runtime.bell.listen(), name="bell")
        idle = IdleRelease(
            (runtime.embedder, runtime.libraries, reader, press), after_s=settings.idle_release_s
        )
        runtime.supervise(idle.watch(), name="idle release")
        if server is not None:
            runtime.supervise(_keep_server(server), name="embedded database")
        yield runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    settings: Settings
    url: str
    database: Database
    desk: LedgerDesk
    blobs: BlobStore
    reader: FileReader
    press: Press
    minds: Minds
    background: Background


def _assemble(opened: _Opened) -> Runtime:
    settings, database, url = opened.settings, opened.database, psycopg_url(opened.url)
    blobs = opened.blobs
    embedder = sentence_embedder()
    bell = Bell(url)
    feed = EventFeed(url, bell)
    door = EngineDoor(
        database=database, desk=opened.desk, feed=feed, blobs=blobs, minds=opened.minds
    )
    libraries = FileLibraries(database, blobs, embedder)
    files = FileService(
        database,
        blobs=blobs,
        reader=opened.reader,
        embedder=embedder,
        max_files=settings.files.max_files,
    )
    tasks = TaskService(database, engine=door, blobs=blobs)
    plans = PlanService(database, libraries=libraries, engine=door, desk=door)
    return Runtime(
        settings=settings,
        database=database,
        database_url=opened.url,
        blobs=blobs,
        embedder=embedder,
        press=opened.press,
        libraries=libraries,
        feed=feed,
        files=files,
        tasks=tasks,
        bundles=_bundles(opened),
        plans=plans,
        quotes=QuoteService(database),
        spending=SpendingService(database, opened.minds.router_on),
        orchestration=OrchestrationService(
            database,
            files=files,
            libraries=libraries,
            tasks=tasks,
            engine=door,
            desk=door,
            defaults=_defaults(settings),
        ),
        bell=bell,
        worker=_worker(opened, bell, libraries, blobs),
        background=opened.background,
    )


def _defaults(settings: Settings) -> OrderDefaults:
    return OrderDefaults(
        model=settings.model.name,
        cap_usd=settings.engine.default_cap_usd,
        policy=settings.model.policy if settings.model.candidates else None,
    )


def _bundles(opened: _Opened) -> BundleService:
    return BundleService(
        opened.database,
        blobs=opened.blobs,
        secrets=secrets_of(opened.settings, opened.url),
        scratch=opened.settings.data_path,
    )


def _worker(opened: _Opened, bell: Bell, libraries: FileLibraries, blobs: BlobStore) -> Worker:
    settings = opened.settings.engine
    workshop = Workshop(
        agents=default_agents(opened.press),
        composer_for=opened.minds.composer_for,
        libraries=libraries,
        blobs=blobs,
    )
    return Worker(
        database=opened.database,
        psycopg_url=psycopg_url(opened.url),
        bell=bell,
        runner=StepRunner(opened.database, opened.desk, workshop, settings),
        settings=settings,
    )


async def _open_database(
    settings: Settings, stack: AsyncExitStack
) -> tuple[str, EmbeddedPostgres | None]:
    if settings.database.url is not None:
        return settings.database.url.get_secret_value(), None
    server = EmbeddedPostgres(settings.data_path)
    stack.push_async_callback(asyncio.to_thread, server.stop)
    await asyncio.to_thread(server.start)
    return server.url, server


def _open_blobs(
    settings: Settings, url: str, *, is_shared: bool, stack: AsyncExitStack
) -> BlobStore:
    folder = settings.data_path / "blobs"
    if not is_shared:
        return BlobStore(folder)
    # A server of your own may have workers on other machines, with folders of their own.
    return stack.enter_context(SharedBlobStore(folder, psycopg_url(url)))


async def _keep_server(server: EmbeddedPostgres) -> None:
    # Nobody else would start it again: a service manager watches over us, not over it.
    while True:
        await asyncio.sleep(SERVER_LOOK_S)
        if await asyncio.to_thread(server.is_up):
            continue
        log.warning("embedded_database_restarts")
        try:
            await asyncio.to_thread(server.start)
        except DatabaseUnavailable as error:
            log.warning("embedded_database_stays_away", reason=error.message)
