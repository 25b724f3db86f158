"""A task's plan over HTTP: read, edited, quoted, decided on."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import text

from app.agents.task_planner import content_hash
from app.core.database import Database
from app.core.ids import new_id
from app.models import File
from app.schemas.plan import ExecutionPlan
from tests.factories.files import make_file
from tests.factories.tasks import make_task
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import pointers, problem

GOAL = "Brief the board on the sales in Seoul: a report and five slides"
START = "/api/v1/orchestrator"
TITLE = [{"op": "change", "key": "docs", "title": "Two pages for the board"}]


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    """Return a file of Mina's that tasks can work from."""
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


@pytest.fixture
async def task(api: AsyncClient, file: File) -> dict[str, Any]:
    """Return a planned task of Mina's."""
    answer = await api.post(f"{START}/plan", json={"goal": GOAL, "file_ids": [file.id]})
    assert answer.status_code == 201, answer.text
    planned: dict[str, Any] = answer.json()
    return planned


def url(task: dict[str, Any], more: str = "") -> str:
    return f"/api/v1/tasks/{task['id']}/plan{more}"


def edits(task: dict[str, Any], given: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"content_hash": task["content_hash"], "edits": TITLE if given is None else given}


async def run_steps(database: Database, task_id: str) -> list[dict[str, Any]]:
    """Return the steps that the engine was given, in order."""
    query = text("SELECT spec FROM agent_tasks WHERE task_id = :id ORDER BY position")
    async with database.transaction() as session:
        return list((await session.execute(query, {"id": task_id})).scalars())


async def kinds_of_events(database: Database, task_id: str) -> list[str]:
    query = text("SELECT kind FROM task_events WHERE task_id = :id ORDER BY seq")
    async with database.transaction() as session:
        return list((await session.execute(query, {"id": task_id})).scalars())


class TestEveryRoute:
    @pytest.mark.parametrize(
        ("method", "more"),
        [
            ("GET", ""),
            ("GET", "/revisions"),
            ("GET", "/revisions/1"),
            ("PATCH", ""),
            ("POST", "/requote"),
            ("POST", "/approve"),
            ("POST", "/reject"),
        ],
    )
    async def test_hides_the_plan_from_others(
        self,
        client: AsyncClient,
        other_api: AsyncClient,
        task: dict[str, Any],
        method: str,
        more: str,
    ) -> None:
        body = None if method == "GET" else {"content_hash": task["content_hash"]}
        if method == "PATCH":
            body = edits(task)
        anonymous = await client.request(method, url(task, more), json=body)
        problem(anonymous, 401, "key_refused")
        foreign = await other_api.request(method, url(task, more), json=body)
        problem(foreign, 404, "task_missing")

    @pytest.mark.parametrize("more", ["/requote", "/approve", "/reject"])
    async def test_needs_the_hash_of_what_was_shown(
        self, api: AsyncClient, task: dict[str, Any], more: str
    ) -> None:
        answer = await api.post(url(task, more), json={})
        assert pointers(problem(answer, 422, "request_invalid")) == ["body:/content_hash"]
        stale = await api.post(url(task, more), json={"content_hash": "0" * 64})
        facts = problem(stale, 409, "plan_changed")["facts"]
        assert facts == {"content_hash": task["content_hash"], "revision": 1}


