"""Progress on a terminal and in a pipe."""

import pytest

from app.cli.board import Board
from app.cli.live_view import LiveView
from app.cli.messages import Language
from app.cli.plain_view import PlainView, event_line
from tests.unit.cli.screen import Screen
from tests.unit.cli.task_views import STARTED, a_plan, a_quote, a_task, an_event

LONG = "A title that is far too long for any terminal of eighty columns, and then some more of it"


def a_board(title: str = "Board brief", *, cost_usd: float = 0) -> Board:
    """Return a board with a step that runs and one that is done."""
    plan = a_plan(title=title, quote=a_quote(cost_usd=cost_usd))
    board = Board(a_task(plan=plan, spent_usd=0.25, cap_usd=2.0), plan)
    board.apply(an_event("step.done", "research", at_s=2, payload={"summary": LONG}))
    board.apply(an_event("step.started", "report", at_s=2))
    return board


class TestLiveView:
    @pytest.mark.parametrize("language", ["en", "ko"])
    @pytest.mark.parametrize("width", [60, 80, 120])
    def test_never_leaves_the_screen(self, width: int, language: Language) -> None:
        screen = Screen(width=width, language=language)
        view = LiveView(a_board(LONG), screen.terminal, now=lambda: STARTED)
        picture = screen.shows([view.picture()])
        assert "Write the report" in picture
        assert len(picture.splitlines()) == 7

    def test_says_how_far_it_is(self) -> None:
        screen = Screen()
        picture = screen.shows([LiveView(a_board(), screen.terminal).picture()])
        assert "1 of 3 steps" in picture
        assert "left" in picture
        assert "after 2" in picture

    def test_shows_money_only_where_there_is_some(self) -> None:
        screen = Screen()
        free = screen.shows([LiveView(a_board(), screen.terminal).picture()])
        paid = screen.shows([LiveView(a_board(cost_usd=0.1), screen.terminal).picture()])
        assert "$" not in free
        assert "$0.2500 of $2.00" in paid

    def test_shows_a_notice_until_the_next_event(self) -> None:
        screen = Screen()
        view = LiveView(a_board(), screen.terminal)
        view.notice("database_away")
        assert "! The database went away" in screen.shows([view.picture()])
        view.event(an_event("step.progress"))
        assert "database" not in screen.shows([view.picture()])


class TestPlainView:
    def test_writes_one_line_for_each_event_and_all_of_it(self) -> None:
        screen = Screen(is_terminal=False)
        view = PlainView(a_board(), screen.terminal)
        view.event(an_event("step.progress", "report", payload={"text": LONG}))
        view.notice("database_back")
        assert screen.err.splitlines() == [
            f"▸ Write the report: working - {LONG}",
            "! The database is back.",
        ]


class TestEventLine:
    def test_names_the_step_by_its_title(self) -> None:
        terminal = Screen().terminal
        board = a_board()
        line = event_line(
            an_event("step.failed", "report", payload={"message": "No."}), board, terminal
        )
        assert line.startswith("✗ Write the report: failed - No.")

    def test_says_why_the_task_paused(self) -> None:
        event = an_event("task.paused", payload={"message": "The cap is reached."})
        assert event_line(event, None, Screen().terminal) == "The task paused. The cap is reached."

    def test_speaks_korean(self) -> None:
        event = an_event("task.started", payload={"steps": 5})
        line = event_line(event, None, Screen(language="ko").terminal)
        assert line == "5단계 작업을 시작했습니다."

    def test_shows_an_event_of_a_later_version_by_its_name(self) -> None:
        assert event_line(an_event("task.dreamed"), None, Screen().terminal) == "task.dreamed"
