"""The open runtime of one command, as its local owner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from app.cli.errors import AmbiguousId, UnknownId
from app.cli.invocation import program
from app.core.clock import monotonic_s
from app.core.config import Settings
from app.core.postgres import DatabaseUnavailable
from app.runtime import Runtime, open_runtime
from app.schemas.task import TaskSummary
from app.services.accounts import AccountRepository, AccountService

PAGE = 200
MIN_PREFIX = 4
MAX_OUTAGE_S = 90.0
LOOK_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The runtime and its local owner."""

    runtime: Runtime
    user_id: str

    async def task_id(self, given: str) -> str:
        """Return the task's id for a whole id or for its beginning, at least four characters.

        Raises:
            UnknownId, AmbiguousId: No task begins so, or more than one.
        """
        if _is_whole(given):
            return given.lower()
        found = [task.id async for task in self._tasks() if task.id.startswith(given.lower())]
        return only_match("task", given, found)

    async def file_id(self, given: str) -> str:
        """Return the file's id for a whole id or for its beginning, at least four characters.

        Raises:
            UnknownId, AmbiguousId: No file begins so, or more than one.
        """
        if _is_whole(given):
            return given.lower()
        found: list[str] = []
        before = None
        while page := await self.runtime.files.page(self.user_id, limit=PAGE, before=before):
            found += [file.id for file in page if file.id.startswith(given.lower())]
            before = (page[-1].created_at, page[-1].id)
        return only_match("file", given, found)

    async def wait_for_database(self) -> None:
        """Wait out an outage; the runtime starts an embedded server again.

        Raises:
            DatabaseUnavailable: It stays away.
        """
        deadline_s = monotonic_s() + MAX_OUTAGE_S
        while True:
            try:
                await self.runtime.tasks.page(self.user_id, limit=1)
            except DatabaseUnavailable:
                if monotonic_s() >= deadline_s:
                    raise
            else:
                return
            await asyncio.sleep(LOOK_S)

    async def _tasks(self) -> AsyncIterator[TaskSummary]:
        before = None
        while page := await self.runtime.tasks.page(self.user_id, limit=PAGE, before=before):
            for task in page:
                yield task
            before = (page[-1].created_at, page[-1].id)


@asynccontextmanager
async def open_session(settings: Settings) -> AsyncIterator[Session]:
    """Open the runtime as the local owner.

    Raises:
        DatabaseUnavailable: The database cannot be started, reached or brought up to date.
    """
    async with open_runtime(settings) as runtime:
        async with runtime.database.transaction() as rows:
            owner = await AccountService(AccountRepository(rows)).local_owner()
        yield Session(runtime=runtime, user_id=owner.id)


def only_match(noun: str, given: str, found: list[str]) -> str:
    """Return the one id that was found.

    Raises:
        UnknownId, AmbiguousId: There is none, or more than one.
    """
    if len(given) < MIN_PREFIX:
        raise AmbiguousId(f"{given!r} is too short; give at least {MIN_PREFIX} characters of it.")
    if not found:
        raise UnknownId(f"There is no {noun} {given}; `{program()} {_list_of(noun)}` shows yours.")
    if len(found) > 1:
        raise AmbiguousId(f"{len(found)} {noun}s begin with {given}; give more of the id.")
    return found[0]


def _list_of(noun: str) -> str:
    return "files list" if noun == "file" else f"{noun} list"


def _is_whole(given: str) -> bool:
    try:
        return str(UUID(given)) == given.lower()
    except ValueError:
        return False
