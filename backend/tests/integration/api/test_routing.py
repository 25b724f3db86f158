"""Orders by policy, over HTTP: the plan says who does what, and an outage stops nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import SecretStr

from app.core.config import CandidateSettings, ModelSettings, Settings, Tier
from app.core.database import Database
from app.models import File
from tests.factories.files import make_file
from tests.factories.scripted_behaviour import Act
from tests.factories.scripted_server import KEY, ScriptedModelServer
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem
from tests.integration.api.test_events import following

GOAL = "Brief the board on the sales in Seoul: a report and five slides"
START = "/api/v1/orchestrator"
SMALL, LARGE = "openai:small", "openai:large"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[ScriptedModelServer]:
    with ScriptedModelServer(tmp_path / "small.jsonl") as server:
        server.models = {"small"}
        yield server


@pytest.fixture
def large(tmp_path: Path) -> Iterator[ScriptedModelServer]:
    with ScriptedModelServer(tmp_path / "large.jsonl") as server:
        server.models = {"large"}
        yield server


def candidate(server: ScriptedModelServer, name: str, tier: Tier, usd: float) -> CandidateSettings:
    return CandidateSettings(
        name=name,
        tier=tier,
        base_url=server.base_url,
        api_key=SecretStr(KEY),
        input_usd_per_mtok=usd,
        output_usd_per_mtok=usd,
    )


@pytest.fixture
def settings(
    settings: Settings, small: ScriptedModelServer, large: ScriptedModelServer
) -> Settings:
    candidates = (
        candidate(small, SMALL, Tier.BASIC, 1),
        candidate(large, LARGE, Tier.BEST, 4),
        CandidateSettings(name="nobody:knows"),
    )
    model = ModelSettings(candidates=candidates, max_sends=1, timeout_s=20)
    return settings.model_copy(update={"model": model})


@pytest.fixture
async def file(application: FastAPI, database: Database, mina: KeyHolder) -> File:
    return await make_file(database, mina.user.id, blobs=application.state.runtime.blobs)


async def planned(api: AsyncClient, file: File, **more: Any) -> dict[str, Any]:
    body = {"goal": GOAL, "file_ids": [file.id], **more}
    answer = await api.post(f"{START}/plan", json=body)
    assert answer.status_code == 201, answer.text
    task: dict[str, Any] = answer.json()
    return task


def models_of(plan: dict[str, Any]) -> set[str]:
    return {step["model"] for step in plan["steps"]}


class TestPolicy:
    @pytest.mark.parametrize(
        ("policy", "models"), [("cheap", {SMALL}), ("balanced", {SMALL, LARGE}), ("best", {LARGE})]
    )
    async def test_chooses_the_model_of_each_step_and_says_why(
        self, api: AsyncClient, file: File, policy: str, models: set[str]
    ) -> None:
        plan = (await planned(api, file, policy=policy))["plan"]
        assert plan["policy"] == policy
        assert any("nobody:knows" in notice for notice in plan["notices"])
        assert models_of(plan) == models
        for step in plan["steps"]:
            assert step["model_reason"]
            assert set(step["fallbacks"]) == {SMALL, LARGE} - {step["model"]}

    async def test_is_the_settings_where_the_order_names_none(
        self, api: AsyncClient, file: File
    ) -> None:
        assert (await planned(api, file))["plan"]["policy"] == "balanced"

    async def test_gives_way_to_a_model_that_the_order_names(
        self, api: AsyncClient, file: File
    ) -> None:
        plan = (await planned(api, file, model=SMALL))["plan"]
        assert plan["model"] == SMALL
        assert plan["policy"] is None
        assert models_of(plan) == {None}

    async def test_chooses_among_the_models_that_are_allowed(
        self, api: AsyncClient, file: File
    ) -> None:
        limits = {"allowed_models": [LARGE]}
        plan = (await planned(api, file, policy="cheap", constraints=limits))["plan"]
        assert models_of(plan) == {LARGE}
        assert all(step["fallbacks"] == [] for step in plan["steps"])

    @pytest.mark.parametrize(
        "wrong", [{"policy": "dearest"}, {"policy": "cheap", "model": "builtin"}]
    )
    async def test_is_refused_when_unknown_or_beside_a_model(
        self, api: AsyncClient, file: File, wrong: dict[str, str]
    ) -> None:
        body = {"goal": GOAL, "file_ids": [file.id], **wrong}
        problem(await api.post(f"{START}/plan", json=body), 422, "request_invalid")

    async def test_says_what_is_wrong_when_no_allowed_candidate_can_be_used(
        self, api: AsyncClient, file: File
    ) -> None:
        limits = {"allowed_models": ["nobody:knows"]}
        body = {"goal": GOAL, "file_ids": [file.id], "policy": "cheap", "constraints": limits}
        found = problem(await api.post(f"{START}/plan", json=body), 422, "policy_unusable")
        assert "nobody:knows" in found["detail"]


class TestEdit:
    async def test_with_a_policy_chooses_anew_but_for_named_models(
        self, api: AsyncClient, file: File
    ) -> None:
        task = await planned(api, file, policy="cheap")
        url = f"/api/v1/tasks/{task['id']}/plan"
        key = task["plan"]["steps"][0]["key"]
        named = await api.patch(
            url,
            json={
                "content_hash": task["content_hash"],
                "edits": [{"op": "change", "key": key, "model": SMALL}],
            },
        )
        assert named.status_code == 200, named.text
        body = {"content_hash": named.json()["content_hash"], "policy": "best"}
        read = (await api.patch(url, json=body)).json()
        by_key = {step["key"]: step for step in read["plan"]["steps"]}
        assert by_key[key]["model"] == SMALL
        assert by_key[key]["model_reason"] is None
        assert by_key[key]["fallbacks"] == []
        assert {step["model"] for k, step in by_key.items() if k != key} == {LARGE}
        assert read["plan"]["policy"] == "best"

    async def test_without_edits_and_policy_is_refused(self, api: AsyncClient, file: File) -> None:
        task = await planned(api, file)
        body = {"content_hash": task["content_hash"]}
        problem(
            await api.patch(f"/api/v1/tasks/{task['id']}/plan", json=body), 422, "request_invalid"
        )


@pytest.fixture
async def served_api(served: str, mina: KeyHolder) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(base_url=served, headers=mina.headers, timeout=60) as opened:
        yield opened


class TestOutage:
    async def test_of_a_provider_is_survived_within_the_cap_and_told(
        self,
        served_api: AsyncClient,
        small: ScriptedModelServer,
        large: ScriptedModelServer,
    ) -> None:
        small.always(Act.SERVER_ERROR)
        upload = [("files", ("sales.csv", b"month,revenue\n2026-01,100\n2026-02,140\n"))]
        file_id = (await served_api.post("/api/v1/files", files=upload)).json()["items"][0]["id"]
        order = {"goal": GOAL, "file_ids": [file_id], "policy": "cheap", "cap_usd": 5}
        answer = await served_api.post(f"{START}/complex-task", json=order)
        assert answer.status_code == 202, answer.text
        task_id = answer.json()["id"]
        async with asyncio.timeout(60), following(served_api, task_id) as events:
            kinds = [event.kind async for event in events]
        task = (await served_api.get(f"/api/v1/tasks/{task_id}")).json()
        assert task["status"] == "done", task
        assert "step.fallback" in kinds
        assert {name for step in task["steps"] for name in step["answered_by"]} == {LARGE}
        assert {step["model"] for step in task["steps"]} == {SMALL}
        assert 0 < task["spent_usd"] <= task["cap_usd"]
        assert task["reserved_usd"] == 0
        assert small.bill.read() == []
        keys = [call.idempotency_key for call in large.bill.read()]
        assert len(set(keys)) == len(keys)
