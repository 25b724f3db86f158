"""How well quotes held, as a person sees it."""

import pytest

from app.cli.messages import Language
from app.cli.quote_check import calibration_table
from app.schemas.calibration import CalibrationRow, MeasureCalibration
from app.schemas.plan import AgentName, BasisKind
from tests.unit.cli.screen import Screen

HELD = MeasureCalibration(inside=0.78, below=0.12, above=0.1, median_error=0.14)
ROWS = (
    CalibrationRow(
        agent=None,
        model="openai:gpt",
        basis=BasisKind.MIXED,
        runs=41,
        time_s=HELD,
        cost_usd=HELD,
        tokens=HELD,
    ),
    CalibrationRow(
        agent=AgentName.DOCS,
        model="builtin",
        basis=BasisKind.ACTUALS,
        runs=1_200,
        time_s=HELD,
        cost_usd=None,
        tokens=None,
    ),
)


def shown(language: Language, width: int = 120) -> str:
    """Return the table as a terminal shows it."""
    screen = Screen(width=width, language=language)
    return screen.shows([calibration_table(ROWS, screen.terminal)])


class TestCalibrationTable:
    def test_shows_the_share_inside_and_the_error_with_the_count(self) -> None:
        first, second = (line.split() for line in shown("en").splitlines()[1:])
        assert first == ["whole", "plan", "openai:gpt", "mixed", "41", *["78%", "/", "14%"] * 3]
        assert second == [
            "documents",
            "builtin",
            "own",
            "runs",
            "1,200",
            "78%",
            "/",
            "14%",
            "-",
            "-",
        ]

    @pytest.mark.parametrize("width", [70, 120])
    def test_is_there_in_korean(self, width: int) -> None:
        assert "계획 전체" in shown("ko", width)
