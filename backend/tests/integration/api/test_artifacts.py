"""The files of a task over HTTP."""

from urllib.parse import quote

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete

from app.core.blobs import BlobStore, sha256_hex
from app.core.database import Database
from app.core.ids import new_id
from app.models import Blob
from tests.factories.reviews import a_review
from tests.factories.tasks import make_artifact, make_task
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem

TASKS = "/api/v1/tasks"


@pytest.fixture
def blobs(application: FastAPI) -> BlobStore:
    """Return the application's store."""
    store: BlobStore = application.state.runtime.blobs
    return store


class TestListArtifacts:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(f"{TASKS}/{new_id()}/artifacts"), 401, "key_refused")

    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        task = await make_task(database, other.user.id)
        problem(await api.get(f"{TASKS}/{task.id}/artifacts"), 404, "task_missing")

    async def test_of_a_task_that_is_no_id(self, api: AsyncClient) -> None:
        problem(await api.get(f"{TASKS}/7/artifacts"), 404, "task_missing")

    async def test_shows_each_with_its_checks(
        self, api: AsyncClient, database: Database, mina: KeyHolder, blobs: BlobStore
    ) -> None:
        task = await make_task(database, mina.user.id)
        await make_artifact(database, task.id, blobs, content=b"# Report\n")
        (item,) = (await api.get(f"{TASKS}/{task.id}/artifacts")).json()["items"]
        assert item["name"] == "report.md"
        assert item["sha256"] == sha256_hex(b"# Report\n")
        assert item["checks"] == [{"name": "opens", "passed": True, "detail": ""}]
        assert item["review"] is None

    async def test_shows_each_with_its_review(
        self, api: AsyncClient, database: Database, mina: KeyHolder, blobs: BlobStore
    ) -> None:
        task = await make_task(database, mina.user.id)
        await make_artifact(database, task.id, blobs, review=a_review())
        (item,) = (await api.get(f"{TASKS}/{task.id}/artifacts")).json()["items"]
        assert item["review"] == a_review().model_dump(mode="json")


class TestDownloadArtifact:
    async def test_anonymous(self, client: AsyncClient) -> None:
        answer = await client.get(f"{TASKS}/{new_id()}/artifacts/report.md")
        problem(answer, 401, "key_refused")

    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder, blobs: BlobStore
    ) -> None:
        task = await make_task(database, other.user.id)
        await make_artifact(database, task.id, blobs)
        problem(await api.get(f"{TASKS}/{task.id}/artifacts/report.md"), 404, "task_missing")

    async def test_gives_the_bytes(
        self, api: AsyncClient, database: Database, mina: KeyHolder, blobs: BlobStore
    ) -> None:
        task = await make_task(database, mina.user.id)
        artifact = await make_artifact(database, task.id, blobs, content=b"\x00\xff# Report")
        answer = await api.get(f"{TASKS}/{task.id}/artifacts/report.md")
        assert answer.content == b"\x00\xff# Report"
        assert answer.headers["ETag"] == f'"{artifact.sha256}"'
        assert answer.headers["Content-Type"].startswith("text/markdown")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Content-Disposition"].startswith("attachment;")

    async def test_with_a_korean_name(
        self, api: AsyncClient, database: Database, mina: KeyHolder, blobs: BlobStore
    ) -> None:
        name = '매출 "보고".docx'
        task = await make_task(database, mina.user.id)
        await make_artifact(database, task.id, blobs, name=name)
        answer = await api.get(f"{TASKS}/{task.id}/artifacts/{quote(name)}")
        assert answer.status_code == 200
        disposition = answer.headers["Content-Disposition"]
        assert disposition.endswith(f"filename*=UTF-8''{quote(name, safe='')}")
        assert 'filename="' in disposition
        assert disposition.count('"') == 2

    @pytest.mark.parametrize("tags", ['"{etag}"', 'W/"{etag}"', '"other", "{etag}"', "*"])
    async def test_that_the_client_has(
        self,
        api: AsyncClient,
        database: Database,
        mina: KeyHolder,
        blobs: BlobStore,
        tags: str,
    ) -> None:
        task = await make_task(database, mina.user.id)
        artifact = await make_artifact(database, task.id, blobs)
        answer = await api.get(
            f"{TASKS}/{task.id}/artifacts/report.md",
            headers={"If-None-Match": tags.format(etag=artifact.sha256)},
        )
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == f'"{artifact.sha256}"'

    async def test_that_has_changed_since(
        self, api: AsyncClient, database: Database, mina: KeyHolder, blobs: BlobStore
    ) -> None:
        task = await make_task(database, mina.user.id)
        await make_artifact(database, task.id, blobs)
        answer = await api.get(
            f"{TASKS}/{task.id}/artifacts/report.md", headers={"If-None-Match": '"older"'}
        )
        assert answer.status_code == 200

    @pytest.mark.parametrize("name", ["other.md", "%00", "..%2F..%2Fetc", "a" * 3000, "%0A"])
    async def test_that_is_not_there(
        self, api: AsyncClient, database: Database, mina: KeyHolder, name: str
    ) -> None:
        task = await make_task(database, mina.user.id)
        answer = await api.get(f"{TASKS}/{task.id}/artifacts/{name}")
        assert answer.status_code == 404
        assert answer.json()["code"] in {"artifact_not_found", "route_not_found"}

    async def test_whose_bytes_are_lost(
        self, api: AsyncClient, database: Database, mina: KeyHolder, blobs: BlobStore
    ) -> None:
        task = await make_task(database, mina.user.id)
        artifact = await make_artifact(database, task.id, blobs)
        blobs.path(artifact.sha256).unlink()
        async with database.transaction() as session:
            await session.execute(delete(Blob))
        answer = await api.get(f"{TASKS}/{task.id}/artifacts/report.md")
        problem(answer, 404, "blob_not_found")
