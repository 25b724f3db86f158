"""From goals to steps: what is made, in which order, and what is refused."""

from itertools import pairwise

import pytest

from app.agents.builtin.file_names import slug
from app.agents.errors import GoalUnclear, NothingToWorkFrom
from app.agents.ports import PlanDraft
from app.schemas.plan import AgentName
from tests.unit.agents_builtin.material_files import (
    EVERYTHING,
    FIELD_MD,
    KOREAN_MD,
    MARKET_CSV,
    MEMO_MD,
    plan_for,
)

AGENTS = {AgentName.DOCS: "D", AgentName.SHEETS: "W", AgentName.SLIDES: "S"}


def made(draft: PlanDraft) -> set[str]:
    return {AGENTS[step.agent] for step in draft.steps if step.agent in AGENTS}


class TestDecompose:
    async def test_orders_research_files_and_review(self) -> None:
        draft = await plan_for("Write a brief with a spreadsheet and a six-slide deck", EVERYTHING)
        steps = {step.key: step for step in draft.steps}
        assert list(steps) == ["research", "sheets", "docs", "slides", "review"]
        assert steps["docs"].depends_on == ("research",)
        assert "sheets" in steps["docs"].after
        assert steps["sheets"].depends_on == ()
        assert steps["slides"].slide_count == 6
        assert set(steps["review"].after) == set(steps) - {"review"}

    @pytest.mark.parametrize(
        ("goal", "expected"),
        [
            ("Analyse the sales data", {"D", "W"}),
            ("Summarise what the files say", {"D"}),
            ("What grew fastest in 2024?", {"D"}),
            ("I have to present this to the board", {"S"}),
            ("이 자료를 분석해 줘", {"D", "W"}),
            ("home battery market", {"D", "W"}),
        ],
    )
    async def test_chooses_where_the_goal_names_no_file(
        self, goal: str, expected: set[str]
    ) -> None:
        assert made(await plan_for(goal, EVERYTHING)) == expected

    async def test_says_that_it_chose(self) -> None:
        draft = await plan_for("Analyse the sales data", EVERYTHING)
        assert any("does not name a kind of file" in notice for notice in draft.notices)

    async def test_makes_a_workbook_of_findings_where_there_are_no_tables(self) -> None:
        draft = await plan_for("Put this in Excel", {"field.md": FIELD_MD})
        sheets = next(step for step in draft.steps if step.key == "sheets")
        assert sheets.depends_on == ("research",)
        assert any("hold no tables" in notice for notice in draft.notices)

    async def test_divides_many_files_among_readers(self) -> None:
        files = {f"{name}{i}.md": MEMO_MD for i, name in enumerate("abcde")}
        draft = await plan_for("Write a report", {**files, "market.csv": MARKET_CSV})
        keys = [step.key for step in draft.steps]
        assert keys == ["research-1", "research-2", "figures", "compare", "docs", "review"]

    async def test_writes_in_the_language_of_the_goal(self) -> None:
        draft = await plan_for("사내 카페 조사 보고서를 써 줘", {"c.md": KOREAN_MD})
        assert draft.language == "ko"
        assert draft.title == "사내 카페 조사 보고서"
        assert draft.steps[1].file_name == "사내-카페-조사-보고서.docx"

    async def test_says_that_foreign_files_stay_untranslated(self) -> None:
        draft = await plan_for("Write a report in Korean", {"field.md": FIELD_MD})
        assert draft.language == "ko"
        assert any("번역" in notice for notice in draft.notices)

    async def test_takes_pasted_figures_as_a_source(self) -> None:
        goal = "Make slides from these numbers:\nYear,Visitors\n2021,1200\n2022,1500\n2023,2100"
        assert made(await plan_for(goal, {})) == {"S"}

    async def test_gives_the_same_plan_twice(self) -> None:
        goal = "Write a brief with a spreadsheet and slides"
        assert await plan_for(goal, EVERYTHING) == await plan_for(goal, EVERYTHING)


class TestRefusals:
    @pytest.mark.parametrize("goal", ["asdf qwer", "!!! 😀", "hello", "...", "zxcv"])
    async def test_say_what_is_unclear(self, goal: str) -> None:
        with pytest.raises(GoalUnclear):
            await plan_for(goal, EVERYTHING)

    @pytest.mark.parametrize(
        "goal",
        [
            "Book a flight to Paris",
            "Write a poem about the sea",
            "Send an e-mail to the team",
            "Translate this video",
            "시를 한 편 써 줘",
            "이메일을 보내 줘",
        ],
    )
    async def test_name_what_can_be_made(self, goal: str) -> None:
        with pytest.raises(GoalUnclear, match=r"slide decks|발표 자료"):
            await plan_for(goal, EVERYTHING)

    @pytest.mark.parametrize("goal", ["Write a report about the moon", "달에 대한 보고서를 써 줘"])
    async def test_ask_for_files_where_there_are_none(self, goal: str) -> None:
        with pytest.raises(NothingToWorkFrom, match=r"model|모델"):
            await plan_for(goal, {})

    async def test_keep_what_can_be_done_and_say_what_cannot(self) -> None:
        draft = await plan_for("Make a deck and send an e-mail to the team", EVERYTHING)
        assert made(draft) == {"S"}
        assert any("not part of the plan" in notice for notice in draft.notices)


class TestSlug:
    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("Home batteries in Korea", "home-batteries-in-korea"),
            ("국내 배터리 시장 (2025)", "국내-배터리-시장-2025"),
            ("../../etc/passwd", "etc-passwd"),
            ("😀", "madang"),
            ("Café Müller", "cafe-muller"),
        ],
    )
    def test_is_safe_as_a_file_name(self, title: str, expected: str) -> None:
        assert slug(title) == expected

    def test_ends_at_a_word(self) -> None:
        found = slug(" ".join(f"word{i}" for i in range(40)))
        assert len(found) <= 48
        assert all(part.startswith("word") for part, _ in pairwise([*found.split("-"), "word"]))
