"""What the reviews found, below a task's files."""

import pytest

from app.cli.messages import Language
from app.cli.result_view import result_view
from app.schemas.review import Fault, FaultCode, FaultKind, ReviewReport, ReviewRound
from app.schemas.task import TaskRead
from tests.unit.cli.screen import Screen
from tests.unit.cli.task_views import a_task, an_artifact


def a_fault(number: int = 1) -> Fault:
    return Fault(
        kind=FaultKind.FACTS,
        code=FaultCode.NUMBER_UNTRACED,
        message=f"Fault {number}.",
        written="7",
        points=10,
    )


def reviewed_task(*scores: int, kept: int = 1, faults: int = 0, **more: object) -> TaskRead:
    """Return a finished task whose file went through versions with these scores."""
    found = tuple(a_fault(n + 1) for n in range(faults))
    rounds = tuple(
        ReviewRound(number=n, score=score, faults=found) for n, score in enumerate(scores, 1)
    )
    review = ReviewReport(score=scores[kept - 1], kept_round=kept, rounds=rounds)
    file = an_artifact().model_copy(update={"review": review})
    return a_task(status="done", artifacts=(file,), **more)


def shown(task: TaskRead, language: Language = "en") -> str:
    screen = Screen(width=100, language=language)
    return screen.shows(result_view(task, screen.terminal, None, ()))


class TestReviewView:
    def test_shows_a_good_score_and_nothing_else(self) -> None:
        text = shown(reviewed_task(100))
        assert "review 100/100" in text
        assert "What the review says" not in text

    def test_names_the_open_faults_and_the_version_kept(self) -> None:
        text = shown(reviewed_task(80, 90, 70, kept=2, faults=1))
        assert "review 90/100" in text
        assert "What the review says" in text
        assert "! report.docx: Fault 1." in text
        assert "! report.docx: version 2 of 3 was kept (scores 80, 90, 70)" in text

    def test_counts_the_faults_that_it_does_not_name(self) -> None:
        text = shown(reviewed_task(60, faults=8))
        assert "Fault 5." in text
        assert "Fault 6." not in text
        assert "report.docx: 3 more" in text

    def test_names_figures_that_differ_between_files(self) -> None:
        text = shown(reviewed_task(100, inconsistencies=("Total: 1 in a, 2 in b.",)))
        assert "! Total: 1 in a, 2 in b." in text

    def test_says_it_in_korean(self) -> None:
        text = shown(reviewed_task(80, 90, kept=2, faults=1), "ko")
        assert "검토 90/100" in text
        assert "검토 결과" in text
        assert "2개 판 가운데 2번째를 남겼습니다 (점수 80, 90)" in text

    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_files_of_before_have_no_score(self, language: Language) -> None:
        text = shown(a_task(status="done", artifacts=(an_artifact(),)), language)
        assert "/100" not in text
