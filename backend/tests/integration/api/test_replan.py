"""A begun task planned anew over HTTP, and deadlines of tasks."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import text

from app.core.database import Database
from app.core.ids import new_id
from app.models import File
from tests.factories.files import make_file
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import pointers, problem

GOAL = "Brief the board on the sales in Seoul: a report and five slides"
OTHER_GOAL = "Brief the board on the sales in Seoul: a report and eight slides"
START = "/api/v1/orchestrator"
END = """
UPDATE agent_tasks SET waiting_on = 0, finished_at = now(),
    error = CASE WHEN key = ANY(:failed) THEN
        '{"code": "step_failed", "message": "it broke", "is_final": true}'::jsonb END,
    status = CASE WHEN key = ANY(:failed) THEN 'failed'
        WHEN agent = 'review' THEN 'blocked' ELSE 'done' END
"""


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    """Return a file of Mina's that tasks can work from."""
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


@pytest.fixture
async def partial(api: AsyncClient, database: Database, file: File) -> dict[str, Any]:
    """Return a task of Mina's whose slides failed for good and whose other steps are done."""
    order = {"goal": GOAL, "file_ids": [file.id]}
    answer = await api.post(f"{START}/complex-task", json=order)
    assert answer.status_code == 202, answer.text
    task: dict[str, Any] = answer.json()
    async with database.transaction() as session:
        await session.execute(text(END), {"failed": ["slides"]})
        await session.execute(
            text("""UPDATE tasks SET status = 'partial', finished_at = now(),
                 result = '{"status": "partial"}'""")
        )
    return task


def url(task: dict[str, Any]) -> str:
    return f"/api/v1/tasks/{task['id']}/replan"


class TestReplanTask:
    async def test_anonymous(self, client: AsyncClient, partial: dict[str, Any]) -> None:
        assert (await client.post(url(partial))).status_code == 401

    async def test_is_hidden_from_others(
        self, other_api: AsyncClient, partial: dict[str, Any]
    ) -> None:
        problem(await other_api.post(url(partial)), 404, "task_missing")
        problem(await other_api.post(url({"id": new_id()})), 404, "task_missing")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"goal": 7}, "goal"),
            ({"deadline_s": 0}, "deadline_s"),
            ({"deadline_s": "soon"}, "deadline_s"),
            ({"cap_usd": -1}, "cap_usd"),
            ({"unknown": 1}, "unknown"),
        ],
    )
    async def test_with_a_wrong_field(
        self, api: AsyncClient, partial: dict[str, Any], body: dict[str, Any], field: str
    ) -> None:
        answer = await api.post(url(partial), json=body)
        document = problem(answer, 422, "request_invalid")
        assert pointers(document) == [f"body:/{field}"]

    async def test_goes_around_what_failed_and_keeps_the_rest(
        self, api: AsyncClient, partial: dict[str, Any]
    ) -> None:
        answer = await api.post(url(partial))
        assert answer.status_code == 200, answer.text
        made = answer.json()
        assert made["difference"]["replaced"] == ["slides"]
        assert made["difference"]["added"] == ["slides-2"]
        assert "docs" in made["difference"]["kept"]
        assert (made["needs_approval"], made["replans_left"]) == (False, 1)
        assert (made["plan"]["revision"], made["plan"]["decision"]) == (2, "replan")
        task = (await api.get(f"/api/v1/tasks/{partial['id']}")).json()
        assert (task["status"], task["replans"]) == ("running", 1)
        statuses = {step["key"]: step["status"] for step in task["steps"]}
        assert (statuses["slides"], statuses["docs"]) == ("replaced", "done")
        assert statuses["slides-2"] == "queued"
        problem(await api.post(url(partial)), 409, "not_replannable")

    async def test_for_another_goal_waits_when_it_is_asked_to(
        self, api: AsyncClient, partial: dict[str, Any]
    ) -> None:
        body = {"goal": OTHER_GOAL, "require_approval": True}
        made = (await api.post(url(partial), json=body)).json()
        plan = made["plan"]
        assert (made["needs_approval"], plan["task_status"]) == (True, "planned")
        assert plan["plan"]["goal"] == OTHER_GOAL
        eight = [s for s in plan["plan"]["steps"] if s["slide_count"] == 8]
        assert len(eight) == 1
        assert set(plan["plan"]["finished"]) == set(made["difference"]["kept"])
        kept = plan["plan"]["finished"][0]
        edits = {"content_hash": plan["content_hash"], "edits": [{"op": "remove", "key": kept}]}
        answer = await api.patch(f"/api/v1/tasks/{partial['id']}/plan", json=edits)
        assert answer.json()["facts"]["reason"] == "finished_step"
        rejected = await api.post(
            f"/api/v1/tasks/{partial['id']}/plan/reject",
            json={"content_hash": plan["content_hash"]},
        )
        assert rejected.json()["task_status"] == "partial"
        task = (await api.get(f"/api/v1/tasks/{partial['id']}")).json()
        assert (task["status"], task["goal"]) == ("partial", GOAL)
        assert task["content_hash"] == partial["content_hash"]

    async def test_of_a_planned_task_says_what_to_do(self, api: AsyncClient, file: File) -> None:
        order = {"goal": GOAL, "file_ids": [file.id]}
        planned = (await api.post(f"{START}/plan", json=order)).json()
        answer = await api.post(url(planned))
        problem(answer, 409, "not_replannable")
        assert "edit, approve or reject" in answer.json()["detail"]

    async def test_for_an_empty_or_senseless_goal_changes_nothing(
        self, api: AsyncClient, partial: dict[str, Any]
    ) -> None:
        problem(await api.post(url(partial), json={"goal": " "}), 422, "goal_invalid")
        unclear = await api.post(url(partial), json={"goal": "hello there"})
        problem(unclear, 422, "goal_unclear")
        task = (await api.get(f"/api/v1/tasks/{partial['id']}")).json()
        assert (task["status"], task["replans"]) == ("partial", 0)
        assert (await api.post(url(partial))).status_code == 200


