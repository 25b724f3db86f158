"""Editing a plan: a plan comes out, or a refusal that names the step and the field."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.agents.dag import PlanInvalid, topological_order
from app.agents.plan_edit import edited
from app.agents.task_planner import TaskPlanner, content_hash
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep, TaskType
from app.schemas.plan_edit import PlanEdit
from tests.factories.composers import ProposingComposer
from tests.factories.engine import make_plan, make_step
from tests.factories.plan_edits import EditDice, fed_plan

EDITS: TypeAdapter[tuple[PlanEdit, ...]] = TypeAdapter(tuple[PlanEdit, ...])
RANDOM_PLANS, EDITS_OF_A_PLAN = 20, 50


def after(*edits: dict[str, Any], plan: ExecutionPlan | None = None) -> ExecutionPlan:
    return edited(plan or fed_plan(), EDITS.validate_python(list(edits)))


def step_of(plan: ExecutionPlan, key: str) -> PlanStep:
    return next(step for step in plan.steps if step.key == key)


def keys_of(plan: ExecutionPlan) -> list[str]:
    return [step.key for step in plan.steps]


def new_step(key: str = "more", **fields: Any) -> dict[str, Any]:
    return {"op": "add", "step": {"key": key, "agent": "research", "title": "More"} | fields}


class TestAdd:
    def test_puts_a_step_before_the_review_which_waits_for_it(self) -> None:
        plan = after(new_step())
        assert keys_of(plan) == ["research", "sheets", "docs", "slides", "more", "review"]
        assert step_of(plan, "review").after[-1] == "more"

    def test_puts_a_step_where_it_is_wanted(self) -> None:
        plan = after(new_step() | {"position": 1})
        assert keys_of(plan)[0] == "more"

    def test_of_a_second_review_waits_for_everything(self) -> None:
        plan = after(new_step("second", agent="review"))
        assert step_of(plan, "second").after == tuple(keys_of(fed_plan()))
        assert "second" not in step_of(plan, "review").after

    def test_of_a_step_behind_the_review_makes_no_circle(self) -> None:
        plan = after(new_step("late", after=["review"]))
        assert "late" not in step_of(plan, "review").after

    def test_says_what_the_task_is_now(self) -> None:
        plan = make_plan([make_step("research")], file_ids=fed_plan().file_ids)
        note = new_step("note", agent="docs", depends_on=["research"])
        assert after(note, plan=plan).task_type is TaskType.DOCS


class TestChange:
    def test_sets_every_field_that_a_step_has(self) -> None:
        fields = {
            "title": "Two pages",
            "instructions": "Be brief.",
            "depends_on": ("sheets",),
            "after": ("research",),
            "complexity": "low",
            "required": False,
            "file_name": "board.docx",
            "model": "openai:gpt-5-mini",
            "cap_usd": 0.25,
            "deadline_s": 60.0,
        }
        step = step_of(after({"op": "change", "key": "docs", **fields}), "docs")
        assert step.model_dump(include=set(fields)) == fields

    def test_leaves_the_rest_as_it_was(self) -> None:
        before = step_of(fed_plan(), "slides")
        changed = step_of(after({"op": "change", "key": "slides", "title": "Deck"}), "slides")
        assert changed == before.model_copy(update={"title": "Deck"})

    def test_with_null_clears_a_field(self) -> None:
        plan = after({"op": "change", "key": "docs", "cap_usd": 1})
        cleared = after({"op": "change", "key": "docs", "cap_usd": None}, plan=plan)
        assert step_of(cleared, "docs").cap_usd is None

    def test_of_the_agent_gives_the_file_its_kind(self) -> None:
        plan = after({"op": "change", "key": "docs", "agent": "slides"})
        assert step_of(plan, "docs").file_name == "report.pptx"
        plan = after({"op": "change", "key": "slides", "agent": "docs", "file_name": "b.md"})
        assert step_of(plan, "slides").file_name == "b.md"
        assert step_of(plan, "slides").slide_count is None


class TestMoveAndRemove:
    def test_moves_a_step(self) -> None:
        plan = after({"op": "move", "key": "docs", "position": 1})
        assert keys_of(plan) == ["docs", "research", "sheets", "slides", "review"]

    def test_removes_a_step_that_was_only_waited_for(self) -> None:
        plan = after({"op": "remove", "key": "slides"})
        assert keys_of(plan) == ["research", "sheets", "docs", "review"]
        assert step_of(plan, "review").after == ("research", "sheets", "docs")

    def test_removes_a_step_together_with_what_needs_it(self) -> None:
        plan = after({"op": "remove", "key": "sheets"}, {"op": "remove", "key": "slides"})
        assert keys_of(plan) == ["research", "docs", "review"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("edit", "step", "field", "reason"),
        [
            (
                {"op": "change", "key": "research", "depends_on": ["docs"]},
                "research",
                "depends_on",
                "cycle",
            ),
            (
                {"op": "change", "key": "docs", "depends_on": ["ghost"]},
                "docs",
                "depends_on",
                "dangling_dependency",
            ),
            ({"op": "change", "key": "docs", "after": ["ghost"]}, "docs", "after", None),
            ({"op": "remove", "key": "research"}, "research", "depends_on", "needed_by_others"),
            ({"op": "remove", "key": "ghost"}, "ghost", "key", "unknown_step"),
            ({"op": "move", "key": "docs", "position": 9}, "docs", "position", "bad_position"),
            (new_step("docs"), "docs", "key", "duplicate_key"),
            (new_step("plan"), "plan", "key", "reserved_key"),
            (new_step("Bad Key"), "Bad Key", "key", "bad_value"),
            (new_step(agent="chef"), "more", "agent", "unknown_agent"),
            (new_step(agent=None), "more", "agent", "bad_value"),
            (new_step(title=""), "more", "title", "bad_value"),
            (new_step(title=None), "more", "title", "bad_value"),
            (new_step(cap_usd=-1), "more", "cap_usd", "bad_value"),
            (new_step(deadline_s=0), "more", "deadline_s", "bad_value"),
            (new_step(slide_count=1), "more", "slide_count", "bad_value"),
            (
                new_step(agent="docs", file_name="report.docx", depends_on=["research"]),
                "more",
                "file_name",
                "same_file",
            ),
            (new_step(agent="docs", file_name="x.xlsx"), "more", "file_name", "bad_file_name"),
            (new_step(agent="docs", file_name="x.docx"), "more", "depends_on", "missing_inputs"),
            (
                {"op": "change", "key": "docs", "depends_on": []},
                "docs",
                "depends_on",
                "missing_inputs",
            ),
            ({"op": "change", "key": "docs", "title": "docs"}, None, None, "no_change"),
        ],
    )
    def test_name_the_step_the_field_and_the_reason(
        self, edit: dict[str, Any], step: str | None, field: str | None, reason: str | None
    ) -> None:
        with pytest.raises(PlanInvalid) as refused:
            after(edit)
        facts = refused.value.facts
        assert (facts.get("step"), facts.get("field")) == (step, field)
        assert facts["reason"] == (reason or "dangling_dependency")
        assert refused.value.message.endswith(".")
        if step is not None:
            assert repr(step) in refused.value.message or "circle" in refused.value.message

    def test_of_a_plan_without_work(self) -> None:
        plan = make_plan([make_step("a"), make_step("review", agent="review", after=("a",))])
        with pytest.raises(PlanInvalid) as refused:
            after({"op": "remove", "key": "a"}, plan=plan)
        assert refused.value.facts["reason"] == "empty_plan"

    def test_of_more_steps_than_a_plan_can_have(self) -> None:
        plan = make_plan([make_step(f"s{n}") for n in range(300)], file_ids=("f",))
        with pytest.raises(PlanInvalid) as refused:
            after(new_step(), plan=plan)
        assert refused.value.facts["reason"] == "too_many_steps"

    def test_of_research_where_there_is_nothing_to_read(self) -> None:
        plan = make_plan([make_step("note", agent=AgentName.DOCS)])
        with pytest.raises(PlanInvalid) as refused:
            after(new_step(), plan=plan)
        assert refused.value.facts["reason"] == "missing_inputs"

    def test_do_not_blame_an_edit_for_what_the_plan_lacked_before(self) -> None:
        plan = make_plan([make_step("a"), make_step("b")])
        assert step_of(after({"op": "change", "key": "a", "title": "x"}, plan=plan), "a").title


class TestRandomEdits:
    @settings(max_examples=RANDOM_PLANS)
    @given(seed=st.integers(0, 2**32))
    def test_end_as_a_valid_plan_with_a_quote_or_as_a_precise_refusal(self, seed: int) -> None:
        dice, plan = EditDice(seed), fed_plan()
        for _ in range(EDITS_OF_A_PLAN):
            ended = end_of(plan, dice.edits(plan.steps))
            if isinstance(ended, PlanInvalid):
                assert ended.facts["reason"]
                assert ended.facts["reason"] == "no_change" or ended.facts["field"]
                continue
            plan = ended
            assert set(topological_order(plan.steps)) == set(keys_of(plan))
            assert plan.content_hash == content_hash(plan)
            assert plan.quote.time_s.p90 >= plan.quote.time_s.p50 > 0
            assert ExecutionPlan.model_validate(plan.model_dump(mode="json")) == plan

    def test_are_done_and_refused_in_good_number(self) -> None:
        dice, plan = EditDice(7), fed_plan()
        ends = [end_of(plan, dice.edits(plan.steps)) for _ in range(200)]
        refused = {end.facts["reason"] for end in ends if isinstance(end, PlanInvalid)}
        assert sum(isinstance(end, ExecutionPlan) for end in ends) > 50
        assert {"bad_value", "unknown_step", "needed_by_others", "missing_inputs"} <= refused


def end_of(plan: ExecutionPlan, given: list[dict[str, Any]]) -> ExecutionPlan | PlanInvalid:
    planner = TaskPlanner(ProposingComposer(plan.steps), price=None)
    try:
        changed = edited(plan, EDITS.validate_python(given))
        return planner.price(changed, source_characters=1000)
    except PlanInvalid as refusal:
        return refusal
