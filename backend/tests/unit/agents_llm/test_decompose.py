"""A plan is a DAG whatever the model answers."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agents.errors import GoalUnclear
from app.agents.llm import LangChainComposer
from app.agents.ports import Goal, PlanDraft
from app.schemas.plan import AgentName
from app.sources import SourceLibrary
from tests.factories.task_files import library_of, task_library
from tests.unit.agents_llm.conftest import canned_client

LIBRARY = task_library()


def step(agent: str = "docs", **changes: object) -> dict[str, object]:
    return {
        "agent": agent,
        "title": f"Make {agent}",
        "instructions": "",
        "depends_on": [],
        "complexity": "medium",
        "file_name": None,
        "slide_count": None,
    } | changes


async def draft_of(*steps: dict[str, object], library: SourceLibrary = LIBRARY) -> PlanDraft:
    answer = {
        "is_clear": True,
        "unclear_reason": "",
        "title": "Ferries",
        "steps": list(steps),
        "assumptions": [],
    }
    goal = Goal(text="Ferries", language="en", today=date(2025, 1, 1), sources=library)
    return await LangChainComposer(canned_client(answer)).decompose(goal)


AGENTS = st.sampled_from(["research", "docs", "sheets", "slides"])
STEPS = st.lists(
    st.builds(
        lambda agent, needs, slides, name: step(
            agent, depends_on=needs, slide_count=slides, file_name=name
        ),
        AGENTS,
        st.lists(st.integers(-3, 15), max_size=6),
        st.none() | st.integers(-5, 500),
        st.none() | st.text(max_size=30),
    ),
    min_size=1,
    max_size=11,
)


class TestDecompose:
    @settings(max_examples=60, deadline=None)
    @given(STEPS)
    async def test_makes_a_dag_of_any_answer(self, steps: list[dict[str, object]]) -> None:
        draft = await draft_of(*steps)
        keys = [s.key for s in draft.steps]
        assert len(set(keys)) == len(keys) <= 12
        for place, made in enumerate(draft.steps):
            assert {*made.depends_on, *made.after} <= set(keys[:place])
        assert [s.agent for s in draft.steps].count(AgentName.REVIEW) == 1
        assert draft.steps[-1].agent is AgentName.REVIEW
        names = [s.file_name for s in draft.steps if s.file_name]
        assert len(set(names)) == len(names)

    async def test_what_is_written_waits_for_research(self) -> None:
        draft = await draft_of(step("research"), step("docs"), step("sheets"))
        needs = {s.key: s.depends_on for s in draft.steps}
        assert needs["docs"] == ("research",)
        assert needs["sheets"] == ()

    async def test_a_workbook_without_tables_is_left_out_and_said(self) -> None:
        library = library_of(("notes.md", "# Notes\n\nOnly words stand here."))
        draft = await draft_of(step("sheets"), step("docs"), library=library)
        assert [s.key for s in draft.steps] == ["docs", "review"]
        assert "No table" in draft.notices[0]

    async def test_nothing_that_can_be_made_is_unclear(self) -> None:
        with pytest.raises(GoalUnclear, match="No file"):
            await draft_of(step("research"), library=SourceLibrary([]))

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("../../etc/passwd", "etc-passwd.docx"),
            ("notes.md", "notes.md"),
            ("a/b.docx", "a-b.docx"),
        ],
    )
    async def test_a_file_name_is_made_safe(self, name: str, expected: str) -> None:
        draft = await draft_of(step("docs", file_name=name))
        assert draft.steps[0].file_name == expected
