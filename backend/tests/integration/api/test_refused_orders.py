"""Orders refused while they are planned: what the client is told, and what stays in the list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import SecretStr

from app.core.config import ModelSettings, Settings
from app.core.database import Database
from app.models import File
from tests.factories.files import make_file
from tests.factories.scripted_behaviour import Act
from tests.factories.scripted_server import KEY, ScriptedModelServer
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem

PLAN, RUN = "/api/v1/orchestrator/plan", "/api/v1/orchestrator/complex-task"
TASKS = "/api/v1/tasks"
GOAL = "Write a short report on the sales in Seoul"
SCRIPTED, BUILTIN = "openai:scripted", "builtin"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedModelServer]:
    with ScriptedModelServer(tmp_path / "bill.jsonl") as running:
        yield running


@pytest.fixture
def settings(settings: Settings, server: ScriptedModelServer) -> Settings:
    """Return settings with a provider that has a price."""
    model = ModelSettings(
        name=SCRIPTED,
        base_url=server.base_url,
        api_key=SecretStr(KEY),
        max_output_tokens=2000,
        max_sends=1,
        input_usd_per_mtok=1,
        output_usd_per_mtok=4,
    )
    return settings.model_copy(update={"model": model})


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


async def statuses(api: AsyncClient) -> list[str]:
    """Return the status of each of the user's tasks."""
    return [task["status"] for task in (await api.get(TASKS)).json()["items"]]


class TestRefusalThatCostNothing:
    @pytest.mark.parametrize("path", [PLAN, RUN])
    @pytest.mark.parametrize(
        ("goal", "code"),
        [("asdf qwer zxcv", "goal_unclear"), ("시 한 편 써줘", "goal_unclear")],
        ids=["nonsense", "poem"],
    )
    async def test_of_a_goal_leaves_no_task(
        self, api: AsyncClient, file: File, path: str, goal: str, code: str
    ) -> None:
        order = {"goal": goal, "file_ids": [file.id], "model": BUILTIN}
        problem(await api.post(path, json=order), 422, code)
        assert await statuses(api) == []

    async def test_for_want_of_files_leaves_no_task(self, api: AsyncClient) -> None:
        answer = await api.post(PLAN, json={"goal": GOAL, "model": BUILTIN})
        problem(answer, 422, "nothing_to_work_from")
        assert await statuses(api) == []

    async def test_for_too_small_a_cap_leaves_no_task(
        self, api: AsyncClient, file: File, server: ScriptedModelServer
    ) -> None:
        order = {"goal": GOAL, "file_ids": [file.id], "cap_usd": 0.000001}
        problem(await api.post(PLAN, json=order), 429, "budget_exceeded")
        assert server.requests == []
        assert await statuses(api) == []

    async def test_for_too_few_steps_leaves_no_task(self, api: AsyncClient, file: File) -> None:
        order = {"goal": GOAL, "file_ids": [file.id], "model": BUILTIN, "max_steps": 1}
        problem(await api.post(PLAN, json=order), 422, "constraints_violated")
        assert await statuses(api) == []

    @pytest.mark.parametrize("act", [Act.WRONG_KEY, Act.UNKNOWN_MODEL, Act.SERVER_ERROR])
    async def test_by_the_provider_leaves_no_task(
        self, api: AsyncClient, file: File, server: ScriptedModelServer, act: Act
    ) -> None:
        server.always(act)
        answer = await api.post(PLAN, json={"goal": GOAL, "file_ids": [file.id]})
        assert answer.is_error
        assert await statuses(api) == []


class TestRefusalThatCostMoney:
    async def test_stays_in_the_list_with_its_reason(
        self, api: AsyncClient, file: File, server: ScriptedModelServer
    ) -> None:
        server.always(Act.NONSENSE)
        answer = await api.post(PLAN, json={"goal": GOAL, "file_ids": [file.id]})
        document = problem(answer, 422, "model_answer_invalid")
        [listed] = (await api.get(TASKS)).json()["items"]
        task = (await api.get(f"{TASKS}/{listed['id']}")).json()
        assert task["status"] == "failed"
        assert task["spent_usd"] > 0
        assert task["error"] == {"code": document["code"], "message": document["detail"]}


class TestKeyOfTheProvider:
    async def test_that_is_refused_is_not_the_clients_own(
        self, api: AsyncClient, file: File, server: ScriptedModelServer
    ) -> None:
        server.always(Act.WRONG_KEY)
        answer = await api.post(RUN, json={"goal": GOAL, "file_ids": [file.id]})
        document = problem(answer, 403, "model_key_refused")
        assert "OPENAI_API_KEY or MADANG_MODEL__API_KEY" in document["detail"]
        assert "WWW-Authenticate" not in answer.headers
        assert KEY not in answer.text
