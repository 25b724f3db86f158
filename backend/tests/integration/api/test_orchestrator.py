"""Plans and their execution over HTTP."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import func, select

from app.agents.task_planner import requote
from app.core.database import Database
from app.core.ids import new_id
from app.models import File, Task
from app.schemas.plan import ExecutionPlan
from tests.factories.engine import make_plan, make_step
from tests.factories.files import make_file
from tests.factories.recorded_runs import Outcome, RecordedRun
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import pointers, problem

START = "/api/v1/orchestrator"
PLAN, RUN, EXECUTE = f"{START}/plan", f"{START}/complex-task", f"{START}/execute-plan"
GOAL = "Write a short report on the sales in Seoul"
CALIBRATION = f"{START}/calibration"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    """Return a file of Mina's that tasks can work from."""
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


async def task_count(database: Database) -> int:
    """Return how many tasks there are."""
    async with database.transaction() as session:
        return (await session.execute(select(func.count()).select_from(Task))).scalar_one()


async def planned(api: AsyncClient, file: File, **more: Any) -> dict[str, Any]:
    """Return a planned task."""
    answer = await api.post(PLAN, json={"goal": GOAL, "file_ids": [file.id], **more})
    assert answer.status_code == 201, answer.text
    task: dict[str, Any] = answer.json()
    return task


class TestQuotes:
    async def test_of_plans_are_learned_from_ones_own_runs(
        self,
        api: AsyncClient,
        file: File,
        database: Database,
        mina: KeyHolder,
    ) -> None:
        plan = ExecutionPlan.model_validate((await planned(api, file))["plan"])
        async with database.transaction() as session:
            for day in range(1, 6):
                await RecordedRun(
                    task_id=new_id(),
                    user_id=mina.user.id,
                    plan=plan,
                    outcomes={step.key: Outcome(time_s=0.5) for step in plan.steps},
                    began_at=datetime(2026, 3, day, tzinfo=UTC),
                    price=None,
                ).insert(session)
        again = (await planned(api, file))["plan"]
        assert again["quote"]["basis"] == {"kind": "actuals", "runs": 5}
        assert again["content_hash"] == plan.content_hash
        body = {"plan": plan.model_dump(mode="json")}
        answer = await api.post(EXECUTE, json=body)
        assert answer.json()["plan"]["quote"]["basis"] == {"kind": "actuals", "runs": 5}


