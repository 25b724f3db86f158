"""The last word on a task."""

from pathlib import Path

import pytest

from app.cli.messages import Language
from app.cli.output_files import WrittenFile
from app.cli.result_view import is_at_cap, result_view, shown_path, worked_s
from app.schemas.task import TaskRead
from tests.unit.cli.screen import Screen
from tests.unit.cli.task_views import a_step, a_task, an_artifact

FOLDER = Path("brief")
AT_CAP = {"code": "budget_exceeded", "message": "The cap is reached."}


def shown(
    task: TaskRead,
    *names: str,
    language: Language = "en",
    width: int = 100,
    asked: Path | None = None,
) -> str:
    """Return the last word, the task's files written under these names in turn."""
    screen = Screen(width=width, language=language)
    written = [
        WrittenFile(name=artifact.name, path=FOLDER / name)
        for artifact, name in zip(task.artifacts, names, strict=True)
    ]
    return screen.shows(result_view(task, screen.terminal, FOLDER, written, asked))


def a_done_task(**more: object) -> TaskRead:
    """Return a finished task with one file."""
    return a_task(
        status="done",
        steps=(a_step("research", "done", started_s=0, ended_s=4),),
        artifacts=(an_artifact(),),
        summary="A report was made.",
        highlights=("Sales rose by 12%.", "Costs fell."),
        **more,
    )


class TestResultView:
    def test_lists_files_with_size_checks_and_sources(self) -> None:
        text = shown(a_done_task(), "report.docx")
        assert "✓ Done in 4.0 s · free" in text
        assert "report.docx  48 kB  5 checks passed  3 sources" in text
        assert "A report was made." in text
        assert "• Sales rose by 12%." in text
        assert "Files in brief" in text
        assert "task show 5d1f7c1e" in text

    def test_says_under_which_other_name_a_file_was_written(self) -> None:
        text = shown(a_done_task(), "report (2).docx")
        assert "report (2).docx  48 kB" in text
        assert "report.docx was there already" in text

    def test_does_not_hide_a_failed_check(self) -> None:
        task = a_done_task().model_copy(update={"artifacts": (an_artifact(failed=2, sources=1),)})
        text = shown(task, "report.docx")
        assert "2 of 5 checks failed" in text
        assert "1 source" in text

    def test_says_what_was_paid_and_what_is_uncertain(self) -> None:
        task = a_done_task(model="openai:gpt", spent_usd=0.0419, tokens=9803, uncertain_usd=0.01)
        text = shown(task, "report.docx")
        assert "$0.0419 spent · 9,803 tokens" in text
        assert "$0.0100 of it at its worst" in text

    def test_says_what_is_missing_and_why(self) -> None:
        task = a_task(
            status="partial",
            steps=(a_step("sheets", "failed"), a_step("slides", "skipped")),
            missing={"sheets": "The file holds no figures.", "slides": "Slides: needs sheets"},
        )
        text = shown(task)
        assert "! Partly done" in text
        assert "✗ Sheets: The file holds no figures." in text
        assert "✗ Slides: needs sheets" in text
        assert "run --resume 5d1f7c1e" in text

    def test_offers_a_higher_cap_at_the_cap(self) -> None:
        task = a_task(status="paused", model="openai:gpt", cap_usd=0.5, error=AT_CAP)
        text = shown(task)
        assert "Paused at its cap" in text
        assert "The cap is reached." in text
        assert "run --resume 5d1f7c1e --cap-usd 1" in text

    @pytest.mark.parametrize(
        ("facts", "command"),
        [
            (
                {"scope": "step", "step": "docs", "cap_usd": 0.2},
                "run --resume 5d1f7c1e --step-cap docs=0.4",
            ),
            (
                {"scope": "user_day", "cap_usd": 3.0},
                "spending --daily-cap-usd 6 && ",
            ),
        ],
    )
    def test_offers_the_cap_that_stands_in_the_way(
        self, facts: dict[str, object], command: str
    ) -> None:
        assert command in shown(a_task(status="paused", cap_usd=0.5, error={**AT_CAP, **facts}))

    @pytest.mark.parametrize(
        ("more", "command"),
        [
            ({"status": "paused", "error": AT_CAP}, "--cap-usd 1"),
            ({"status": "failed"}, ""),
        ],
        ids=["at its cap", "failed"],
    )
    def test_repeats_the_folder_that_was_asked_for(
        self, more: dict[str, object], command: str
    ) -> None:
        task = a_task(model="openai:gpt", cap_usd=0.5, **more)
        text = shown(task, asked=Path("my files"))
        assert f"run --resume 5d1f7c1e --out 'my files' {command}".rstrip() in text

    def test_shows_a_failed_tasks_reason(self) -> None:
        task = a_task(status="failed", error={"code": "x", "message": "The key was refused."})
        text = shown(task)
        assert "✗ Failed: nothing could be made" in text
        assert "The key was refused." in text

    def test_takes_out_what_would_steer_the_terminal(self) -> None:
        task = a_done_task().model_copy(update={"summary": "Fine.\x1b]0;owned\x07"})
        assert "\x1b" not in shown(task, "report.docx")

    @pytest.mark.parametrize("width", [60, 80, 120])
    def test_fits_the_screen_in_korean(self, width: int) -> None:
        text = shown(a_done_task(), "report.docx", language="ko", width=width)
        assert "4.0초 만에 완료 · 무료" in text
        assert "검사 5개 통과" in text


class TestWorkedS:
    def test_counts_steps_that_ran_together_once(self) -> None:
        steps = (
            a_step("a", "done", started_s=0, ended_s=4),
            a_step("b", "done", started_s=1, ended_s=3),
            a_step("c", "done", started_s=3, ended_s=6),
        )
        assert worked_s(steps) == 6

    def test_does_not_count_a_pause(self) -> None:
        steps = (
            a_step("a", "done", started_s=0, ended_s=4),
            a_step("b", "done", started_s=1000, ended_s=1002),
            a_step("c", "waiting"),
        )
        assert worked_s(steps) == 6


class TestIsAtCap:
    def test_tells_the_cap_from_a_pause_by_hand(self) -> None:
        assert is_at_cap(a_task(status="paused", error=AT_CAP))
        assert not is_at_cap(a_task(status="paused"))
        assert not is_at_cap(a_task(status="failed", error=AT_CAP))


class TestShownPath:
    def test_is_relative_below_the_working_folder(self) -> None:
        assert shown_path(Path.cwd() / "a" / "b") == "a/b"

    def test_is_whole_elsewhere(self) -> None:
        assert shown_path(Path("/elsewhere/b")) == "/elsewhere/b"
