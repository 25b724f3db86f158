"""Learning from the rows that the engine leaves, and comparing quotes with what came."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.agents.ledger_port import Price
from app.agents.task_planner import requote
from app.core.database import Database
from app.core.ids import new_id
from app.engine.events import record
from app.schemas.plan import AgentName, BasisKind, ExecutionPlan, PlanStep
from app.services.quotes import QuoteService
from tests.factories.engine import make_plan, make_step
from tests.factories.queries import recorded_queries
from tests.factories.recorded_runs import Outcome, RecordedRun
from tests.factories.users import KeyHolder, make_key_holder

MODEL = "openai:test"
PRICE = Price(input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(10), source="test")
START = datetime(2026, 3, 1, tzinfo=UTC)
STEPS = (make_step("read"), make_step("report", "read", agent=AgentName.DOCS))


def quoted(steps: Sequence[PlanStep] = STEPS, **more: Any) -> ExecutionPlan:
    """Return a quoted plan."""
    return requote(make_plan(steps, model=MODEL), price=PRICE, source_characters=500, **more)


async def add_runs(
    database: Database,
    user: KeyHolder,
    outcomes: Sequence[Outcome],
    *,
    plan: ExecutionPlan | None = None,
    kinds: Sequence[str] = (),
) -> list[str]:
    """Insert one run for each outcome, all its steps the same, with these events."""
    ids = []
    for number, outcome in enumerate(outcomes):
        chosen = plan or quoted()
        run = RecordedRun(
            task_id=new_id(),
            user_id=user.user.id,
            plan=chosen,
            outcomes={step.key: outcome for step in chosen.steps},
            began_at=START + timedelta(hours=number),
            price=PRICE,
        )
        async with database.transaction() as session:
            await run.insert(session)
            for kind in kinds:
                await record(session, run.task_id, kind)
        ids.append(run.task_id)
    return ids


@pytest.fixture
async def mina(database: Database) -> KeyHolder:
    return await make_key_holder(database, email="mina@example.com")


@pytest.fixture
def quotes(database: Database) -> QuoteService:
    return QuoteService(database)


class TestHistory:
    async def test_holds_what_ended_steps_took(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        outcomes = [Outcome(time_s=n, input_tokens=100 * n, output_tokens=n) for n in range(1, 8)]
        await add_runs(database, mina, outcomes)
        runs = (await quotes.history(mina.user.id, MODEL)).like(STEPS[0], 500)
        assert [(r.time_s, r.input_tokens, r.output_tokens) for r in runs] == [
            (n, 100 * n, n) for n in range(7, 0, -1)
        ]

    async def test_makes_the_next_plan_rest_on_runs(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        await add_runs(database, mina, [Outcome(time_s=4, input_tokens=900)] * 20)
        plan = quoted(history=await quotes.history(mina.user.id, MODEL))
        assert plan.quote.basis.kind is BasisKind.ACTUALS
        assert plan.quote.basis.runs == 20
        assert plan.quote.time_s.p50 == pytest.approx(8, rel=0.3)

    async def test_counts_a_retried_step_from_its_first_call_with_all_it_cost(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        retried = Outcome(time_s=30, failed_s=12, input_tokens=1_000, uncertain_usd=Decimal("0.02"))
        await add_runs(database, mina, [retried] * 5)
        run = (await quotes.history(mina.user.id, MODEL)).like(STEPS[0], 500)[0]
        assert run.time_s == 30
        assert run.cost_usd(PRICE) == pytest.approx(0.021)

    @pytest.mark.parametrize("status", ["failed", "skipped", "cancelled"])
    async def test_leaves_out_steps_that_did_not_finish_their_work(
        self, database: Database, mina: KeyHolder, quotes: QuoteService, status: str
    ) -> None:
        await add_runs(database, mina, [Outcome(time_s=4, status=status)] * 6)
        assert (await quotes.history(mina.user.id, MODEL)).like(STEPS[0], 500) == []

    async def test_leaves_out_tasks_that_were_stopped_and_run_again(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        await add_runs(database, mina, [Outcome(time_s=4)] * 6, kinds=["task.resumed"])
        assert (await quotes.history(mina.user.id, MODEL)).like(STEPS[0], 500) == []

    async def test_never_learns_from_another_user_or_another_model(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        other = await make_key_holder(database, email="other@example.com")
        await add_runs(database, other, [Outcome(time_s=4)] * 6)
        await add_runs(database, mina, [Outcome(time_s=4)] * 6)
        assert (await quotes.history(mina.user.id, "openai:else")).like(STEPS[0], 500) == []
        assert len((await quotes.history(mina.user.id, MODEL)).like(STEPS[0], 500)) == 6

    async def test_leaves_out_plans_whose_size_is_not_known(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        old = quoted().model_copy(update={"source_characters": None})
        await add_runs(database, mina, [Outcome(time_s=4)] * 6, plan=old)
        assert (await quotes.history(mina.user.id, MODEL)).like(STEPS[0], 0) == []
        assert (await quotes.calibration(mina.user.id)).rows == ()

    async def test_takes_one_query(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        await add_runs(database, mina, [Outcome(time_s=4)] * 6)
        with recorded_queries(database) as queries:
            await quotes.history(mina.user.id, MODEL)
        assert len([query for query in queries if "agent_tasks" in query]) == len(queries) == 1


class TestCalibration:
    async def test_is_empty_before_anything_ended(
        self, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        assert (await quotes.calibration(mina.user.id)).rows == ()

    async def test_counts_what_fell_inside_below_and_above(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        estimate = quoted().steps[0].estimate
        assert estimate is not None
        likely = Outcome(time_s=estimate.time_s.p50, input_tokens=round(estimate.tokens.p50))
        low, high = Outcome(time_s=0.01), Outcome(time_s=9_999, input_tokens=10**6)
        await add_runs(database, mina, [likely, likely, low, high], plan=quoted(STEPS[:1]))
        rows = (await quotes.calibration(mina.user.id)).rows
        assert [(row.agent, row.model, row.runs) for row in rows] == [
            (None, MODEL, 4),
            (AgentName.RESEARCH, MODEL, 4),
        ]
        for row in rows:
            assert row.basis is BasisKind.PRIORS
            assert row.time_s is not None
            held = row.time_s
            assert (held.inside, held.below, held.above) == (0.5, 0.25, 0.25)
            assert held.median_error == pytest.approx(0.5, abs=0.01)

    async def test_has_no_row_of_another_user(
        self, database: Database, mina: KeyHolder, quotes: QuoteService
    ) -> None:
        other = await make_key_holder(database, email="other@example.com")
        await add_runs(database, other, [Outcome(time_s=4)] * 6)
        assert (await quotes.calibration(mina.user.id)).rows == ()
        assert len((await quotes.calibration(other.user.id)).rows) == 3
