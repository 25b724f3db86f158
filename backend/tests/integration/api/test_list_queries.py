"""A list asks the database the same few questions whatever its length."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.core.blobs import BlobStore
from app.core.database import Database
from tests.factories.engine import make_plan, make_step
from tests.factories.files import make_file
from tests.factories.queries import recorded_queries
from tests.factories.tasks import make_artifact, make_plan_row, make_task
from tests.factories.users import KeyHolder

IDENTITY = 1


class TestNumberOfQueries:
    @pytest.mark.parametrize("count", [1, 12])
    async def test_of_tasks(
        self,
        application: FastAPI,
        api: AsyncClient,
        database: Database,
        mina: KeyHolder,
        count: int,
    ) -> None:
        for _ in range(count):
            await make_task(database, mina.user.id)
        assert await asked(application, api, "/api/v1/tasks") == (count, IDENTITY + 1)

    @pytest.mark.parametrize("count", [1, 12])
    async def test_of_files(
        self,
        application: FastAPI,
        api: AsyncClient,
        database: Database,
        mina: KeyHolder,
        count: int,
    ) -> None:
        for n in range(count):
            await make_file(database, mina.user.id, name=f"{n}.md")
        assert await asked(application, api, "/api/v1/files") == (count, IDENTITY + 1)

    @pytest.mark.parametrize("count", [1, 12])
    async def test_of_artifacts(
        self,
        application: FastAPI,
        api: AsyncClient,
        database: Database,
        mina: KeyHolder,
        count: int,
    ) -> None:
        blobs: BlobStore = application.state.runtime.blobs
        task = await make_task(database, mina.user.id)
        for n in range(count):
            await make_artifact(database, task.id, blobs, name=f"{n}.md")
        url = f"/api/v1/tasks/{task.id}/artifacts"
        assert await asked(application, api, url) == (count, IDENTITY + 4)

    @pytest.mark.parametrize("count", [1, 12])
    async def test_of_revisions(
        self,
        application: FastAPI,
        api: AsyncClient,
        database: Database,
        mina: KeyHolder,
        count: int,
    ) -> None:
        task = await make_task(database, mina.user.id)
        for n in range(count):
            await make_plan_row(database, task.id, make_plan([make_step(f"s{n}")]))
        url = f"/api/v1/tasks/{task.id}/plan/revisions"
        assert await asked(application, api, url) == (count, IDENTITY + 2)


async def asked(application: FastAPI, api: AsyncClient, url: str) -> tuple[int, int]:
    """Return how many items a list has and how many statements it took."""
    await api.get("/api/v1/me")
    with recorded_queries(application.state.runtime.database) as statements:
        answer = await api.get(url)
    return len(answer.json()["items"]), len(statements)
