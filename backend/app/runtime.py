"""All that outlives a request, opened and closed in one place."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from app.agents.minds import Minds
from app.agents.workers import default_agents
from app.artifacts.press import Press
from app.core import migrations
from app.core.blobs import BlobStore
from app.core.config import Settings
from app.core.database import Database, open_engine, psycopg_url
from app.core.idle import IdleRelease
from app.core.logging import get_logger
from app.core.postgres import DatabaseUnavailable, EmbeddedPostgres
from app.core.shared_blobs import SharedBlobStore
from app.engine import (
    Bell,
    EventFeed,
    LedgerDesk,
    StepRunner,
    Worker,
    Workshop,
)
from app.engine.door import EngineDoor
from app.services.bundles import BundleService, secrets_of
from app.services.files import FileLibraries, FileReader, FileService
from app.services.quotes import QuoteService
from app.services.spending import SpendingService
from app.services.tasks import (
    OrchestrationService,
    OrderDefaults,
    PlanService,
    ReplanService,
    TaskService,
)
from app.sources import SentenceEmbedder, sentence_embedder

SERVER_LOOK_S = 1.0
log = get_logger(__name__)


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
    replans: ReplanService
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
    replans = _replans(opened, door, libraries)
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
        replans=replans,
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
        worker=_worker(opened, bell, libraries, blobs, replans),
        background=opened.background,
    )


def _replans(opened: _Opened, door: EngineDoor, libraries: FileLibraries) -> ReplanService:
    return ReplanService(
        opened.database,
        libraries=libraries,
        engine=door,
        desk=door,
        max_replans=opened.settings.engine.max_replans,
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


def _worker(
    opened: _Opened,
    bell: Bell,
    libraries: FileLibraries,
    blobs: BlobStore,
    replans: ReplanService,
) -> Worker:
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
        replan=replans.replan_by_itself,
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
