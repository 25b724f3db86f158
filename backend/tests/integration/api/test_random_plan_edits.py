"""Random edits over HTTP: a revision whole, or a refusal that says what and where."""

import random
from collections import Counter
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import text

from app.agents.dag import topological_order
from app.agents.task_planner import content_hash
from app.core.database import Database
from app.models import File
from app.schemas.plan import ExecutionPlan
from tests.factories.files import make_file
from tests.factories.plan_edits import EditDice
from tests.factories.users import KeyHolder

GOAL = "Brief the board on the sales in Seoul: a report, a workbook and five slides"
A_FEW, MANY = 120, 1000
SEED = 20261125
# More steps than this make the pages of refusals long, not the test better.
LONG_PLAN = 30


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    """Return a file of Mina's that tasks can work from."""
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


async def new_task(api: AsyncClient, file: File) -> dict[str, Any]:
    answer = await api.post(
        "/api/v1/orchestrator/plan", json={"goal": GOAL, "file_ids": [file.id], "cap_usd": 1}
    )
    assert answer.status_code == 201, answer.text
    return await plan_of(api, answer.json()["id"])


async def plan_of(api: AsyncClient, task_id: str) -> dict[str, Any]:
    plan: dict[str, Any] = (await api.get(f"/api/v1/tasks/{task_id}/plan")).json()
    return plan


def check_refusal(answer: Response) -> str:
    """Return the reason of a refusal that must be precise."""
    document = answer.json()
    assert answer.status_code in {422, 429}, answer.text
    if document["code"] == "request_invalid":
        assert document["errors"][0]["pointer"].startswith("/edits/")
        return "request_invalid"
    if document["code"] == "plan_invalid":
        facts = document["facts"]
        assert facts["reason"] == "no_change" or facts["field"], answer.text
        return str(facts["reason"])
    violations = document["facts"]["violations"]
    assert all(violation["message"] and violation["limit"] for violation in violations)
    return str(violations[0]["code"])


def check_revision(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Check that a revision is whole: a DAG, its hash, its quote."""
    plan = ExecutionPlan.model_validate(after["plan"])
    topological_order(plan.steps)
    assert after["revision"] == before["revision"] + 1
    assert after["status"] == "proposed"
    assert content_hash(plan) == plan.content_hash == after["content_hash"]
    assert all(step.estimate is not None for step in plan.steps)
    assert plan.quote.time_s.p90 > 0


async def check_edits(api: AsyncClient, file: File, database: Database, count: int) -> None:
    dice = EditDice(SEED)
    plan = await new_task(api, file)
    ends: Counter[str] = Counter()
    for _ in range(count):
        steps = ExecutionPlan.model_validate(plan["plan"]).steps
        body = {"content_hash": plan["content_hash"], "edits": dice.edits(steps)}
        answer = await api.patch(f"/api/v1/tasks/{plan['task_id']}/plan", json=body)
        now = await plan_of(api, plan["task_id"])
        if answer.status_code == 200:
            ends["done"] += 1
            check_revision(plan, now)
            assert answer.json() == now
        else:
            ends[check_refusal(answer)] += 1
            assert now == plan
        plan = now if len(steps) < LONG_PLAN else await new_task(api, file)
    assert ends["done"] > count / 4
    assert len(ends) > 5, ends
    await check_live_revisions(database)


async def check_live_revisions(database: Database) -> None:
    """Check that each task has one proposed revision, its newest, and no gap before it."""
    query = text(
        "SELECT t.plan_id = (array_agg(p.id ORDER BY p.revision DESC))[1] AS is_newest, "
        "count(*) FILTER (WHERE p.status = 'proposed') AS proposed, "
        "max(p.revision) = count(*) AS is_whole FROM tasks t JOIN plans p ON p.task_id = t.id "
        "GROUP BY t.id"
    )
    async with database.transaction() as session:
        found = (await session.execute(query)).all()
    assert found
    assert {tuple(row) for row in found} == {(True, 1, True)}


class TestRandomEdits:
    async def test_leave_a_whole_revision_or_none(
        self, api: AsyncClient, file: File, database: Database
    ) -> None:
        await check_edits(api, file, database, A_FEW)

    @pytest.mark.faults
    @pytest.mark.timeout(600)
    async def test_a_thousand_leave_a_whole_revision_or_none(
        self, api: AsyncClient, file: File, database: Database
    ) -> None:
        await check_edits(api, file, database, MANY)


class TestApprovedPlans:
    async def test_are_what_the_engine_is_given_whatever_was_edited(
        self, api: AsyncClient, file: File, database: Database
    ) -> None:
        moments = random.Random(SEED)
        dice = EditDice(SEED + 1)
        for _ in range(8):
            plan = await new_task(api, file)
            for _ in range(moments.randrange(6)):
                steps = ExecutionPlan.model_validate(plan["plan"]).steps
                body = {"content_hash": plan["content_hash"], "edits": dice.edits(steps)}
                await api.patch(f"/api/v1/tasks/{plan['task_id']}/plan", json=body)
                plan = await plan_of(api, plan["task_id"])
            shown = {"content_hash": plan["content_hash"]}
            url = f"/api/v1/tasks/{plan['task_id']}/plan/approve"
            assert (await api.post(url, json=shown)).status_code == 202
            steps_run = await specs(database, plan["task_id"])
            run = ExecutionPlan.model_validate(plan["plan"] | {"steps": steps_run})
            assert content_hash(run) == plan["content_hash"]


async def specs(database: Database, task_id: str) -> list[dict[str, Any]]:
    query = text("SELECT spec FROM agent_tasks WHERE task_id = :id ORDER BY position")
    async with database.transaction() as session:
        return list((await session.execute(query, {"id": task_id})).scalars())
