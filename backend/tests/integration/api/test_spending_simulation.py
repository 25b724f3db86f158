"""What a period would have cost under another policy, from the ledger alone."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient

from app.agents.ledger_port import Price
from app.core.clock import utc_now
from app.core.config import CandidateSettings, ModelSettings, Settings, Tier
from app.core.database import Database
from app.core.ids import new_id
from app.schemas.plan import PlanStep
from tests.factories.engine import make_plan, make_step
from tests.factories.recorded_runs import Outcome, RecordedRun
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem

URL = "/api/v1/me/spending/simulation"
USED = "openai:used"
CHEAP, BEST = "openai:cheap", "openai:best"
PRICE = Price(input_usd_per_mtok=Decimal(2), output_usd_per_mtok=Decimal(2), source="test")


def candidate(name: str, tier: Tier, usd: float) -> CandidateSettings:
    return CandidateSettings(name=name, tier=tier, input_usd_per_mtok=usd, output_usd_per_mtok=usd)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    candidates = (
        candidate(CHEAP, Tier.BASIC, 1),
        candidate(BEST, Tier.BEST, 10),
        CandidateSettings(name="openai:price-nobody-knows"),
    )
    return settings.model_copy(update={"model": ModelSettings(candidates=candidates)})


async def add_run(
    database: Database,
    holder: KeyHolder,
    *,
    steps: Sequence[PlanStep] = (make_step("read"),),
    days_ago: int = 1,
    price: Price | None = PRICE,
    uncertain_usd: str = "0",
) -> None:
    """Insert a task whose every step used a million tokens in and half a million out."""
    outcome = Outcome(
        time_s=10,
        input_tokens=1_000_000,
        output_tokens=500_000,
        uncertain_usd=Decimal(uncertain_usd),
    )
    run = RecordedRun(
        task_id=new_id(),
        user_id=holder.user.id,
        plan=make_plan(steps, model="builtin" if price is None else USED),
        outcomes={step.key: outcome for step in steps},
        began_at=utc_now() - timedelta(days=days_ago),
        price=price,
    )
    async with database.transaction() as session:
        await run.insert(session)


async def simulated(api: AsyncClient, policy: str, **more: Any) -> dict[str, Any]:
    answer = await api.get(URL, params={"policy": policy, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestSimulation:
    async def test_anonymous(self, client: AsyncClient) -> None:
        assert (await client.get(URL, params={"policy": "cheap"})).status_code == 401

    @pytest.mark.parametrize(
        ("policy", "model", "usd"), [("cheap", CHEAP, 1.5), ("best", BEST, 15)]
    )
    async def test_prices_the_recorded_tokens_under_the_policy(
        self,
        api: AsyncClient,
        database: Database,
        mina: KeyHolder,
        policy: str,
        model: str,
        usd: float,
    ) -> None:
        await add_run(database, mina)
        found = await simulated(api, policy)
        assert found["calls"] == 1
        assert found["actual_usd"] == found["total_usd"] == 3
        assert found["simulated_usd"] == usd
        assert (found["input_tokens"], found["output_tokens"]) == (1_000_000, 500_000)
        by_model = {share["name"]: share for share in found["by_model"]}
        assert (by_model[USED]["actual_usd"], by_model[USED]["simulated_usd"]) == (3, 0)
        assert (by_model[model]["actual_usd"], by_model[model]["simulated_usd"]) == (0, usd)
        assert [share["name"] for share in found["by_agent"]] == ["research"]
        assert found["candidates"] == [CHEAP, BEST]
        assert found["caveats"] == ["tokens_as_recorded", "quality_unknown"]

    async def test_of_an_empty_ledger_is_nothing(self, api: AsyncClient) -> None:
        found = await simulated(api, "balanced")
        assert (found["calls"], found["actual_usd"], found["simulated_usd"]) == (0, 0, 0)
        assert found["by_model"] == found["caveats"] == []

    async def test_leaves_out_and_tells_calls_without_counts(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        await add_run(database, mina, uncertain_usd="0.5")
        found = await simulated(api, "cheap")
        assert found["left_out"] == [
            {"reason": "calls_without_counts", "calls": 1, "cost_usd": 0.5}
        ]
        assert (found["total_usd"], found["actual_usd"]) == (3.5, 3)
        assert "calls_without_counts" in found["caveats"]

    async def test_keeps_the_model_that_somebody_named(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        await add_run(database, mina, steps=[make_step("read", model=USED)])
        found = await simulated(api, "best")
        assert found["simulated_usd"] == found["actual_usd"] == 3
        assert "named_models_kept" in found["caveats"]

    async def test_says_that_the_built_in_composers_steps_are_free(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        await add_run(database, mina, price=None)
        found = await simulated(api, "best")
        assert (found["calls"], found["builtin_steps"]) == (0, 1)
        assert found["caveats"] == ["builtin_steps_free"]

    async def test_is_of_ones_own_calls_and_of_the_days_asked_for(
        self, api: AsyncClient, other_api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        await add_run(database, mina, days_ago=40)
        assert (await simulated(api, "cheap"))["calls"] == 0
        assert (await simulated(api, "cheap", days=60))["calls"] == 1
        day = (utc_now() - timedelta(days=40)).date().isoformat()
        assert (await simulated(api, "cheap", since=day, until=day))["calls"] == 1
        assert (await simulated(other_api, "cheap", days=60))["calls"] == 0

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({}, "request_invalid"),
            ({"policy": "dearest"}, "request_invalid"),
            ({"policy": "cheap", "days": 0}, "request_invalid"),
            ({"policy": "cheap", "since": "soon"}, "request_invalid"),
            ({"policy": "cheap", "since": "2026-01-01", "days": 3}, "period_invalid"),
            ({"policy": "cheap", "until": "0001-01-01"}, "period_invalid"),
            ({"policy": "cheap", "until": "9999-12-31"}, "period_invalid"),
            ({"policy": "cheap", "since": "0001-01-01"}, "period_invalid"),
            ({"policy": "cheap", "since": "9999-12-31"}, "period_invalid"),
        ],
    )
    async def test_refuses_what_is_no_period_or_policy(
        self, api: AsyncClient, wrong: dict[str, str], code: str
    ) -> None:
        problem(await api.get(URL, params=wrong), 422, code)


class TestWithoutCandidates:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"model": ModelSettings()})

    async def test_a_policy_cannot_be_simulated_or_ordered(self, api: AsyncClient) -> None:
        problem(await api.get(URL, params={"policy": "cheap"}), 422, "policy_unusable")
        order = {"goal": "Brief the board on batteries", "policy": "cheap"}
        found = problem(
            await api.post("/api/v1/orchestrator/plan", json=order), 422, "policy_unusable"
        )
        assert "MADANG_MODEL__CANDIDATES" in found["detail"]
