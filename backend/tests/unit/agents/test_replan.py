"""The rest of a begun task planned anew, without an engine: what is done is not planned again."""

import random
from collections.abc import Mapping

import pytest

from app.agents.builtin import BuiltinComposer
from app.agents.builtin.rerouting import rerouted
from app.agents.errors import NothingToReplan
from app.agents.plan_check import check_steps
from app.agents.ports import Goal, Standing, StepReport
from app.agents.replan import joined_steps, reused
from app.agents.task_planner import TaskPlanner, content_hash
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep
from app.sources import SourceLibrary
from tests.factories.composers import TODAY, ProposingComposer
from tests.factories.engine import make_plan, make_step


def make_standing(plan: ExecutionPlan, **ends: str) -> Standing:
    """Return how a plan stands whose steps ended so."""
    return made_of(plan, ends)


def made_of(
    plan: ExecutionPlan, ends: Mapping[str, str], *, has_new_goal: bool = False
) -> Standing:
    """Return how a plan stands: each step `done`, `failed`, `broken` (for good) or not reached."""
    return Standing(
        plan=plan,
        reports=tuple(
            StepReport(
                step=step,
                is_done=ends.get(step.key) == "done",
                is_failed=ends.get(step.key) in {"failed", "broken"},
                may_work_again=ends.get(step.key) != "broken",
            )
            for step in plan.steps
        ),
        taken_keys=frozenset(step.key for step in plan.steps),
        has_new_goal=has_new_goal,
    )


def report_plan(*more: PlanStep) -> ExecutionPlan:
    steps = [
        make_step("read"),
        make_step("count"),
        make_step("docs", "read", "count", agent="docs", file_name="report.docx"),
        make_step("slides", "read", agent="slides", slide_count=5, file_name="deck.pptx"),
        *more,
    ]
    keys = tuple(step.key for step in steps)
    return make_plan([*steps, make_step("review", agent="review", after=keys)], file_ids=("f",))


def goal(text: str = "add up") -> Goal:
    return Goal(text=text, language="en", today=TODAY, sources=SourceLibrary([]))


def planned(standing: Standing) -> dict[str, PlanStep]:
    """Return the steps of the next plan by key, checked."""
    steps = joined_steps(standing, rerouted(standing))
    check_steps(steps)
    return {step.key: step for step in steps}


class TestRerouted:
    def test_tries_again_what_may_work_again(self) -> None:
        standing = make_standing(report_plan(), read="done", count="failed")
        assert planned(standing)["count"] == standing.plan.step("count")

    def test_leaves_out_an_optional_step_that_failed(self) -> None:
        extra = make_step("extra", required=False)
        last = make_step("last", "extra", "docs", agent="docs", file_name="last.docx")
        standing = make_standing(report_plan(extra, last), read="done", extra="failed")
        steps = planned(standing)
        assert "extra" not in steps
        assert steps["last"].depends_on == ("docs",)
        assert rerouted(standing).notices == ("Left out, since it failed: extra.",)

    @pytest.mark.parametrize(
        ("broken", "made"),
        [("docs", "report.md"), ("slides", "deck.docx")],
    )
    def test_makes_a_file_that_failed_for_good_in_another_form(
        self, broken: str, made: str
    ) -> None:
        ends = {"read": "done", "count": "done", "docs": "done", "slides": "done"}
        standing = made_of(report_plan(), {**ends, broken: "broken"})
        steps = planned(standing)
        assert broken not in steps
        other = steps[f"{broken}-2"]
        assert (other.agent, other.file_name) == (AgentName.DOCS, made)
        assert other.depends_on == standing.plan.step(broken).depends_on
        assert f"{broken}-2" in steps["review"].after

    def test_lets_the_rest_work_with_what_is_there(self) -> None:
        standing = make_standing(report_plan(), read="done", count="broken")
        steps = planned(standing)
        assert steps["docs"].depends_on == ("read",)
        assert "count" not in steps

    def test_says_it_in_the_plans_language(self) -> None:
        plan = make_plan([make_step("a"), make_step("b", required=False)], language="ko")
        assert rerouted(make_standing(plan, b="failed")).notices == ("실패해서 뺀 단계: b.",)

    def test_of_any_standing_gives_a_plan_that_keeps_what_is_done(self) -> None:
        rng = random.Random(20261125)
        for _ in range(500):
            plan = random_plan(rng)
            ends: dict[str, str] = {}
            for step in plan.steps:
                is_ready = all(ends.get(key) == "done" for key in step.depends_on)
                kinds = ("done", "done", "failed", "broken", "") if is_ready else ("",)
                ends[step.key] = rng.choice(kinds)
            standing = made_of(plan, ends)
            try:
                steps = planned(standing)
            except NothingToReplan:
                assert all(report.is_done for report in standing.reports)
                continue
            for step in standing.finished:
                assert steps[step.key].model_copy(update={"after": step.after}) == step


def random_plan(rng: random.Random) -> ExecutionPlan:
    steps: list[PlanStep] = []
    for number in range(rng.randint(1, 9)):
        agent = rng.choice(["research", "research", "docs", "slides", "sheets"])
        keys = [step.key for step in steps]
        needs = rng.sample(keys, rng.randint(0, min(3, len(keys))))
        after = [key for key in rng.sample(keys, min(2, len(keys))) if key not in needs]
        ending = {"docs": ".docx", "slides": ".pptx", "sheets": ".xlsx"}.get(agent)
        steps.append(
            make_step(
                f"s{number}",
                *needs,
                agent=agent,
                after=tuple(after),
                required=rng.random() < 0.7,
                file_name=None if ending is None else f"f{number}{ending}",
            )
        )
    return make_plan(steps)


class TestReused:
    def test_plans_no_work_again_that_is_done(self) -> None:
        standing = make_standing(report_plan(), read="done", count="done", docs="done")
        fresh = [
            make_step("a", title="read"),
            make_step("b", title="count"),
            make_step("c", "a", "b", title="docs", agent="docs", file_name="other.docx"),
            make_step("docs", "a", title="New", agent="docs", file_name="report.docx"),
        ]
        (new,) = reused(fresh, standing)
        assert (new.key, new.file_name, new.depends_on) == ("docs-2", "report-2.docx", ("read",))


class TestTaskPlannerReplan:
    async def test_quotes_the_rest_only_and_names_what_is_finished_in_the_hash(self) -> None:
        planner = TaskPlanner(BuiltinComposer(), price=None)
        standing = make_standing(report_plan(), read="done", count="done", docs="failed")
        plan = await planner.replan(goal(), standing)
        assert plan.finished == ("read", "count")
        assert [step.key for step in plan.steps if step.estimate is None] == ["read", "count"]
        assert plan.content_hash == content_hash(plan) != standing.plan.content_hash
        assert content_hash(plan.model_copy(update={"finished": ()})) != plan.content_hash
        assert planner.price(plan) == plan

    async def test_of_what_is_all_done_is_refused(self) -> None:
        ends = {step.key: "done" for step in report_plan().steps}
        standing = made_of(report_plan(), ends, has_new_goal=True)
        fresh = ProposingComposer([make_step("again", title="read")])
        with pytest.raises(NothingToReplan):
            await TaskPlanner(fresh, price=None).replan(goal("other"), standing)
