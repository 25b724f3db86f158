"""What steps and plans are expected to take."""

from decimal import Decimal

import pytest

from app.agents.estimates import MULTIPLIERS, estimate_step, quote_plan
from app.agents.ledger_port import Price
from app.schemas.plan import AgentName, Complexity
from tests.factories.engine import make_step

PRICE = Price(
    input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(10), source="test", effective_on=None
)


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


class TestQuotePlan:
    def test_adds_cost_and_takes_time_along_the_critical_path(self) -> None:
        steps = [
            step.model_copy(
                update={"estimate": estimate_step(step, price=PRICE, source_characters=0)}
            )
            for step in (make_step("a"), make_step("b"), make_step("c", "a", "b"))
        ]
        one = steps[0].estimate
        assert one is not None
        quote = quote_plan(steps)
        assert quote.cost_usd.p50 == pytest.approx(3 * one.cost_usd.p50)
        assert quote.time_s.p50 == pytest.approx(2 * one.time_s.p50)
