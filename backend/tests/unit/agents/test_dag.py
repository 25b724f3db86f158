"""The shape of a plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agents.dag import PlanInvalid, critical_path_s, topological_order
from app.schemas.plan import PlanStep
from tests.factories.engine import make_step


@st.composite
def dags(draw: st.DrawFn) -> list[PlanStep]:
    count = draw(st.integers(1, 12))
    steps = []
    for number in range(count):
        earlier = [f"s{n}" for n in range(number)]
        chosen = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        steps.append(make_step(f"s{number}", *chosen))
    return draw(st.permutations(steps))


class TestTopologicalOrder:
    @given(dags())
    def test_puts_each_step_after_what_it_waits_for(self, steps: list[PlanStep]) -> None:
        place = {key: index for index, key in enumerate(topological_order(steps))}
        assert len(place) == len(steps)
        for step in steps:
            assert all(place[parent] < place[step.key] for parent in step.depends_on)

    def test_names_the_steps_of_a_circle(self) -> None:
        steps = [make_step("a", "c"), make_step("b", "a"), make_step("c", "b")]
        with pytest.raises(PlanInvalid, match=r"circle: a -> c -> b -> a\."):
            topological_order(steps)

    def test_refuses_an_unknown_parent(self) -> None:
        with pytest.raises(PlanInvalid, match=r"'a' waits for steps that do not exist: .*ghost"):
            topological_order([make_step("a", "ghost")])

    def test_refuses_a_repeated_key(self) -> None:
        with pytest.raises(PlanInvalid, match="repeated: a"):
            topological_order([make_step("a"), make_step("a")])


class TestCriticalPath:
    def test_is_the_longest_way_not_the_sum(self) -> None:
        steps = [make_step("a"), make_step("b"), make_step("c", "a", "b")]
        assert critical_path_s(steps, {"a": 5, "b": 1, "c": 2}) == 7

    def test_counts_steps_that_are_only_waited_for(self) -> None:
        steps = [make_step("a"), make_step("review", after=("a",))]
        assert critical_path_s(steps, {"a": 5, "review": 1}) == 6

    @given(dags())
    def test_lies_between_the_longest_step_and_the_sum(self, steps: list[PlanStep]) -> None:
        durations = {step.key: float(1 + len(step.depends_on)) for step in steps}
        length = critical_path_s(steps, durations)
        assert max(durations.values()) <= length <= sum(durations.values())
