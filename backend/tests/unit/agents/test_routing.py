"""Which model a policy chooses, and that the choice is what it says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agents.constraints import find_violations
from app.agents.ledger_port import Price
from app.agents.reshape import reshaped
from app.agents.routing import (
    Candidate,
    Need,
    PolicyUnusable,
    Router,
    choose,
    need_of,
    routed,
    variants,
)
from app.agents.task_planner import content_hash, requote
from app.core.config import Tier
from app.core.policy import Policy
from app.schemas.constraints import Constraints
from app.schemas.plan import AgentName, Complexity, ExecutionPlan
from tests.factories.engine import make_plan, make_step


def candidate(model: str, usd: float, tier: Tier = Tier.GOOD, **more: object) -> Candidate:
    price = Price(
        input_usd_per_mtok=Decimal(str(usd)), output_usd_per_mtok=Decimal(str(usd)), source="test"
    )
    fields: dict[str, object] = {"outlet": model.partition(":")[0], **more}
    return Candidate(model=model, tier=tier, price=price, **fields)  # type: ignore[arg-type]  # fields by name


BASIC = candidate("one:small", 1, Tier.BASIC)
GOOD = candidate("two:middle", 5)
GOOD_TOO = candidate("one:middle", 6)
BEST = candidate("one:large", 20, Tier.BEST)
ALL = (BASIC, GOOD, GOOD_TOO, BEST)
FREE = Candidate(model="builtin", tier=Tier.BASIC, price=None)
NEEDS = st.builds(
    Need,
    tier=st.sampled_from(Tier),
    input_tokens=st.integers(0, 100_000),
    output_tokens=st.integers(0, 10_000),
    context_tokens=st.integers(0, 200_000),
)
PRICES = st.builds(
    Price,
    input_usd_per_mtok=st.decimals(0, 100, places=2),
    output_usd_per_mtok=st.decimals(0, 100, places=2),
    source=st.just("test"),
)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        model=st.sampled_from([f"{shop}:{n}" for shop in "abc" for n in range(5)]),
        tier=st.sampled_from(Tier),
        price=st.none() | PRICES,
        outlet=st.sampled_from("abc"),
        context_tokens=st.none() | st.integers(1_000, 200_000),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda found: found.model,
)


def need(tier: Tier = Tier.GOOD, context_tokens: int = 1000) -> Need:
    return Need(tier=tier, input_tokens=1000, output_tokens=1000, context_tokens=context_tokens)


def router(policy: Policy, *candidates: Candidate) -> Router:
    return Router(policy=policy, candidates=candidates or ALL)


class TestChoose:
    @given(need=NEEDS, candidates=CANDIDATES)
    def test_cheap_never_costs_more_than_balanced_nor_balanced_more_than_best(
        self, need: Need, candidates: list[Candidate]
    ) -> None:
        by_name = {c.model: c for c in candidates}
        costs = [
            by_name[choose(policy, need, candidates).model].cost_usd(need)
            for policy in (Policy.CHEAP, Policy.BALANCED, Policy.BEST)
        ]
        assert costs == sorted(costs)

    @given(need=NEEDS, candidates=CANDIDATES, policy=st.sampled_from(Policy))
    def test_depends_on_its_arguments_alone_and_names_each_model_once(
        self, need: Need, candidates: list[Candidate], policy: Policy
    ) -> None:
        choice = choose(policy, need, candidates)
        assert choice == choose(policy, need, list(candidates))
        names = (choice.model, *choice.fallbacks)
        assert len(set(names)) == len(names)
        assert choice.reason

    @pytest.mark.parametrize(
        ("policy", "tier", "model"),
        [
            (Policy.CHEAP, Tier.BEST, BASIC.model),
            (Policy.BALANCED, Tier.BASIC, BASIC.model),
            (Policy.BALANCED, Tier.GOOD, GOOD.model),
            (Policy.BALANCED, Tier.BEST, BEST.model),
            (Policy.BEST, Tier.BASIC, BEST.model),
        ],
    )
    def test_takes_what_the_policy_says(self, policy: Policy, tier: Tier, model: str) -> None:
        assert choose(policy, need(tier), ALL).model == model

    def test_passes_over_a_model_whose_context_is_too_short(self) -> None:
        short = candidate("one:short", 0.1, Tier.BASIC, context_tokens=8_000)
        assert choose(Policy.CHEAP, need(context_tokens=9_000), (short, GOOD)).model == GOOD.model
        assert choose(Policy.CHEAP, need(context_tokens=9_000), (short,)).model == short.model

    def test_says_that_no_model_is_good_enough(self) -> None:
        choice = choose(Policy.BALANCED, need(Tier.BEST), (BASIC, GOOD))
        assert choice.model == GOOD.model
        assert "no model is best" in choice.reason

    def test_falls_back_to_another_provider_first(self) -> None:
        assert choose(Policy.BEST, need(), ALL).fallbacks == (GOOD.model, GOOD_TOO.model)

    def test_never_falls_back_to_or_from_the_built_in_composer(self) -> None:
        assert choose(Policy.CHEAP, need(), (FREE, GOOD)).fallbacks == ()
        assert choose(Policy.BEST, need(), (FREE, GOOD)).fallbacks == ()

    def test_refuses_without_candidates(self) -> None:
        with pytest.raises(PolicyUnusable, match="MADANG_MODEL__CANDIDATES"):
            choose(Policy.CHEAP, need(), ())


class TestNeedOf:
    def test_grows_with_complexity_and_material(self) -> None:
        low, high = (
            need_of(make_step("a", complexity=complexity), size)
            for complexity, size in ((Complexity.LOW, 0), (Complexity.HIGH, 40_000))
        )
        assert (low.tier, high.tier) == (Tier.BASIC, Tier.BEST)
        assert low.input_tokens < high.input_tokens
        assert low.context_tokens < high.context_tokens

    def test_leaves_material_to_those_that_read_it(self) -> None:
        step = make_step("a", agent=AgentName.DOCS)
        assert need_of(step, 0) == need_of(step, 1_000_000)


class TestRouted:
    def test_gives_each_step_a_model_and_says_why(self) -> None:
        plan = routed(
            make_plan([make_step("a"), make_step("b", complexity=Complexity.HIGH)]),
            router(Policy.BALANCED),
            0,
        )
        assert plan.policy is Policy.BALANCED
        assert [step.model for step in plan.steps] == [GOOD.model, BEST.model]
        assert all(step.model_reason for step in plan.steps)

    def test_leaves_a_model_that_somebody_named(self) -> None:
        plan = make_plan([make_step("a", model="my:own")])
        [step] = routed(plan, router(Policy.BEST), 0).steps
        assert (step.model, step.fallbacks) == ("my:own", ())

    def test_chooses_anew_what_a_policy_chose(self) -> None:
        plan = routed(make_plan([make_step("a")]), router(Policy.BEST), 0)
        assert routed(plan, router(Policy.CHEAP), 0).steps[0].model == BASIC.model

    def test_leaves_what_is_finished(self) -> None:
        best = routed(make_plan([make_step("a"), make_step("b")]), router(Policy.BEST), 0)
        begun = best.model_copy(update={"finished": ("a",)})
        cheap = router(Policy.CHEAP)
        for plan in (routed(begun, cheap, 0), *variants(begun, Constraints(), cheap, 0)):
            assert plan.steps[0] == begun.steps[0]
            assert plan.steps[1] != begun.steps[1]

    def test_says_why_in_the_plans_language(self) -> None:
        plan = make_plan([make_step("a")], language="ko")
        assert "가장 쌈" in (routed(plan, router(Policy.CHEAP), 0).steps[0].model_reason or "")

    def test_is_in_the_hash_but_for_the_reason(self) -> None:
        plain = make_plan([make_step("a")])
        plan = routed(plain, router(Policy.BEST), 0)
        [step] = plan.steps
        fewer = plan.model_copy(update={"steps": (step.model_copy(update={"fallbacks": ()}),)})
        other = step.model_copy(update={"model_reason": "because"})
        hashes = [content_hash(p) for p in (plain, plan, fewer)]
        assert len(set(hashes)) == len(hashes)
        assert content_hash(plan.model_copy(update={"steps": (other,)})) == hashes[1]


def priced(plan: ExecutionPlan) -> ExecutionPlan:
    prices = {c.model: c.price for c in ALL}
    return requote(plan, price=BASIC.price, price_of=lambda model: prices[model])


class TestFallbacksInTheQuote:
    def test_raise_the_90th_percentile_to_the_dearest_models(self) -> None:
        plan = make_plan([make_step("a", model=BASIC.model)])
        [step] = plan.steps
        safe = step.model_copy(update={"fallbacks": (BEST.model,)})
        alone = priced(plan).quote.cost_usd
        covered = priced(plan.model_copy(update={"steps": (safe,)})).quote.cost_usd
        dearest = priced(make_plan([make_step("a", model=BEST.model)])).quote.cost_usd
        assert covered.p50 == pytest.approx(alone.p50)
        assert covered.p90 == pytest.approx(dearest.p90, rel=0.01)


class TestReshaped:
    @pytest.mark.parametrize(("share", "model"), [(0.99, GOOD.model), (0.1, BASIC.model)])
    def test_takes_fewer_fallbacks_and_cheaper_models(self, share: float, model: str) -> None:
        best = router(Policy.BEST)
        plan = priced(routed(make_plan([make_step("a")]), best, 0))
        limits = Constraints(max_cost_usd=plan.quote.cost_usd.p90 * share)
        found = reshaped(
            plan, limits, priced, variants=lambda other: variants(other, limits, best, 0)
        )
        assert found is not None
        assert find_violations(found, limits) == []
        assert found.notices
        assert found.steps[0].model == model
