"""Export a task as a bundle."""

import asyncio
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.agents.transitions import ENDED_TASKS
from app.core.blobs import BlobStore, StorageUnavailable
from app.core.database import Database
from app.models import Plan, Task, User
from app.services.bundles.archive import write_archive
from app.services.bundles.contents import BundleContents
from app.services.bundles.errors import BundleSourceGone, TaskNotEnded
from app.services.bundles.repository import BundleRepository, BundleRows
from app.services.bundles.versions import versions_here
from app.services.tasks import PlanNotFound

MEMORY_BYTES = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedBundle:
    """A finished bundle, open at its beginning; whoever gets it closes `file`."""

    task_id: str
    title: str
    size_bytes: int
    file: IO[bytes]


class BundleService:
    """Makes bundles. `secrets` are this installation's keys and places, kept out of each."""

    def __init__(
        self, database: Database, *, blobs: BlobStore, secrets: Iterable[str], scratch: Path
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._secrets = tuple(secrets)
        self._scratch = scratch

    async def export(self, user_id: str, task_id: str) -> ExportedBundle:
        """Return the bundle of the user's ended task.

        Raises:
            TaskMissing: There is no such task, or it is not this user's.
            TaskNotEnded: It may still change.
            PlanNotFound: It ended without a plan.
            BundleSourceGone: A file that it worked from was deleted.
            BlobNotFound: The data folder lost something that belongs in it.
            StorageUnavailable: There is no room for it.
        """
        async with self._database.transaction() as session:
            bundles = BundleRepository(session)
            task = await bundles.task(user_id, task_id)
            _require_ended(task)
            rows = await bundles.rows(task)
            user = await session.get_one(User, user_id)
            plan = _require_whole(rows)
        secrets = (*self._secrets, *filter(None, [user.email]))
        contents = BundleContents(rows, plan, self._blobs, secrets)
        file = await asyncio.to_thread(self._write, contents, task_id)
        size_bytes = file.seek(0, 2)
        file.seek(0)
        return ExportedBundle(task_id=task_id, title=task.title, size_bytes=size_bytes, file=file)

    def _write(self, contents: BundleContents, task_id: str) -> IO[bytes]:
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
            # In the data folder: it holds what users uploaded, which others may not read.
            file = tempfile.SpooledTemporaryFile(MEMORY_BYTES, dir=str(self._scratch))  # noqa: SIM115 - handed to the caller
        except OSError as error:
            raise _no_room(error) from error
        try:
            write_archive(file, contents.members(), task_id=task_id, versions=versions_here())
        except OSError as error:
            file.close()
            raise _no_room(error) from error
        except BaseException:
            file.close()
            raise
        return file


def _no_room(error: OSError) -> StorageUnavailable:
    return StorageUnavailable(
        f"The data folder cannot take the bundle ({error.strerror}); free space and try again."
    )


def _require_ended(task: Task) -> None:
    if task.status not in ENDED_TASKS:
        raise TaskNotEnded(
            f"The task is {task.status}; export it when it has ended, or cancel it first.",
            status=task.status,
        )


def _require_whole(rows: BundleRows) -> Plan:
    if rows.plan is None:
        raise PlanNotFound("The task ended without a plan, so there is nothing to replay.")
    if len(rows.files) != len(set(rows.task.file_ids)):
        raise BundleSourceGone(
            "A file that this task worked from was deleted, so its bundle could not be replayed; "
            "run the task again with the file to export it."
        )
    return rows.plan
