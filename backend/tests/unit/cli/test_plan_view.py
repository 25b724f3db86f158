"""A plan as it is shown before the run."""

from datetime import date

import pytest

from app.agents.transitions import TaskStatus
from app.cli.messages import Language
from app.cli.plan_view import plan_view
from app.schemas.plan import AgentName, Basis, BasisKind, ExecutionPlan, QuotedPrice
from tests.unit.cli.screen import Screen
from tests.unit.cli.task_views import a_plan, a_quote, a_task, plan_step, three_steps


def shown(
    plan: ExecutionPlan, *, language: Language = "en", width: int = 100, priority: str = "normal"
) -> str:
    """Return the plan as a terminal shows it."""
    screen = Screen(width=width, language=language)
    task = a_task(plan=plan, status=TaskStatus.PLANNED, cap_usd=0.5, priority=priority)
    return screen.shows(plan_view(task, plan, screen.terminal, ["sales.csv: Two rows left out."]))


class TestPlanView:
    def test_shows_each_step_with_its_file_and_what_it_waits_for(self) -> None:
        lines = [line.split() for line in shown(a_plan()).splitlines()]
        assert ["1", "Read", "the", "files", "research"] in lines
        assert ["2", "Write", "the", "report", "documents", "report.docx", "1"] in lines
        assert ["3", "Sum", "up", "review", "1,", "2"] in lines

    def test_says_that_the_built_in_composer_is_free(self) -> None:
        text = shown(a_plan(quote=a_quote(time_s=3)))
        assert "free, no model is called" in text
        assert "about 3.0 s, at most 6.0 s in nine of ten runs" in text
        assert "Tokens" not in text

    def test_shows_both_forecasts_of_a_model_and_the_cap(self) -> None:
        plan = a_plan(model="openai:gpt", quote=a_quote(cost_usd=0.01, tokens=12_000))
        text = shown(plan)
        assert "about $0.0100, at most $0.0200 in nine of ten runs" in text
        assert "never more than the cap of $0.5000" in text
        assert "about 12,000, at most 24,000" in text
        assert "openai:gpt" in text

    def test_shows_a_priority_that_is_not_the_normal_one(self) -> None:
        assert "Priority" not in shown(a_plan())
        assert "high, before your other tasks" in shown(a_plan(), priority="high")
        assert "낮음, 내 다른 작업 다음" in shown(a_plan(), priority="low", language="ko")

    def test_says_where_the_forecast_comes_from(self) -> None:
        plan = a_plan()
        bases = {
            BasisKind.PRIORS: ("typical values; from 5 runs", "일반값, 같은 단계를 5번"),
            BasisKind.MIXED: ("partly your own runs, at least 12", "일부는 직접 실행한 기록"),
            BasisKind.ACTUALS: ("your own runs, at least 12", "단계마다 12번 이상"),
        }
        for kind, (english, korean) in bases.items():
            basis = Basis(kind=kind, runs=0 if kind is BasisKind.PRIORS else 12)
            quote = plan.quote.model_copy(update={"basis": basis})
            said = plan.model_copy(update={"quote": quote})
            assert english in shown(said)
            assert korean in shown(said, language="ko")

    def test_says_which_price_the_quote_was_made_with(self) -> None:
        price = QuotedPrice(
            input_usd_per_mtok=1.25,
            output_usd_per_mtok=10,
            effective_on=date(2026, 5, 1),
            source="genai-prices 0.2",
        )
        plan = a_plan(model="openai:gpt").model_copy(update={"price": price})
        text = shown(plan)
        assert "$1.25 in and $10.00 out per million tokens" in text
        assert "genai-prices 0.2, since 2026-05-01" in text

    def test_tells_a_free_model_from_no_model(self) -> None:
        text = shown(a_plan(model="ollama:qwen3", quote=a_quote(tokens=10)))
        assert "ollama:qwen3 runs on your own machine" in text

    def test_lists_what_was_left_out_and_what_was_assumed(self) -> None:
        text = shown(a_plan(notices=("No slide count was given.",)))
        assert "sales.csv: Two rows left out." in text
        assert "No slide count was given." in text

    def test_marks_a_step_that_may_fail(self) -> None:
        step = plan_step("extra", "Add a chart", AgentName.SHEETS, required=False)
        assert "Add a chart (optional)" in shown(a_plan(steps=(*three_steps(), step)))

    @pytest.mark.parametrize("width", [60, 80, 120])
    def test_fits_the_screen_in_korean(self, width: int) -> None:
        steps = [
            plan_step("a", "수식과 차트가 있는 스프레드시트를 만듭니다", AgentName.SHEETS),
            plan_step("b", "발표 자료 6장을 구성합니다", AgentName.SLIDES, depends_on=("a",)),
        ]
        text = shown(a_plan(title="1분기 보고", steps=steps), language="ko", width=width)
        assert "계획  1분기 보고" in text
        assert "무료" in text
