"""What steps and plans are expected to take."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agents.estimates import MULTIPLIERS, estimate_step, quote_plan
from app.agents.history import MIN_RUNS, NO_HISTORY, Correlation, History, StepActual
from app.agents.ledger_port import Price
from app.schemas.plan import AgentName, Basis, BasisKind, Complexity, PlanStep, Quote, Range
from tests.factories.engine import make_step

PRICE = Price(
    input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(10), source="test", effective_on=None
)
TWICE = Price(input_usd_per_mtok=Decimal(2), output_usd_per_mtok=Decimal(20), source="test")


def runs_of(times_s: Sequence[float], **more: Any) -> History:
    """Return runs of a medium research step on little material, each of a task of its own."""
    return History(
        StepActual(
            **{
                "task_id": str(number),
                "agent": AgentName.RESEARCH,
                "complexity": Complexity.MEDIUM,
                "source_characters": 0,
                "time_s": time_s,
                **more,
            }
        )
        for number, time_s in enumerate(times_s)
    )


def estimated(
    *,
    price: Price | None = PRICE,
    source_characters: int = 0,
    history: History = NO_HISTORY,
    **step: Any,
) -> Quote:
    """Return the estimate of a step."""
    return estimate_step(
        make_step("s", **step), price=price, source_characters=source_characters, history=history
    )


def priced(step: PlanStep, history: History = NO_HISTORY) -> PlanStep:
    """Return the step with its estimate."""
    quote = estimate_step(step, price=PRICE, source_characters=0, history=history)
    return step.model_copy(update={"estimate": quote})


def parts_of(quote: Quote | None) -> tuple[Range, Range, Range]:
    """Return time, cost and tokens."""
    assert quote is not None
    return quote.time_s, quote.cost_usd, quote.tokens


def larger(step: PlanStep, factor: float) -> Quote:
    """Return the estimate of a step times a factor."""
    parts = [
        Range(p10=part.p10 * factor, p50=part.p50 * factor, p90=part.p90 * factor)
        for part in parts_of(step.estimate)
    ]
    return Quote(time_s=parts[0], cost_usd=parts[1], tokens=parts[2])


@st.composite
def random_ranges(draw: st.DrawFn) -> Range:
    """Return a forecast; now and then of nothing."""
    median = draw(st.floats(0.001, 10_000) | st.just(0.0))
    below, above = draw(st.floats(1, 6)), draw(st.floats(1, 6))
    return Range(p10=median / below, p50=median, p90=median * above)


@st.composite
def random_plans(draw: st.DrawFn) -> list[PlanStep]:
    """Return estimated steps, each waiting for some before it."""
    count = draw(st.integers(1, 8))
    steps: list[PlanStep] = []
    for number in range(count):
        before = [step.key for step in steps]
        needs = draw(st.sets(st.sampled_from(before))) if before else set()
        parts = [draw(random_ranges()) for _ in range(3)]
        quote = Quote(time_s=parts[0], cost_usd=parts[1], tokens=parts[2])
        steps.append(make_step(f"s{number}", *sorted(needs), estimate=quote))
    return steps


class TestEstimateStep:
    def test_scales_with_complexity_by_the_specified_factors(self) -> None:
        assert MULTIPLIERS == {
            Complexity.LOW: 0.7,
            Complexity.MEDIUM: 1.0,
            Complexity.HIGH: 1.5,
        }
        low, medium, high = (
            estimate_step(
                make_step("s", agent=AgentName.DOCS, complexity=complexity),
                price=PRICE,
                source_characters=0,
            )
            for complexity in (Complexity.LOW, Complexity.MEDIUM, Complexity.HIGH)
        )
        assert low.time_s.p50 == pytest.approx(medium.time_s.p50 * 0.7)
        assert high.tokens.p50 == pytest.approx(medium.tokens.p50 * 1.5)
        assert high.cost_usd.p50 == pytest.approx(medium.cost_usd.p50 * 1.5, rel=1e-3)

    def test_of_the_builtin_composer_costs_nothing(self) -> None:
        quote = estimate_step(make_step("s"), price=None, source_characters=1_000_000)
        assert quote.cost_usd.p90 == quote.tokens.p90 == 0
        assert quote.time_s.p50 > 0

    def test_grows_with_the_sources_that_a_model_reads_up_to_a_bound(self) -> None:
        small, large, huge = (
            estimate_step(make_step("s"), price=PRICE, source_characters=size).tokens.p50
            for size in (0, 30_000, 10_000_000)
        )
        assert small < large < huge < 40_000

    def test_has_a_ninetieth_percentile_above_the_median(self) -> None:
        quote = estimate_step(make_step("s"), price=PRICE, source_characters=100)
        for part in (quote.time_s, quote.cost_usd, quote.tokens):
            assert part.p90 > part.p50

    def test_says_that_it_rests_on_priors(self) -> None:
        quote = estimate_step(make_step("s"), price=PRICE, source_characters=100)
        assert quote.basis == Basis(kind=BasisKind.PRIORS, runs=0)


class TestEstimateStepFromRuns:
    def test_keeps_the_prior_while_there_are_too_few(self) -> None:
        few = estimated(history=runs_of([3.0] * (MIN_RUNS - 1)))
        assert few == estimated()

    def test_draws_the_median_towards_the_runs(self) -> None:
        prior = estimated()
        assert prior.time_s.p50 == 25
        medians = [estimated(history=runs_of([5.0] * n)).time_s.p50 for n in (5, 10, 30, 100)]
        assert medians == sorted(medians, reverse=True)
        assert 5 < medians[0] < 25
        assert medians[-1] == pytest.approx(5, rel=0.01)

    def test_says_how_many_runs_it_rests_on(self) -> None:
        assert estimated(history=runs_of([5.0] * 7)).basis == Basis(kind=BasisKind.ACTUALS, runs=7)

    def test_spans_eight_of_ten_of_many_runs(self) -> None:
        time_s = estimated(history=runs_of([float(n) for n in range(1, 101)])).time_s
        assert time_s.p10 == pytest.approx(10, rel=0.05)
        assert time_s.p50 == pytest.approx(50, rel=0.05)
        assert time_s.p90 == pytest.approx(90, rel=0.05)

    def test_is_not_moved_by_one_run_that_hung(self) -> None:
        steady = [10.0 + n / 10 for n in range(29)]
        quote = estimated(history=runs_of([*steady, 9_000.0]))
        assert quote.time_s.p90 < 15

    def test_learns_only_from_the_same_agent_complexity_and_size(self) -> None:
        history = runs_of([5.0] * 20)
        assert estimated(history=history).basis.kind is BasisKind.ACTUALS
        for other in (
            estimated(agent=AgentName.DOCS, history=history),
            estimated(complexity=Complexity.HIGH, history=history),
            estimated(source_characters=100_000, history=history),
        ):
            assert other.basis.kind is BasisKind.PRIORS

    def test_takes_the_tokens_of_the_runs_at_the_price_of_today(self) -> None:
        history = runs_of([5.0] * 100, input_tokens=1_000, output_tokens=100)
        cheap, dear = (
            estimated(price=price, history=history).cost_usd.p50 for price in (PRICE, TWICE)
        )
        assert cheap == pytest.approx(0.002, rel=0.05)
        assert dear == pytest.approx(2 * cheap)

    def test_counts_what_calls_of_unknown_outcome_may_have_cost(self) -> None:
        history = runs_of([5.0] * 100, input_tokens=1_000, uncertain_usd=Decimal("0.01"))
        assert estimated(history=history).cost_usd.p50 == pytest.approx(0.011, rel=0.05)

    def test_of_the_builtin_composer_still_costs_nothing(self) -> None:
        quote = estimated(price=None, history=runs_of([5.0] * 20))
        assert quote.basis.kind is BasisKind.ACTUALS
        assert quote.cost_usd == quote.tokens == Range(p10=0, p50=0, p90=0)


class TestQuotePlan:
    def test_of_one_step_is_that_of_the_step(self) -> None:
        step = priced(make_step("a"))
        assert step.estimate is not None
        quote = quote_plan([step])
        for part, whole in zip(parts_of(step.estimate), parts_of(quote), strict=True):
            assert whole.p50 == pytest.approx(part.p50)
            assert whole.p10 == pytest.approx(part.p10, rel=0.01)
            assert whole.p90 == pytest.approx(part.p90, rel=0.01)

    def test_adds_cost_and_takes_time_along_the_critical_path(self) -> None:
        steps = [
            priced(step) for step in (make_step("a"), make_step("b"), make_step("c", "a", "b"))
        ]
        one = steps[0].estimate
        assert one is not None
        quote = quote_plan(steps)
        # The median of a sum of skewed parts lies above the sum of their medians.
        assert 3 * one.cost_usd.p50 <= quote.cost_usd.p50 < 3.3 * one.cost_usd.p50
        assert 2 * one.time_s.p50 <= quote.time_s.p50 < 2.5 * one.time_s.p50

    def test_is_surer_of_a_sum_than_of_its_parts_unless_they_go_together(self) -> None:
        steps = [priced(make_step(f"s{n}")) for n in range(9)]
        loose = quote_plan(steps, Correlation(time_s=0, tokens=0)).cost_usd
        tight = quote_plan(steps, Correlation(time_s=0, tokens=0.95)).cost_usd
        summed = 9 * (parts_of(steps[0].estimate)[1].p90)
        assert loose.p90 < tight.p90 < summed * 1.01
        assert loose.p10 > tight.p10

    def test_is_the_same_each_time(self) -> None:
        steps = [priced(make_step("a")), priced(make_step("b", "a"))]
        assert quote_plan(steps) == quote_plan(steps)

    def test_says_what_it_rests_on(self) -> None:
        learned, typical = (
            priced(make_step("a"), history=runs_of([5.0] * 8)),
            priced(make_step("b", agent=AgentName.DOCS), history=runs_of([5.0] * 8)),
        )
        assert quote_plan([learned]).basis == Basis(kind=BasisKind.ACTUALS, runs=8)
        assert quote_plan([learned, typical]).basis == Basis(kind=BasisKind.MIXED, runs=8)
        assert quote_plan([typical]).basis == Basis()

    @settings(max_examples=50)
    @given(random_plans(), st.floats(0, 0.95))
    def test_is_in_order_and_never_below_its_longest_step(
        self, steps: list[PlanStep], correlation: float
    ) -> None:
        quote = quote_plan(steps, Correlation(time_s=correlation, tokens=correlation))
        for whole in parts_of(quote):
            assert 0 <= whole.p10 <= whole.p50 <= whole.p90
        for name in ("p10", "p50", "p90"):
            parts = [getattr(parts_of(step.estimate)[0], name) for step in steps]
            assert getattr(quote.time_s, name) >= max(parts)

    @settings(max_examples=50)
    @given(random_plans())
    def test_of_time_is_never_that_of_one_step_after_another(self, steps: list[PlanStep]) -> None:
        correlation = Correlation(time_s=0.5, tokens=0.5)
        chained = [
            step.model_copy(update={"depends_on": tuple(s.key for s in steps[:place]), "after": ()})
            for place, step in enumerate(steps)
        ]
        apart = [step.model_copy(update={"depends_on": (), "after": ()}) for step in steps]
        given_s, most_s, least_s = (
            quote_plan(shape, correlation).time_s.p50 for shape in (steps, chained, apart)
        )
        assert least_s <= given_s * 1.000001
        assert given_s <= most_s * 1.000001
        if sum(parts_of(step.estimate)[0].p50 > 0 for step in steps) > 1:
            assert least_s < most_s

    @settings(max_examples=50)
    @given(random_plans(), st.floats(1.1, 10))
    def test_grows_when_a_step_grows(self, steps: list[PlanStep], factor: float) -> None:
        grown = [*steps[:-1], steps[-1].model_copy(update={"estimate": larger(steps[-1], factor)})]
        for before, after in zip(
            parts_of(quote_plan(steps)), parts_of(quote_plan(grown)), strict=True
        ):
            assert after.p50 >= before.p50 * 0.999999
            assert after.p90 >= before.p90 * 0.999999
