"""Orders that wait for an approval, and orders with limits, over HTTP."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.core.database import Database
from app.models import File
from tests.factories.files import make_file
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import pointers, problem

GOAL = "Brief the board on the sales in Seoul: a report and five slides"
START = "/api/v1/orchestrator"


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    """Return a file of Mina's that tasks can work from."""
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


def plan_url(task: dict[str, Any]) -> str:
    return f"/api/v1/tasks/{task['id']}/plan"


class TestRequireApproval:
    async def order(self, api: AsyncClient, file: File, **more: Any) -> dict[str, Any]:
        body = {"goal": GOAL, "file_ids": [file.id], "require_approval": True, **more}
        answer = await api.post(f"{START}/complex-task", json=body)
        assert answer.status_code == 202, answer.text
        ordered: dict[str, Any] = answer.json()
        return ordered

    async def test_keeps_the_task_from_running(self, api: AsyncClient, file: File) -> None:
        task = await self.order(api, file)
        assert task["status"] == "planned"
        assert (await api.get(plan_url(task))).json()["status"] == "proposed"

    async def test_is_given_by_itself_below_the_users_limit(
        self, api: AsyncClient, file: File
    ) -> None:
        await api.patch("/api/v1/me", json={"auto_approve_below_usd": 0.01})
        task = await self.order(api, file)
        assert task["status"] == "running"
        plan = (await api.get(plan_url(task))).json()
        assert (plan["status"], plan["decision"]) == ("approved", "auto")

    async def test_is_not_given_by_another_users_limit(
        self, api: AsyncClient, other_api: AsyncClient, file: File
    ) -> None:
        await other_api.patch("/api/v1/me", json={"auto_approve_below_usd": 100})
        assert (await self.order(api, file))["status"] == "planned"

    async def test_is_not_asked_of_an_order_without_it(self, api: AsyncClient, file: File) -> None:
        task = await self.order(api, file, require_approval=False)
        assert (await api.get(plan_url(task))).json()["decision"] == "order"


class TestConstraints:
    async def test_of_an_order_reshape_its_plan_and_say_so(
        self, api: AsyncClient, file: File
    ) -> None:
        order = {"goal": GOAL, "file_ids": [file.id], "constraints": {"max_steps": 3}}
        answer = await api.post(f"{START}/plan", json=order)
        assert answer.status_code == 201, answer.text
        plan = answer.json()["plan"]
        assert len(plan["steps"]) == 3
        assert any("left out" in notice for notice in plan["notices"])

    async def test_that_cannot_be_kept_are_listed_each(self, api: AsyncClient, file: File) -> None:
        order = {
            "goal": GOAL,
            "file_ids": [file.id],
            "max_steps": 2,
            "constraints": {"max_steps": 9, "allowed_agents": ["review"]},
        }
        answer = await api.post(f"{START}/plan", json=order)
        facts = problem(answer, 422, "constraints_violated")["facts"]
        codes = [violation["code"] for violation in facts["violations"]]
        assert codes[0] == "too_many_steps"
        assert set(codes[1:]) == {"agent_not_allowed"}
        assert facts["violations"][0]["asked"] == 2

    async def test_that_forbid_the_model_of_the_order(self, api: AsyncClient, file: File) -> None:
        order = {
            "goal": GOAL,
            "file_ids": [file.id],
            "model": "builtin",
            "constraints": {"allowed_models": ["openai:gpt-5-mini"]},
        }
        answer = await api.post(f"{START}/plan", json=order)
        problem(answer, 422, "constraints_violated")

    @pytest.mark.parametrize(
        ("constraints", "pointer"),
        [
            ({"max_steps": 0}, "body:/constraints/max_steps"),
            ({"allowed_agents": []}, "body:/constraints/allowed_agents"),
            ({"allowed_agents": ["chef"]}, "body:/constraints/allowed_agents/0"),
            ({"needed_files": [""]}, "body:/constraints/needed_files/0"),
            ({"budget": 1}, "body:/constraints/budget"),
        ],
    )
    async def test_that_are_none(
        self, api: AsyncClient, constraints: dict[str, Any], pointer: str
    ) -> None:
        answer = await api.post(f"{START}/plan", json={"goal": GOAL, "constraints": constraints})
        assert pointers(problem(answer, 422, "request_invalid")) == [pointer]
