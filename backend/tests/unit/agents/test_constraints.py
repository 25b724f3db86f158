"""What an order allows: each broken limit is found, and what can be reshaped is."""

from decimal import Decimal

import pytest

from app.agents.constraints import Constraints, ViolationCode
from app.agents.ledger_port import Price
from app.agents.task_planner import TaskPlanner
from app.core.errors import Invalid
from app.schemas.plan import AgentName, ExecutionPlan
from tests.factories.composers import ProposingComposer
from tests.factories.engine import make_plan, make_step
from tests.factories.plan_edits import fed_plan

CHEAP, DEAR, DEAREST = "shop:cheap", "shop:dear", "shop:dearest"
USD_PER_MTOK = {CHEAP: 1, DEAR: 10, DEAREST: 100}


def price_of(model: str) -> Price | None:
    if model == "builtin":
        return None
    if model not in USD_PER_MTOK:
        raise Invalid(f"{model} has no price.")
    usd = Decimal(USD_PER_MTOK[model])
    return Price(input_usd_per_mtok=usd, output_usd_per_mtok=usd, source="test")


def planner() -> TaskPlanner:
    return TaskPlanner(ProposingComposer(()), price=None, price_of=price_of)


def priced(plan: ExecutionPlan) -> ExecutionPlan:
    return planner().price(plan, source_characters=1000)


def codes(plan: ExecutionPlan, limits: Constraints) -> list[str]:
    return [violation.code for violation in planner().validate_constraints(plan, limits)]


class TestValidateConstraints:
    @pytest.mark.parametrize(
        ("limits", "code"),
        [
            (Constraints(max_cost_usd=0.001), ViolationCode.COST_OVER_LIMIT),
            (Constraints(max_time_s=1), ViolationCode.TIME_OVER_LIMIT),
            (Constraints(max_tokens=10), ViolationCode.TOKENS_OVER_LIMIT),
            (Constraints(max_steps=4), ViolationCode.TOO_MANY_STEPS),
            (Constraints(allowed_models=(CHEAP,)), ViolationCode.MODEL_NOT_ALLOWED),
            (Constraints(needed_files=("report.pdf",)), ViolationCode.FILE_NOT_PLANNED),
            (Constraints(needed_files=(".md",)), ViolationCode.FILE_NOT_PLANNED),
        ],
    )
    def test_finds_each_broken_limit(self, limits: Constraints, code: ViolationCode) -> None:
        plan = priced(fed_plan().model_copy(update={"model": DEAR}))
        [violation] = planner().validate_constraints(plan, limits)
        assert violation.code is code
        assert getattr(limits, violation.limit)
        assert str(violation.asked)
        assert violation.found != violation.asked

    def test_names_the_step_whose_agent_or_model_is_not_allowed(self) -> None:
        steps = (make_step("a", model=DEAR), make_step("b", agent=AgentName.SLIDES))
        plan = priced(make_plan(steps))
        limits = Constraints(
            allowed_agents=(AgentName.RESEARCH,), allowed_models=("builtin", CHEAP)
        )
        found = planner().validate_constraints(plan, limits)
        assert [(v.code, v.step, v.found) for v in found] == [
            ("agent_not_allowed", "b", "slides"),
            ("model_not_allowed", "a", DEAR),
        ]

    def test_holds_a_step_to_its_own_cap_and_deadline(self) -> None:
        steps = [make_step("a", model=DEAR, cap_usd=0.0001, deadline_s=0.5)]
        found = planner().validate_constraints(priced(make_plan(steps)), Constraints())
        assert [(v.code, v.step, v.asked) for v in found] == [
            ("step_cost_over_cap", "a", 0.0001),
            ("step_time_over_deadline", "a", 0.5),
        ]

    def test_finds_nothing_where_all_is_kept(self) -> None:
        plan = priced(fed_plan().model_copy(update={"model": DEAR}))
        limits = Constraints(
            max_cost_usd=10,
            max_time_s=3600,
            max_tokens=1_000_000,
            max_steps=5,
            allowed_agents=tuple(AgentName),
            allowed_models=(DEAR,),
            needed_files=("REPORT.docx", ".xlsx", ".pptx"),
        )
        assert codes(plan, limits) == []


class TestPrice:
    def test_quotes_a_step_with_its_own_model(self) -> None:
        plain, own = make_plan([make_step("a")]), make_plan([make_step("a", model=DEAR)])
        assert priced(plain).quote.cost_usd.p90 == 0
        assert priced(own).quote.cost_usd.p90 > 0


class TestReshape:
    def reshaped(self, plan: ExecutionPlan, limits: Constraints) -> ExecutionPlan:
        return planner().reshape(priced(plan), limits, source_characters=1000)

    def test_leaves_a_plan_alone_that_fits(self) -> None:
        plan = self.reshaped(fed_plan(), Constraints(max_cost_usd=1))
        assert plan == priced(fed_plan())

    def test_takes_the_dearest_allowed_model_that_fits(self) -> None:
        plan = fed_plan().model_copy(update={"model": DEAREST})
        dear = priced(plan.model_copy(update={"model": DEAR})).quote.cost_usd.p90
        limits = Constraints(
            max_cost_usd=dear, allowed_models=(CHEAP, DEAREST, DEAR, "shop:unpriced")
        )
        fitting = self.reshaped(plan, limits)
        assert fitting.model == DEAR
        assert codes(fitting, limits) == []
        assert fitting.notices == (
            f"To keep within your limits, the model {DEAR} is used, not {DEAREST}.",
        )

    def test_leaves_optional_steps_out_before_the_review(self) -> None:
        fitting = self.reshaped(fed_plan(), Constraints(max_steps=4))
        assert [step.key for step in fitting.steps] == ["research", "sheets", "docs", "review"]
        assert "slides" in fitting.notices[0]
        fewer = self.reshaped(fed_plan(), Constraints(max_steps=3))
        assert [step.key for step in fewer.steps] == ["research", "sheets", "docs"]

    def test_says_so_in_the_plans_language(self) -> None:
        plan = fed_plan().model_copy(update={"language": "ko", "model": DEAR})
        fitting = self.reshaped(plan, Constraints(allowed_models=(CHEAP,), max_steps=4))
        assert [CHEAP in fitting.notices[0], "slides" in fitting.notices[1]] == [True, True]
        assert all("한도" in notice for notice in fitting.notices)

    def test_never_leaves_out_what_is_required_or_needed(self) -> None:
        limits = Constraints(max_steps=2)
        plan = self.reshaped(fed_plan(), limits)
        assert plan == priced(fed_plan())
        needed = Constraints(max_steps=4, needed_files=(".pptx",))
        kept = self.reshaped(fed_plan(), needed)
        assert kept == priced(fed_plan())
        assert codes(kept, needed) == ["too_many_steps"]

    def test_leaves_an_optional_step_of_a_forbidden_agent_out_first(self) -> None:
        steps = (
            make_step("deck", agent=AgentName.SLIDES, required=False),
            make_step("extra", required=False),
            make_step("a"),
        )
        limits = Constraints(allowed_agents=(AgentName.RESEARCH,))
        fitting = self.reshaped(make_plan(steps), limits)
        assert [step.key for step in fitting.steps] == ["extra", "a"]
