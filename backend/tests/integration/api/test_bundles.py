"""A task's bundle over HTTP."""

import io
import zipfile
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.agents.transitions import TaskStatus
from app.core.database import Database
from app.core.ids import new_id
from app.runtime import Runtime
from app.services.bundles import replay_bundle
from app.sources import sentence_embedder
from tests.factories.bundles import GOAL, UPLOADS, ended
from tests.factories.tasks import make_task
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem

TASKS = "/api/v1/tasks"


async def order_over_http(api: AsyncClient) -> str:
    """Upload two files, order a task, and return its id."""
    uploads = [("files", (upload.name, upload.content)) for upload in UPLOADS]
    items = (await api.post("/api/v1/files", files=uploads)).json()["items"]
    order = {"goal": GOAL, "file_ids": [item["id"] for item in items]}
    answer = await api.post("/api/v1/orchestrator/complex-task", json=order)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


class TestExportTask:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(f"{TASKS}/{new_id()}/bundle"), 401, "key_refused")

    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        task = await make_task(database, other.user.id, status=TaskStatus.DONE)
        problem(await api.get(f"{TASKS}/{task.id}/bundle"), 404, "task_missing")

    @pytest.mark.parametrize("task_id", ["7", "%00", "00000000-0000-4000-8000-000000000000"])
    async def test_of_no_task(self, api: AsyncClient, task_id: str) -> None:
        problem(await api.get(f"{TASKS}/{task_id}/bundle"), 404, "task_missing")

    async def test_of_a_running_task(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        task = await make_task(database, mina.user.id, status=TaskStatus.RUNNING)
        problem(await api.get(f"{TASKS}/{task.id}/bundle"), 409, "task_not_ended")

    async def test_gives_a_bundle_that_can_be_replayed(
        self, application: FastAPI, api: AsyncClient, mina: KeyHolder, tmp_path: Path
    ) -> None:
        runtime: Runtime = application.state.runtime
        runtime.start_worker()
        task_id = await order_over_http(api)
        await ended(runtime, task_id, mina.user.id)
        answer = await api.get(f"{TASKS}/{task_id}/bundle")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/zip"
        assert int(answer.headers["Content-Length"]) == len(answer.content)
        assert f"madang-{task_id}.zip" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert mina.user.email.encode() not in answer.content
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
        assert (await api.get(f"{TASKS}/{task_id}/bundle")).content == answer.content
        path = tmp_path / "task.zip"
        path.write_bytes(answer.content)
        replay = await replay_bundle(path, sentence_embedder())
        assert replay.is_equal
        assert len(replay.files) == 3
