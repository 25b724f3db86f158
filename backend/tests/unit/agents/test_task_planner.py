"""From a goal to a priced plan."""

import pytest

from app.agents.constraints import Constraints
from app.agents.dag import PlanInvalid
from app.agents.task_planner import GoalInvalid, TaskPlanner
from app.agents.types import StepStatus
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep, TaskType
from tests.factories.composers import ProposingComposer, make_goal
from tests.factories.engine import make_step


async def plan_of(*steps: PlanStep) -> ExecutionPlan:
    return await TaskPlanner(ProposingComposer(steps), price=None).plan(make_goal())


class TestPlan:
    async def test_ends_with_a_review_that_waits_for_all_other_steps(self) -> None:
        plan = await plan_of(make_step("a"), make_step("b", "a"))
        review = plan.steps[-1]
        assert review.agent is AgentName.REVIEW
        assert review.after == ("a", "b")
        assert review.depends_on == ()

    async def test_prices_every_step_and_the_whole(self) -> None:
        plan = await plan_of(make_step("a"))
        assert all(step.estimate is not None for step in plan.steps)
        assert plan.quote.time_s.p50 > 0

    async def test_names_its_content_by_a_hash(self) -> None:
        first, same, other = (
            await plan_of(make_step("a")),
            await plan_of(make_step("a")),
            await plan_of(make_step("a", instructions="more")),
        )
        assert first.content_hash == same.content_hash != other.content_hash
        assert len(first.content_hash) == 64

    @pytest.mark.parametrize(
        ("agents", "expected"),
        [
            ([AgentName.RESEARCH], TaskType.RESEARCH),
            ([AgentName.RESEARCH, AgentName.DOCS], TaskType.DOCS),
            ([AgentName.SHEETS], TaskType.SHEETS),
            ([AgentName.DOCS, AgentName.SLIDES], TaskType.COMPLEX),
        ],
    )
    async def test_says_what_kind_of_task_it_is(
        self, agents: list[AgentName], expected: TaskType
    ) -> None:
        steps = [make_step(f"s{i}", agent=agent) for i, agent in enumerate(agents)]
        assert (await plan_of(*steps)).task_type is expected

    @pytest.mark.parametrize("text", ["", "   ", "\n\t", "ab"])
    async def test_refuses_an_empty_goal(self, text: str) -> None:
        planner = TaskPlanner(ProposingComposer([make_step("a")]), price=None)
        with pytest.raises(GoalInvalid, match="empty"):
            await planner.plan(make_goal(text))

    async def test_refuses_a_goal_of_fifty_thousand_characters(self) -> None:
        planner = TaskPlanner(ProposingComposer([make_step("a")]), price=None)
        with pytest.raises(GoalInvalid, match="50,000 characters"):
            await planner.plan(make_goal("x" * 50_000))

    async def test_refuses_steps_that_form_no_dag(self) -> None:
        with pytest.raises(PlanInvalid):
            await plan_of(make_step("a", "b"), make_step("b", "a"))


class TestValidateConstraints:
    async def test_returns_every_violation_with_what_is_allowed_and_planned(self) -> None:
        planner = TaskPlanner(ProposingComposer([make_step("a")]), price=None)
        plan = await planner.plan(make_goal())
        violations = planner.validate_constraints(
            plan,
            Constraints(max_time_s=0.01, max_steps=1, allowed_agents=(AgentName.REVIEW,)),
        )
        assert [(v.code, v.limit, v.asked, v.found, v.step) for v in violations] == [
            ("time_over_limit", "max_time_s", 0.01, plan.quote.time_s.p90, None),
            ("too_many_steps", "max_steps", 1, 2, None),
            ("agent_not_allowed", "allowed_agents", "review", "research", "a"),
        ]
        assert all(violation.message.endswith(".") for violation in violations)

    async def test_returns_nothing_for_a_plan_within_its_limits(self) -> None:
        planner = TaskPlanner(ProposingComposer([make_step("a")]), price=None)
        plan = await planner.plan(make_goal())
        limits = Constraints(max_cost_usd=0, max_tokens=0, max_steps=2, max_time_s=1000)
        assert planner.validate_constraints(plan, limits) == []


class TestGetProgress:
    async def test_counts_ended_steps_and_the_critical_path_of_the_rest(self) -> None:
        planner = TaskPlanner(ProposingComposer([make_step("a"), make_step("b", "a")]), price=None)
        plan = await planner.plan(make_goal())
        before = planner.get_progress(plan, {})
        after = planner.get_progress(plan, {"a": StepStatus.DONE, "b": StepStatus.RUNNING})
        assert (before.done_steps, before.total_steps, before.fraction) == (0, 3, 0.0)
        assert 0 < before.remaining_s <= plan.quote.time_s.p50
        assert after.done_steps == 1
        assert 0 < after.remaining_s < before.remaining_s
