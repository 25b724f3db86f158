"""How a task stands, from its events."""

from datetime import timedelta

from app.agents.types import StepStatus
from app.cli.board import Board
from app.cli.step_words import step_words
from tests.unit.cli.task_views import STARTED, a_plan, a_step, a_task, an_event


def a_board(**task: object) -> Board:
    """Return the board of a task of three steps."""
    read = a_task(**task)
    assert read.plan is not None
    return Board(read, read.plan)


class TestBoard:
    def test_shows_a_new_task_as_waiting(self) -> None:
        board = a_board()
        assert [step.status for step in board.steps.values()] == [StepStatus.WAITING] * 3
        assert board.progress().done_steps == 0

    def test_starts_from_how_a_resumed_task_stands(self) -> None:
        done = a_step("research", "done", started_s=0, ended_s=4, summary="7 facts")
        board = a_board(steps=(done, a_step("report", "waiting"), a_step("review", "waiting")))
        assert board.steps["research"].text == "7 facts"
        assert board.steps["research"].elapsed_s(STARTED + timedelta(hours=1)) == 4
        assert board.progress().done_steps == 1


class TestApply:
    def test_follows_a_step_to_its_result(self) -> None:
        board = a_board()
        step = board.steps["research"]
        board.apply(an_event("step.started", "research", at_s=1))
        board.apply(an_event("step.progress", "research", payload={"text": "Reading\n2 files"}))
        assert (step.status, step.text) == (StepStatus.RUNNING, "Reading 2 files")
        assert step.elapsed_s(STARTED + timedelta(seconds=3)) == 2
        board.apply(an_event("step.done", "research", at_s=5, payload={"summary": "7 facts"}))
        assert (step.status, step.text) == (StepStatus.DONE, "7 facts")
        assert step.elapsed_s(STARTED + timedelta(hours=1)) == 4

    def test_changes_nothing_the_second_time(self) -> None:
        board = a_board()
        event = an_event("step.started", "research", at_s=1)
        board.apply(event)
        before = repr(board.steps)
        board.apply(event)
        assert repr(board.steps) == before

    def test_keeps_the_reason_of_a_failure_and_of_what_it_skips(self) -> None:
        board = a_board()
        board.apply(an_event("step.failed", "research", payload={"message": "No text."}))
        board.apply(an_event("step.skipped", "report", payload={"message": "It needs research."}))
        assert step_words(board.steps["research"], board, "en") == "No text."
        assert step_words(board.steps["report"], board, "en") == "It needs research."
        statuses = [step.status for step in board.steps.values()]
        assert statuses == [StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.WAITING]
        assert board.progress().done_steps == 2

    def test_tells_another_try_from_a_lost_worker(self) -> None:
        board = a_board()
        board.apply(an_event("step.requeued", "research", payload={"message": "Busy."}))
        board.apply(an_event("step.requeued", "report", payload={"code": "worker_lost"}))
        said = [step_words(board.steps[key], board, "en") for key in ("research", "report")]
        assert said == [
            "will be tried again: Busy.",
            "was left by its worker and starts again",
        ]

    def test_stops_what_runs_when_the_task_pauses(self) -> None:
        board = a_board()
        board.apply(an_event("step.started", "research"))
        board.apply(an_event("task.paused"))
        assert board.steps["research"].status is StepStatus.WAITING
        assert board.is_ended

    def test_keeps_what_is_done_when_the_task_is_cancelled(self) -> None:
        board = a_board()
        board.apply(an_event("step.done", "research"))
        board.apply(an_event("task.cancelled"))
        statuses = [step.status for step in board.steps.values()]
        assert statuses == [StepStatus.DONE, StepStatus.CANCELLED, StepStatus.CANCELLED]

    def test_goes_on_after_a_resume(self) -> None:
        board = a_board()
        board.apply(an_event("task.paused"))
        board.apply(an_event("task.resumed"))
        assert not board.is_ended

    def test_ignores_steps_that_the_plan_does_not_have(self) -> None:
        board = a_board()
        board.apply(an_event("step.started", "unheard-of"))
        assert list(board.steps) == ["research", "report", "review"]


class TestWaitsFor:
    def test_counts_as_the_plan_does(self) -> None:
        board = a_board(plan=a_plan())
        assert board.waits_for(board.steps["review"]) == [1, 2]
        board.apply(an_event("step.done", "research"))
        assert board.waits_for(board.steps["review"]) == [2]
        assert step_words(board.steps["review"], board, "ko") == "2 끝난 뒤"