class TestDeadline:
    async def test_is_ordered_shown_and_renewed(
        self, api: AsyncClient, database: Database, file: File
    ) -> None:
        order = {"goal": GOAL, "file_ids": [file.id], "deadline_s": 60}
        task = (await api.post(f"{START}/complex-task", json=order)).json()
        assert task["deadline_s"] == 60
        assert task["deadline_at"] is not None
        at = f"/api/v1/tasks/{task['id']}"
        assert (await api.post(f"{at}/pause")).status_code == 200
        async with database.transaction() as session:
            await session.execute(text("UPDATE tasks SET deadline_at = now() - interval '1 s'"))
        problem(await api.post(f"{at}/resume"), 409, "deadline_passed")
        resumed = await api.post(f"{at}/resume", json={"deadline_s": 3600})
        assert (resumed.status_code, resumed.json()["deadline_s"]) == (200, 3600)

    @pytest.mark.parametrize("deadline_s", [0, -1, 604_801, "60", True])
    async def test_that_no_task_can_have_is_refused(
        self, api: AsyncClient, file: File, deadline_s: object
    ) -> None:
        order = {"goal": GOAL, "file_ids": [file.id], "deadline_s": deadline_s}
        answer = await api.post(f"{START}/plan", json=order)
        document = problem(answer, 422, "request_invalid")
        assert pointers(document) == ["body:/deadline_s"]

    async def test_holds_for_a_plan_that_is_sent(self, api: AsyncClient, file: File) -> None:
        order = {"goal": GOAL, "file_ids": [file.id]}
        planned = (await api.post(f"{START}/plan", json=order)).json()
        body = {"plan": planned["plan"], "deadline_s": 60}
        assert (await api.post(f"{START}/execute-plan", json=body)).json()["deadline_s"] == 60
        body["plan"] = {**planned["plan"], "content_hash": "", "finished": ["docs"]}
        answer = await api.post(f"{START}/execute-plan", json=body)
        problem(answer, 422, "plan_invalid")