class TestReadCalibration:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(CALIBRATION), 401, "key_refused")

    async def test_is_empty_at_first(self, api: AsyncClient) -> None:
        answer = await api.get(CALIBRATION)
        assert answer.status_code == 200
        assert answer.json() == {"expected_inside": 0.8, "rows": []}

    async def test_shows_only_ones_own_runs(
        self, api: AsyncClient, other_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        run = RecordedRun(
            task_id=new_id(),
            user_id=mina.user.id,
            plan=requote(make_plan([make_step("a")]), price=None, source_characters=100),
            outcomes={"a": Outcome(time_s=1.2)},
            began_at=datetime(2026, 3, 1, tzinfo=UTC),
            price=None,
        )
        async with database.transaction() as session:
            await run.insert(session)
        rows = (await api.get(CALIBRATION)).json()["rows"]
        assert [(row["agent"], row["model"], row["runs"]) for row in rows] == [
            (None, "builtin", 1),
            ("research", "builtin", 1),
        ]
        assert rows[1]["time_s"]["inside"] == 1
        assert rows[1]["cost_usd"] is None
        assert (await other_api.get(CALIBRATION)).json()["rows"] == []


class TestPlanTask:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.post(PLAN, json={"goal": GOAL}), 401, "key_refused")

    async def test_anonymous_learns_nothing_of_the_body(self, client: AsyncClient) -> None:
        problem(await client.post(PLAN, content=b"{", headers=JSON), 401, "key_refused")

    async def test_returns_a_priced_plan_that_does_not_run(
        self, api: AsyncClient, file: File
    ) -> None:
        answer = await api.post(PLAN, json={"goal": GOAL, "file_ids": [file.id]})
        task = answer.json()
        assert answer.status_code == 201
        assert answer.headers["Location"] == f"/api/v1/tasks/{task['id']}"
        assert task["status"] == "planned"
        assert task["content_hash"] == task["plan"]["content_hash"]
        quote = task["plan"]["quote"]
        assert 0 < quote["time_s"]["p10"] < quote["time_s"]["p50"] < quote["time_s"]["p90"]
        assert quote["basis"] == {"kind": "priors", "runs": 0}
        assert task["plan"]["source_characters"] > 0
        assert task["plan"]["steps"]
        assert task["steps"] == []

    async def test_with_a_file_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        file = await make_file(database, other.user.id)
        answer = await api.post(PLAN, json={"goal": GOAL, "file_ids": [file.id]})
        problem(answer, 404, "file_not_found")
        assert await task_count(database) == 0

    @pytest.mark.parametrize("field", ["file_ids", "file_id"])
    async def test_with_ids_that_are_none(self, api: AsyncClient, field: str) -> None:
        answer = await api.post(PLAN, json={"goal": GOAL, field: ["secret-value"]})
        document = problem(answer, 422, "request_invalid")
        assert pointers(document)[0].startswith(f"body:/{field}")
        assert "secret-value" not in answer.text

    async def test_names_a_file_twice(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file, file_ids=[file.id, file.id.upper()])
        assert task["file_ids"] == [file.id]

    async def test_with_more_files_than_a_task_takes(self, api: AsyncClient) -> None:
        answer = await api.post(
            PLAN, json={"goal": GOAL, "file_ids": [new_id() for _ in range(21)]}
        )
        problem(answer, 422, "too_many_files")

    @pytest.mark.parametrize("goal", ["", " ", "x", "\n\n\n\n", "가" * 20_001])
    async def test_with_a_goal_that_is_none_or_too_long(
        self, api: AsyncClient, database: Database, goal: str
    ) -> None:
        problem(await api.post(PLAN, json={"goal": goal}), 422, "goal_invalid")
        assert await task_count(database) == 0

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            (rb'{"goal": "Report\u0000 on sales"}', "body:/goal"),
            (rb'{"goal": "Report", "a\u0000": 1}', "body:"),
            (rb'{"goal": "Report", "file_ids": ["a", "\u0000"]}', "body:/file_ids/1"),
            (rb'{"goal": "Report \ud800"}', "body:"),
            (b'{"goal": "Report \xff"}', "body:"),
            (b'{"goal": "Report", "cap_usd": NaN}', "body:"),
            (b'{"goal": "Report", "cap_usd": Infinity}', "body:"),
            (b'{"goal": "Report", "max_steps": ' + b"9" * 5000 + b"}", "body:"),
            (b'{"goal": "Report", "max_steps": 99999999999999999999.5}', "body:/max_steps"),
            (b'{"goal": "Report", "max_steps": 0}', "body:/max_steps"),
            (b'{"goal": "Report", "cap_usd": -1}', "body:/cap_usd"),
            (b'{"goal": "Report", "cap_usd": true}', "body:/cap_usd"),
            (b'{"goal": "Report", "cap_usd": "1"}', "body:/cap_usd"),
            (b'{"goal": "Report", "max_time_s": true}', "body:/max_time_s"),
            (b'{"goal": "Report", "max_tokens": true}', "body:/max_tokens"),
            (b'{"goal": "Report", "max_steps": "1"}', "body:/max_steps"),
            (b'{"goal": "Report", "language": "fr"}', "body:/language"),
            (b'{"goal": 7}', "body:/goal"),
            (b'{"goal": "Report"', "body:"),
            (b"[" * 100_000, "body:"),
            (b"[]", "body:"),
            (b"null", "body:"),
            (b"", "body:"),
            (b"{}", "body:/goal"),
        ],
    )
    async def test_with_a_body_that_is_wrong(
        self, api: AsyncClient, database: Database, body: bytes, pointer: str
    ) -> None:
        answer = await api.post(PLAN, content=body, headers=JSON)
        assert pointers(problem(answer, 422, "request_invalid")) == [pointer]
        assert await task_count(database) == 0

    async def test_keeps_an_escaped_backslash_before_u0000(
        self, api: AsyncClient, file: File
    ) -> None:
        goal = GOAL + r" in C:\u0000"
        task = await planned(api, file, goal=goal)
        assert task["goal"] == goal

    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "json"]
    )
    async def test_with_a_body_of_another_type(self, api: AsyncClient, content_type: str) -> None:
        answer = await api.post(
            PLAN, content=b'{"goal": "x"}', headers={"Content-Type": content_type}
        )
        problem(answer, 415, "media_type_unsupported")

    async def test_with_a_body_too_long_for_json(self, api: AsyncClient) -> None:
        answer = await api.post(PLAN, json={"goal": "x" * 2_000_000})
        problem(answer, 413, "request_too_large")

    @pytest.mark.parametrize("model", ["nobody:nothing", "openai:", "한글", "builtin "])
    async def test_with_a_model_that_cannot_be_used(
        self, api: AsyncClient, database: Database, file: File, model: str
    ) -> None:
        answer = await api.post(PLAN, json={"goal": GOAL, "file_ids": [file.id], "model": model})
        assert answer.status_code == 422, answer.text
        assert await task_count(database) == 0

    async def test_beyond_its_limits(self, api: AsyncClient, file: File) -> None:
        answer = await api.post(
            PLAN, json={"goal": GOAL, "file_ids": [file.id], "max_steps": 1, "max_time_s": 0.001}
        )
        document = problem(answer, 422, "constraints_violated")
        assert document["facts"]["limits"]