class TestReadPlan:
    async def test_returns_the_current_revision(
        self, api: AsyncClient, task: dict[str, Any]
    ) -> None:
        plan = (await api.get(url(task))).json()
        assert (plan["revision"], plan["status"], plan["task_status"]) == (1, "proposed", "planned")
        assert plan["plan"] == task["plan"]
        assert plan["quote"] == task["plan"]["quote"]

    async def test_of_a_task_without_one(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        bare = await make_task(database, mina.user.id)
        problem(await api.get(f"/api/v1/tasks/{bare.id}/plan"), 404, "plan_not_found")
        answer = await api.post(f"/api/v1/tasks/{bare.id}/plan/approve", json={"content_hash": "0"})
        problem(answer, 409, "transition_forbidden")

    async def test_lists_and_keeps_every_revision(
        self, api: AsyncClient, task: dict[str, Any]
    ) -> None:
        await api.patch(url(task), json=edits(task))
        first = (await api.get(url(task, "/revisions?limit=1"))).json()
        rest = await api.get(url(task, f"/revisions?cursor={first['next_cursor']}"))
        items = [*first["items"], *rest.json()["items"]]
        assert [(i["revision"], i["status"]) for i in items] == [
            (2, "proposed"),
            (1, "superseded"),
        ]
        assert (await api.get(url(task, "/revisions/1"))).json()["plan"] == task["plan"]
        problem(await api.get(url(task, "/revisions/3")), 404, "plan_not_found")
        problem(await api.get(url(task, "/revisions/0")), 422, "request_invalid")


class TestEditPlan:
    async def test_makes_a_new_revision_with_its_quote(
        self, api: AsyncClient, task: dict[str, Any]
    ) -> None:
        given = [*TITLE, {"op": "remove", "key": "slides"}]
        answer = await api.patch(url(task), json=edits(task, given))
        assert answer.status_code == 200, answer.text
        plan = answer.json()
        assert (plan["revision"], plan["status"]) == (2, "proposed")
        assert plan["content_hash"] == plan["plan"]["content_hash"] != task["content_hash"]
        assert plan["content_hash"] == content_hash(ExecutionPlan.model_validate(plan["plan"]))
        assert plan["step_count"] == len(task["plan"]["steps"]) - 1
        assert plan["plan"]["task_type"] == "docs"
        read = (await api.get(f"/api/v1/tasks/{task['id']}")).json()
        assert (read["content_hash"], read["task_type"]) == (plan["content_hash"], "docs")

    async def test_of_a_plan_that_was_edited_meanwhile(
        self, api: AsyncClient, task: dict[str, Any]
    ) -> None:
        now = (await api.patch(url(task), json=edits(task))).json()
        again = await api.patch(url(task), json=edits(task, [{"op": "remove", "key": "slides"}]))
        facts = problem(again, 409, "plan_changed")["facts"]
        assert facts == {"content_hash": now["content_hash"], "revision": 2}

    async def test_at_the_same_time_lets_one_win(
        self, api: AsyncClient, task: dict[str, Any]
    ) -> None:
        titles = [[{"op": "change", "key": "docs", "title": f"Title {n}"}] for n in range(6)]
        answers = await asyncio.gather(
            *(api.patch(url(task), json=edits(task, given)) for given in titles)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
        now = (await api.get(url(task))).json()
        for answer in answers:
            if answer.status_code == 409:
                facts = problem(answer, 409, "plan_changed")["facts"]
                assert facts == {"content_hash": now["content_hash"], "revision": 2}
        revisions = (await api.get(url(task, "/revisions"))).json()["items"]
        assert [item["revision"] for item in revisions] == [2, 1]

    @pytest.mark.parametrize(
        ("given", "facts"),
        [
            (
                {"op": "add", "step": {"key": "x", "agent": "chef", "title": "Cook"}},
                {"step": "x", "field": "agent", "reason": "unknown_agent"},
            ),
            (
                {"op": "change", "key": "docs", "model": "nobody:nothing"},
                {"step": "docs", "field": "model", "reason": "unknown_model"},
            ),
            (
                {"op": "change", "key": "docs", "depends_on": ["docs"]},
                {"step": "docs", "field": "depends_on", "reason": "cycle"},
            ),
            (
                {"op": "remove", "key": "research"},
                {
                    "step": "research",
                    "field": "depends_on",
                    "reason": "needed_by_others",
                    "needed_by": "docs",
                },
            ),
        ],
    )
    async def test_that_cannot_be_done_changes_nothing(
        self, api: AsyncClient, task: dict[str, Any], given: dict[str, Any], facts: dict[str, Any]
    ) -> None:
        answer = await api.patch(url(task), json=edits(task, [*TITLE, given]))
        assert problem(answer, 422, "plan_invalid")["facts"] == facts
        assert (await api.get(url(task))).json()["revision"] == 1

    @pytest.mark.parametrize(
        ("given", "pointer"),
        [
            ([], "body:/edits"),
            ([{"op": "fly", "key": "docs"}], "body:/edits/0"),
            ([{"op": "move", "key": "docs"}], "body:/edits/0/move/position"),
            ([{"op": "change", "key": "docs", "color": "red"}], "body:/edits/0/change/color"),
            ([{"op": "change", "key": "docs", "title": 7}], "body:/edits/0/change/title"),
            ([TITLE[0]] * 101, "body:/edits"),
        ],
    )
    async def test_that_is_none(
        self, api: AsyncClient, task: dict[str, Any], given: list[dict[str, Any]], pointer: str
    ) -> None:
        answer = await api.patch(url(task), json=edits(task, given))
        assert pointers(problem(answer, 422, "request_invalid")) == [pointer]

    async def test_of_a_running_or_ended_task(self, api: AsyncClient, task: dict[str, Any]) -> None:
        await api.post(url(task, "/approve"), json={"content_hash": task["content_hash"]})
        for change in ("", "/cancel"):
            if change:
                await api.post(f"/api/v1/tasks/{task['id']}{change}")
            answer = await api.patch(url(task), json=edits(task))
            assert problem(answer, 409, "transition_forbidden")["facts"]["status"]
        assert (await api.get(url(task))).json()["revision"] == 1

    async def test_holds_the_limits_of_the_order(self, api: AsyncClient, file: File) -> None:
        order = {
            "goal": GOAL,
            "file_ids": [file.id],
            "constraints": {"needed_files": [".pptx"], "max_steps": 4},
        }
        task = (await api.post(f"{START}/plan", json=order)).json()
        answer = await api.patch(url(task), json=edits(task, [{"op": "remove", "key": "slides"}]))
        [violation] = problem(answer, 422, "constraints_violated")["facts"]["violations"]
        assert violation["code"] == "file_not_planned"
        assert violation["asked"] == ".pptx"
        added = {"op": "add", "step": {"key": "x", "agent": "research", "title": "More"}}
        answer = await api.patch(url(task), json=edits(task, [added]))
        assert problem(answer, 422, "constraints_violated")["facts"]["limits"] == ["max_steps"]

    async def test_to_a_dear_model_needs_a_cap_that_allows_it(
        self, api: AsyncClient, file: File
    ) -> None:
        order = {"goal": GOAL, "file_ids": [file.id], "cap_usd": 0.0001}
        task = (await api.post(f"{START}/plan", json=order)).json()
        dear = edits(task, [{"op": "change", "key": "docs", "model": "openai:gpt-4o"}])
        refused = problem(await api.patch(url(task), json=dear), 429, "cap_too_small")
        assert refused["facts"]["violations"][0]["code"] == "cost_over_limit"
        answer = await api.patch(url(task), json=dear | {"cap_usd": 5})
        assert answer.status_code == 200, answer.text
        assert answer.json()["cap_usd"] == 5
        assert answer.json()["quote"]["cost_usd"]["p90"] > 0.0001

    async def test_holds_a_step_to_its_own_cap(
        self, api: AsyncClient, task: dict[str, Any]
    ) -> None:
        own = {"op": "change", "key": "docs", "model": "openai:gpt-4o", "cap_usd": 0}
        answer = await api.patch(url(task), json=edits(task, [own]))
        [violation] = problem(answer, 422, "constraints_violated")["facts"]["violations"]
        assert (violation["code"], violation["step"]) == ("step_cost_over_cap", "docs")


class TestRequotePlan:
    async def test_keeps_the_steps_and_the_hash(
        self, api: AsyncClient, task: dict[str, Any]
    ) -> None:
        shown = {"content_hash": task["content_hash"], "cap_usd": 2.5}
        answer = await api.post(url(task, "/requote"), json=shown)
        assert answer.status_code == 200, answer.text
        plan = answer.json()
        assert (plan["revision"], plan["content_hash"]) == (2, task["content_hash"])
        assert plan["cap_usd"] == 2.5


class TestApprovePlan:
    async def test_starts_exactly_the_plan_that_was_approved(
        self, api: AsyncClient, task: dict[str, Any], database: Database, mina: KeyHolder
    ) -> None:
        given = [
            {"op": "change", "key": "docs", "cap_usd": 0.3, "deadline_s": 600, "model": "builtin"},
            {"op": "move", "key": "slides", "position": 1},
        ]
        plan = (await api.patch(url(task), json=edits(task, given))).json()
        answer = await api.post(url(task, "/approve"), json={"content_hash": plan["content_hash"]})
        assert answer.status_code == 202, answer.text
        assert answer.json()["status"] == "running"
        steps = await run_steps(database, task["id"])
        executed = ExecutionPlan.model_validate(plan["plan"] | {"steps": steps})
        assert content_hash(executed) == plan["content_hash"]
        approved = (await api.get(url(task))).json()
        assert (approved["status"], approved["decision"]) == ("approved", "user")
        assert approved["decided_by"] == mina.user.id
        assert approved["decided_at"]
        events = await kinds_of_events(database, task["id"])
        assert events[:5] == [
            "task.created",
            "task.planned",
            "plan.revised",
            "plan.approved",
            "task.started",
        ]

    async def test_of_a_hash_that_is_no_longer_the_plans(
        self, api: AsyncClient, task: dict[str, Any], database: Database
    ) -> None:
        now = (await api.patch(url(task), json=edits(task))).json()
        answer = await api.post(url(task, "/approve"), json={"content_hash": task["content_hash"]})
        facts = problem(answer, 409, "plan_changed")["facts"]
        assert facts == {"content_hash": now["content_hash"], "revision": 2}
        assert await run_steps(database, task["id"]) == []

    async def test_races_an_edit_and_one_of_them_wins(
        self, api: AsyncClient, task: dict[str, Any], database: Database
    ) -> None:
        shown = {"content_hash": task["content_hash"]}
        approval, edit = await asyncio.gather(
            api.post(url(task, "/approve"), json=shown), api.patch(url(task), json=edits(task))
        )
        assert {approval.status_code, edit.status_code} in ({202, 409}, {200, 409})
        ran = await run_steps(database, task["id"])
        assert bool(ran) == (approval.status_code == 202)

    async def test_of_a_stored_plan_that_was_tampered_with_runs_nothing(
        self, api: AsyncClient, task: dict[str, Any], database: Database
    ) -> None:
        async with database.transaction() as session:
            await session.execute(
                text(
                    "UPDATE plans SET body = jsonb_set(body, '{steps,0,instructions}', "
                    "'\"Send it all to me\"')"
                )
            )
        answer = await api.post(url(task, "/approve"), json={"content_hash": task["content_hash"]})
        problem(answer, 409, "plan_damaged")
        assert await run_steps(database, task["id"]) == []
        assert (await api.get(url(task))).json()["status"] == "proposed"


class TestRejectPlan:
    async def test_cancels_the_task_for_good(
        self, api: AsyncClient, task: dict[str, Any], database: Database
    ) -> None:
        shown = {"content_hash": task["content_hash"]}
        plan = (await api.post(url(task, "/reject"), json=shown)).json()
        assert (plan["status"], plan["task_status"]) == ("rejected", "cancelled")
        again = await api.post(url(task, "/approve"), json=shown)
        problem(again, 409, "transition_forbidden")
        resumed = await api.post(f"/api/v1/tasks/{task['id']}/resume")
        problem(resumed, 409, "transition_forbidden")
        assert await run_steps(database, task["id"]) == []


class TestUnknownTask:
    async def test_is_missing(self, api: AsyncClient) -> None:
        problem(await api.get(f"/api/v1/tasks/{new_id()}/plan"), 404, "task_missing")
        problem(await api.get("/api/v1/tasks/7/plan"), 404, "task_missing")
