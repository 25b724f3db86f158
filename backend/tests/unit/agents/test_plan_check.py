"""What every plan must hold."""

import pytest

from app.agents.dag import PlanInvalid
from app.agents.plan_check import check_steps
from app.schemas.plan import AgentName
from tests.factories.engine import make_step


class TestCheckSteps:
    @pytest.mark.parametrize(
        "name",
        ["../../etc/x.docx", "a/b.docx", "a\\b.docx", ".docx", "x" * 300 + ".docx", "a\x00.docx"],
    )
    def test_refuses_a_name_that_is_not_plain(self, name: str) -> None:
        with pytest.raises(PlanInvalid, match="plain name"):
            check_steps([make_step("s", agent=AgentName.DOCS, file_name=name)])

    @pytest.mark.parametrize(
        ("agent", "name"),
        [
            (AgentName.SHEETS, "a.docx"),
            (AgentName.DOCS, "a.xlsx"),
            (AgentName.SLIDES, "a"),
            (AgentName.RESEARCH, "a.md"),
        ],
    )
    def test_refuses_a_kind_that_the_agent_does_not_write(
        self, agent: AgentName, name: str
    ) -> None:
        with pytest.raises(PlanInvalid, match="writes"):
            check_steps([make_step("s", agent=agent, file_name=name)])

    def test_refuses_one_name_for_two_files(self) -> None:
        steps = [make_step(k, agent=AgentName.DOCS, file_name="a.docx") for k in ("one", "two")]
        with pytest.raises(PlanInvalid, match=r"same file: a\.docx"):
            check_steps(steps)

    @pytest.mark.parametrize(
        ("agent", "default"),
        [
            (AgentName.DOCS, "document.docx"),
            (AgentName.SHEETS, "workbook.xlsx"),
            (AgentName.SLIDES, "deck.pptx"),
        ],
    )
    def test_refuses_two_files_without_a_name(self, agent: AgentName, default: str) -> None:
        steps = [make_step(k, agent=agent) for k in ("one", "two")]
        with pytest.raises(PlanInvalid, match=f"same file: {default}"):
            check_steps(steps)

    @pytest.mark.parametrize("title", [" ", "\t\n", "\u3000"])
    def test_refuses_a_blank_title(self, title: str) -> None:
        with pytest.raises(PlanInvalid, match="title is blank") as refused:
            check_steps([make_step("s", title=title)])
        assert refused.value.facts["field"] == "title"

    def test_takes_korean_names(self) -> None:
        check_steps([make_step("s", agent=AgentName.DOCS, file_name="시장 브리프.docx")])
