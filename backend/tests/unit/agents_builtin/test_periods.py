"""Points in time as tables write them."""

from datetime import date

import pytest

from app.agents.builtin.periods import parse_period, parse_periods, years_between
from app.schemas.source import CellValue


class TestParsePeriod:
    @pytest.mark.parametrize(
        ("cell", "english", "korean"),
        [
            (2024, "2024", "2024년"),
            ("2024년", "2024", "2024년"),
            ("2026E", "2026", "2026년"),
            ("Q1 2025", "Q1 2025", "2025년 1분기"),
            ("2025년 3분기", "Q3 2025", "2025년 3분기"),
            ("2025-03", "March 2025", "2025년 3월"),
            ("Mar 2025", "March 2025", "2025년 3월"),
            ("3월", "March", "3월"),
            ("2024 H1", "H1 2024", "2024년 상반기"),
            (date(2025, 3, 9), "March 9, 2025", "2025년 3월 9일"),
        ],
    )
    def test_says_it_in_both_languages(self, cell: CellValue, english: str, korean: str) -> None:
        period = parse_period(cell)
        assert period is not None
        assert (period.said("en"), period.said("ko")) == (english, korean)

    @pytest.mark.parametrize("cell", ["North", "12", 12, None, True, "2024 budget of the city"])
    def test_knows_what_is_none(self, cell: CellValue) -> None:
        assert parse_period(cell) is None

    def test_marks_forecasts(self) -> None:
        found = [parse_period(cell) for cell in ("2026E", "2026(전망)", "2025", "2025A")]
        assert [p.is_forecast for p in found if p is not None] == [True, True, False, False]


class TestParsePeriods:
    def test_reads_first_days_of_years_as_years(self) -> None:
        found = parse_periods([date(2023, 1, 1), date(2024, 1, 1)])
        assert found is not None
        assert [p.said("en") for p in found] == ["2023", "2024"]

    def test_refuses_a_column_of_mixed_grain(self) -> None:
        assert parse_periods([2024, "Q1 2025"]) is None


class TestYearsBetween:
    def test_counts_quarters_and_months_as_parts(self) -> None:
        quarters = parse_periods(["Q1 2023", "Q3 2025"])
        assert quarters is not None
        assert years_between(quarters[0], quarters[1]) == 2.5
