"""Plans sent to be run as they are, and refused."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.core.database import Database
from app.models import File
from tests.factories.files import make_file
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem
from tests.integration.api.test_orchestrator import EXECUTE, planned


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    """Return a file of Mina's that tasks can work from."""
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


class TestExecutePlan:
    async def test_a_plan_that_names_a_file_twice(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        plan |= {"file_ids": [file.id, file.id], "content_hash": ""}
        document = problem(await api.post(EXECUTE, json={"plan": plan}), 422, "request_invalid")
        assert "each file once" in str(document)

    async def test_a_plan_at_an_absurd_price(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        price = {"input_usd_per_mtok": 1e308, "output_usd_per_mtok": 1, "source": "me"}
        plan |= {"price": price, "content_hash": ""}
        problem(await api.post(EXECUTE, json={"plan": plan}), 422, "request_invalid")
