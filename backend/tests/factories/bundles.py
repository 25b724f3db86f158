"""Tasks that have ended, their bundles on disk, and bundles that were tampered with."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from app.agents.transitions import TaskStatus
from app.core.blobs import sha256_hex
from app.engine.feed import LAST_KINDS
from app.runtime import Runtime
from app.schemas.task import TaskOrder, TaskRead
from app.services.accounts import AccountRepository, AccountService
from app.services.files import Upload
from tests.factories.task_files import ENGLISH_TABLE, ENGLISH_TEXT, KOREAN_TABLE, KOREAN_TEXT

GOAL = "Brief the board on electric ferries: a report, a workbook and a deck of 4 slides"
KOREAN_GOAL = "전기 여객선 현황을 이사회에 보고: 보고서, 엑셀, 발표 자료 4장"
UPLOADS = (
    Upload("ferries.md", ENGLISH_TEXT.encode()),
    Upload("orders.csv", ENGLISH_TABLE.encode()),
)
KOREAN_UPLOADS = (
    Upload("여객선.md", KOREAN_TEXT.encode()),
    Upload("주문.csv", KOREAN_TABLE.encode()),
)


async def owner_id(runtime: Runtime) -> str:
    """Return the local owner's id."""
    async with runtime.database.transaction() as session:
        return (await AccountService(AccountRepository(session)).local_owner()).id


async def ended_task(runtime: Runtime, *, is_korean: bool = False) -> TaskRead:
    """Order a brief, a workbook and a deck, and return the task when it has ended."""
    user_id = await owner_id(runtime)
    uploads, goal = (KOREAN_UPLOADS, KOREAN_GOAL) if is_korean else (UPLOADS, GOAL)
    files = await runtime.files.add_all(user_id, list(uploads))
    order = TaskOrder(goal=goal, file_ids=tuple(file.id for file in files), cap_usd=50)
    task = await runtime.orchestration.run(user_id, order)
    return await ended(runtime, task.id)


async def ended(runtime: Runtime, task_id: str, user_id: str | None = None) -> TaskRead:
    """Wait until a running task of a user, else of the owner, has ended or stopped; return it."""
    user_id = user_id or await owner_id(runtime)
    after = 0
    while True:
        task = await runtime.tasks.get(user_id, task_id)
        if task.status not in {TaskStatus.PLANNED, TaskStatus.RUNNING}:
            return task
        async with aclosing(runtime.feed.follow(task_id, after=after)) as events:
            async for event in events:
                after = event.seq
                if event.kind in LAST_KINDS:
                    break


async def exported(runtime: Runtime, task_id: str, folder: Path) -> Path:
    """Write a task's bundle into a folder; return where."""
    bundle = await runtime.bundles.export(await owner_id(runtime), task_id)
    path = folder / f"{task_id}.zip"
    with bundle.file as file:
        path.write_bytes(file.read())
    assert path.stat().st_size == bundle.size_bytes
    return path


def members_of(path: Path) -> dict[str, bytes]:
    """Return every member of a bundle by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def json_member(path: Path, name: str) -> Any:
    """Return one member, read."""
    return json.loads(members_of(path)[name])


def archive_of(
    members: Mapping[str, bytes] | list[tuple[str, bytes]],
    *,
    compression: int = zipfile.ZIP_STORED,
) -> bytes:
    """Return an archive of these members, whatever they are."""
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in pairs:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return out.getvalue()


def consistent(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the members with a manifest that fits them, as a careful forger makes it."""
    manifest = json.loads(members["manifest.json"])
    others = {name: content for name, content in members.items() if name != "manifest.json"}
    manifest["members"] = [
        {"name": name, "size_bytes": len(content), "sha256": sha256_hex(content)}
        for name, content in others.items()
    ]
    return {**others, "manifest.json": json.dumps(manifest).encode()}


def edited(
    members: Mapping[str, bytes], name: str, change: Callable[[Any], None]
) -> dict[str, bytes]:
    """Return the members with one of them changed and a manifest that fits."""
    value = json.loads(members[name])
    change(value)
    return consistent({**members, name: json.dumps(value, ensure_ascii=False).encode()})
