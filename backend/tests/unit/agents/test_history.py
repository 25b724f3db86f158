"""What is learned from, and what steps of one run have in common."""

import random

import pytest

from app.agents.history import (
    KEPT_RUNS,
    MOST_CORRELATION,
    NO_HISTORY,
    PRIOR_CORRELATION,
    History,
    StepActual,
    size_bucket,
)
from app.schemas.plan import AgentName, Complexity
from tests.factories.engine import make_step


def actual(task: int, agent: AgentName, time_s: float, tokens: int = 0) -> StepActual:
    return StepActual(
        task_id=str(task),
        agent=agent,
        complexity=Complexity.MEDIUM,
        source_characters=0,
        time_s=time_s,
        input_tokens=tokens,
    )


def two_steps(runs: int, *, shared: float) -> History:
    """Return runs of two steps whose times share that part of their noise."""
    noise = random.Random(7)
    actuals = []
    for run in range(runs):
        common = noise.gauss(0, 1)
        for agent in (AgentName.RESEARCH, AgentName.DOCS):
            score = shared**0.5 * common + (1 - shared) ** 0.5 * noise.gauss(0, 1)
            actuals.append(actual(run, agent, 10 * 1.3**score))
    return History(actuals)


class TestLike:
    def test_keeps_the_newest_runs(self) -> None:
        runs = [actual(n, AgentName.RESEARCH, float(n)) for n in range(KEPT_RUNS + 50)]
        kept = History(runs).like(make_step("s"), 0)
        assert [run.time_s for run in kept] == [float(n) for n in range(KEPT_RUNS)]

    def test_knows_nothing_at_first(self) -> None:
        assert NO_HISTORY.like(make_step("s"), 0) == []


class TestSizeBucket:
    @pytest.mark.parametrize(
        ("characters", "bucket"),
        [(0, 0), (2_000, 0), (2_001, 1), (7_999, 1), (8_001, 2), (10**6, 5)],
    )
    def test_is_one_more_for_each_fourfold(self, characters: int, bucket: int) -> None:
        assert size_bucket(characters) == bucket


class TestCorrelation:
    def test_is_a_prior_without_runs(self) -> None:
        assert NO_HISTORY.correlation.time_s == PRIOR_CORRELATION

    @pytest.mark.parametrize("shared", [0.0, 0.6])
    def test_is_found_in_many_runs(self, shared: float) -> None:
        found = two_steps(KEPT_RUNS, shared=shared).correlation
        assert found.time_s == pytest.approx(shared, abs=0.2)

    def test_is_bounded_for_steps_that_always_go_together(self) -> None:
        runs = [
            actual(n, agent, 10.0 + n)
            for n in range(KEPT_RUNS)
            for agent in (AgentName.RESEARCH, AgentName.DOCS)
        ]
        assert History(runs).correlation.time_s == MOST_CORRELATION

    def test_is_a_prior_where_nothing_varies(self) -> None:
        assert two_steps(30, shared=0.5).correlation.tokens == PRIOR_CORRELATION
