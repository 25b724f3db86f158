"""Quoting a given plan without asking a model."""

from decimal import Decimal

import pytest

from app.agents.dag import PlanInvalid
from app.agents.history import History, StepActual
from app.agents.ledger_port import Price
from app.agents.task_planner import TaskPlanner, content_hash, requote
from app.schemas.plan import AgentName, BasisKind, Complexity
from tests.factories.composers import ProposingComposer, make_goal
from tests.factories.engine import make_plan, make_step

PRICE = Price(input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(10), source="list 1.2")


def history(runs: int = 10) -> History:
    return History(
        StepActual(
            task_id=str(n),
            agent=AgentName.RESEARCH,
            complexity=Complexity.MEDIUM,
            source_characters=0,
            time_s=3,
            input_tokens=100,
            output_tokens=10,
        )
        for n in range(runs)
    )


class TestRequote:
    def test_prices_a_plan_that_has_no_estimates(self) -> None:
        quoted = requote(make_plan([make_step("a")], model="openai:x"), price=PRICE)
        assert quoted.quote.cost_usd.p50 > 0
        assert all(step.estimate is not None for step in quoted.steps)
        assert quoted.price is not None
        assert quoted.price.source == "list 1.2"

    def test_keeps_the_steps_and_the_name_of_the_content(self) -> None:
        plan = make_plan([make_step("a"), make_step("b", "a")])
        quoted = requote(plan, price=PRICE, history=history(), source_characters=500)
        assert quoted.content_hash == plan.content_hash == content_hash(quoted)
        assert [step.key for step in quoted.steps] == ["a", "b"]

    def test_keeps_the_size_of_the_material_unless_told(self) -> None:
        plan = requote(make_plan([make_step("a")]), price=PRICE, source_characters=30_000)
        again = requote(plan, price=PRICE)
        assert again.source_characters == 30_000
        assert again == plan

    def test_learns_from_runs(self) -> None:
        quoted = requote(make_plan([make_step("a")]), price=PRICE, history=history())
        assert quoted.quote.basis.kind is BasisKind.ACTUALS
        assert quoted.quote.basis.runs == 10

    def test_refuses_steps_that_form_no_dag(self) -> None:
        with pytest.raises(PlanInvalid):
            requote(make_plan([make_step("a", "a")]), price=None)


class TestPlan:
    async def test_is_quoted_from_the_history_of_the_planner(self) -> None:
        composer = ProposingComposer([make_step("a")])
        plan = await TaskPlanner(composer, price=PRICE, history=history()).plan(make_goal())
        kinds = {step.agent: step.estimate.basis.kind for step in plan.steps if step.estimate}
        assert kinds == {
            AgentName.RESEARCH: BasisKind.ACTUALS,
            AgentName.REVIEW: BasisKind.PRIORS,
        }
        assert plan.quote.basis.kind is BasisKind.MIXED
