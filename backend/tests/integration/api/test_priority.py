"""Which of a user's tasks go first."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from app.core.database import Database
from app.models import AgentTaskRow, File
from tests.factories.files import make_file
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem
from tests.integration.api.test_orchestrator import EXECUTE, GOAL, PLAN, RUN, planned


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    """Return a file of Mina's that tasks can work from."""
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


class TestPriority:
    async def test_is_normal_unless_it_is_given(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file)
        assert task["priority"] == "normal"
        assert (await planned(api, file, priority="low"))["priority"] == "low"

    async def test_reaches_the_steps(
        self, api: AsyncClient, file: File, database: Database
    ) -> None:
        body = {"goal": GOAL, "file_ids": [file.id], "priority": "high"}
        task = (await api.post(RUN, json=body)).json()
        assert task["priority"] == "high"
        async with database.transaction() as session:
            ranks = await session.execute(
                select(AgentTaskRow.priority).where(AgentTaskRow.task_id == task["id"])
            )
            assert set(ranks.scalars()) == {1}

    async def test_of_a_plan_that_is_run_as_it_is(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        task = (await api.post(EXECUTE, json={"plan": plan, "priority": "low"})).json()
        assert task["priority"] == "low"
        listed = (await api.get("/api/v1/tasks")).json()
        assert "low" in {item["priority"] for item in listed["items"]}

    @pytest.mark.parametrize("priority", ["urgent", 5, 100, None, True])
    async def test_beyond_the_three_is_refused(
        self, api: AsyncClient, file: File, priority: object
    ) -> None:
        body = {"goal": GOAL, "file_ids": [file.id], "priority": priority}
        problem(await api.post(PLAN, json=body), 422, "request_invalid")

    async def test_is_no_part_of_an_approval(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file)
        body = {"task_id": task["id"], "content_hash": task["content_hash"], "priority": "high"}
        problem(await api.post(EXECUTE, json=body), 422, "request_invalid")