class TestRunTask:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.post(RUN, json={"goal": GOAL}), 401, "key_refused")

    async def test_starts_at_once(self, api: AsyncClient, file: File) -> None:
        answer = await api.post(RUN, json={"goal": GOAL, "file_ids": [file.id]})
        task = answer.json()
        assert answer.status_code == 202, answer.text
        assert answer.headers["Location"] == f"/api/v1/tasks/{task['id']}"
        assert task["status"] == "running"
        assert {step["key"] for step in task["steps"]} == {
            step["key"] for step in task["plan"]["steps"]
        }

    async def test_with_a_file_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        file = await make_file(database, other.user.id)
        answer = await api.post(RUN, json={"goal": GOAL, "file_ids": [file.id]})
        problem(answer, 404, "file_not_found")

    async def test_without_a_goal(self, api: AsyncClient) -> None:
        answer = await api.post(RUN, json={"file_ids": []})
        assert pointers(problem(answer, 422, "request_invalid")) == ["body:/goal"]


class TestExecutePlan:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.post(EXECUTE, json={}), 401, "key_refused")

    async def test_starts_a_planned_task(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file)
        approval = {"task_id": task["id"], "content_hash": task["content_hash"]}
        answer = await api.post(EXECUTE, json=approval)
        assert answer.status_code == 202, answer.text
        assert answer.json()["id"] == task["id"]
        assert answer.json()["status"] == "running"

    async def test_twice(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file)
        approval = {"task_id": task["id"], "content_hash": task["content_hash"]}
        await api.post(EXECUTE, json=approval)
        problem(await api.post(EXECUTE, json=approval), 409, "transition_forbidden")

    @pytest.mark.parametrize(
        "words", [{"title": "x" * 1_000}, {"title": " "}, {"notices": ["x" * 10_000]}]
    )
    async def test_of_a_plan_with_words_that_no_list_could_show(
        self, api: AsyncClient, file: File, database: Database, words: dict[str, object]
    ) -> None:
        task = await planned(api, file)
        plan = {**task["plan"], **words, "content_hash": ""}
        problem(await api.post(EXECUTE, json={"plan": plan}), 422, "plan_invalid")
        assert await task_count(database) == 1

    async def test_of_another_hash(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file)
        approval = {"task_id": task["id"], "content_hash": "0" * 64}
        problem(await api.post(EXECUTE, json=approval), 409, "plan_changed")

    async def test_of_another_user(
        self, api: AsyncClient, other_api: AsyncClient, file: File
    ) -> None:
        task = await planned(api, file)
        approval = {"task_id": task["id"], "content_hash": task["content_hash"]}
        problem(await other_api.post(EXECUTE, json=approval), 404, "task_missing")

    async def test_runs_exactly_the_given_plan(
        self, api: AsyncClient, file: File, database: Database
    ) -> None:
        task = await planned(api, file)
        answer = await api.post(EXECUTE, json={"plan": task["plan"], "cap_usd": 0.25})
        started = answer.json()
        assert answer.status_code == 202, answer.text
        assert started["id"] != task["id"]
        assert started["content_hash"] == task["content_hash"]
        assert started["cap_usd"] == 0.25
        assert started["status"] == "running"

    async def test_runs_an_edited_plan(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        plan["steps"][0]["title"] = "매출을 조사합니다"
        plan["content_hash"] = ""
        answer = await api.post(EXECUTE, json={"plan": plan})
        assert answer.status_code == 202, answer.text
        assert answer.json()["steps"][0]["title"] == "매출을 조사합니다"

    async def test_an_edited_plan_under_its_old_hash(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        plan["steps"][0]["title"] = "Something else"
        problem(await api.post(EXECUTE, json={"plan": plan}), 409, "plan_changed")

    async def test_a_plan_with_a_circle(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        plan["content_hash"] = ""
        plan["steps"][0]["depends_on"] = [plan["steps"][0]["key"]]
        problem(await api.post(EXECUTE, json={"plan": plan}), 422, "plan_invalid")

    async def test_a_plan_on_a_file_of_another_user(
        self, api: AsyncClient, file: File, database: Database, other: KeyHolder
    ) -> None:
        plan = (await planned(api, file))["plan"]
        foreign = await make_file(database, other.user.id)
        plan |= {"content_hash": "", "file_ids": [foreign.id]}
        problem(await api.post(EXECUTE, json={"plan": plan}), 404, "file_not_found")

    async def test_a_plan_on_a_file_that_is_no_id(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        plan |= {"content_hash": "", "file_ids": ["7"]}
        problem(await api.post(EXECUTE, json={"plan": plan}), 422, "request_invalid")

    @pytest.mark.parametrize(
        "name", ["../../etc/passwd.docx", "a/b.docx", r"a\b.docx", "..", "a\nb.docx", "한" * 67]
    )
    async def test_a_plan_that_names_a_file_as_no_folder_can_hold_it(
        self, api: AsyncClient, file: File, database: Database, name: str
    ) -> None:
        plan = (await planned(api, file))["plan"]
        plan["content_hash"] = ""
        plan["steps"][-1]["file_name"] = name
        before = await task_count(database)
        problem(await api.post(EXECUTE, json={"plan": plan}), 422, "plan_invalid")
        assert await task_count(database) == before

    async def test_a_plan_that_names_a_file_in_korean(self, api: AsyncClient, file: File) -> None:
        plan = (await planned(api, file))["plan"]
        plan["content_hash"] = ""
        (docs,) = [step for step in plan["steps"] if step["agent"] == "docs"]
        docs["file_name"] = "매출 보고.docx"
        assert (await api.post(EXECUTE, json={"plan": plan})).status_code == 202

    async def test_a_plan_for_a_model_that_cannot_be_used(
        self, api: AsyncClient, file: File
    ) -> None:
        plan = (await planned(api, file))["plan"]
        plan |= {"content_hash": "", "model": "nobody:nothing"}
        answer = await api.post(EXECUTE, json={"plan": plan})
        assert answer.status_code == 422, answer.text

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"task_id": new_id()},
            {"content_hash": "0" * 64},
            {"cap_usd": 1},
            {"task_id": new_id(), "content_hash": "0" * 64, "cap_usd": 1},
            {"task_id": "7", "content_hash": "0" * 64},
            {"task_id": new_id(), "content_hash": "0" * 65},
            {"task_id": new_id(), "content_hash": "0", "plan": {}},
        ],
    )
    async def test_neither_one_nor_the_other(self, api: AsyncClient, body: dict[str, Any]) -> None:
        problem(await api.post(EXECUTE, json=body), 422, "request_invalid")

    async def test_both(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file)
        both = {
            "task_id": task["id"],
            "content_hash": task["content_hash"],
            "plan": task["plan"],
        }
        document = problem(await api.post(EXECUTE, json=both), 422, "request_invalid")
        assert "either task_id" in json.dumps(document["errors"])
