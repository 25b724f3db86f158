"""Computed statements against a plain computation of the same thing."""

import re
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.agents.builtin.amounts import say_percent, say_value
from app.agents.builtin.insight import InsightKind
from app.agents.builtin.table_report import TableReport
from app.schemas.source import CellValue, ColumnKind, SourceTable, TableColumn

YEAR = TableColumn(name="Year", kind=ColumnKind.YEAR)
REGION = TableColumn(name="Region")
SALES = TableColumn(name="Sales", kind=ColumnKind.CURRENCY, unit="USD m", decimals=0)
PRICE = TableColumn(name="Unit price", kind=ColumnKind.CURRENCY, unit="USD/kWh", decimals=0)
amounts = st.integers(min_value=1, max_value=9000)


def table_of(
    columns: tuple[TableColumn, ...], rows: list[tuple[CellValue, ...]], title: str = "Sales"
) -> SourceTable:
    return SourceTable(
        id="t",
        file_id="f",
        file_name="sales.csv",
        title=title,
        locator="rows 1-9",
        columns=columns,
        rows=tuple(rows),
    )


def text_of(report: TableReport, kind: InsightKind) -> str:
    return next((insight.text for insight in report.insights if insight.kind is kind), "")


class TestSeries:
    @given(st.lists(amounts, min_size=3, max_size=8))
    @settings(max_examples=60, deadline=None)
    def test_says_the_change_and_the_yearly_rate(self, values: list[int]) -> None:
        rows: list[tuple[CellValue, ...]] = [(2015 + i, v) for i, v in enumerate(values)]
        report = TableReport(table_of((YEAR, SALES), rows), "en")
        text = text_of(report, InsightKind.CHANGE)
        change = Fraction(values[-1] - values[0], values[0])
        if abs(change) < Fraction(1, 2000):
            assert "the same as" in text
            return
        rate = (values[-1] / values[0]) ** (1 / (len(values) - 1)) - 1
        assert f"{'up' if change > 0 else 'down'} {say_percent(abs(float(change)))}" in text
        assert f"or {say_percent(abs(rate))} a year" in text or say_percent(abs(rate)) == "0%"

    @given(st.lists(st.tuples(amounts, amounts, amounts), min_size=2, max_size=5))
    @settings(max_examples=60, deadline=None)
    def test_adds_up_the_rows_of_each_year(self, values: list[tuple[int, int, int]]) -> None:
        rows: list[tuple[CellValue, ...]] = [
            (2020 + year, region, value)
            for year, found in enumerate(values)
            for region, value in zip("ABC", found, strict=True)
        ]
        report = TableReport(table_of((YEAR, REGION, SALES), rows), "en")
        points = report.series[0].points
        assert [point.value for point in points] == [sum(found) for found in values]
        said = say_value(float(sum(values[-1])), SALES, "en")
        assert said in text_of(report, InsightKind.CHANGE)

    def test_never_adds_prices_of_groups(self) -> None:
        rows: list[tuple[CellValue, ...]] = [
            (year, region, 500 + year % 7 * 10)
            for year in (2023, 2024)
            for region in ("North", "South", "East")
        ]
        report = TableReport(table_of((YEAR, REGION, PRICE), rows), "en")
        assert report.series == ()
        assert all("total" not in insight.text.lower() for insight in report.insights)

    def test_tells_a_forecast_from_what_was(self) -> None:
        rows: list[tuple[CellValue, ...]] = [("2023", 100), ("2024", 120), ("2025E", 150)]
        columns = (TableColumn(name="Year"), SALES)
        report = TableReport(table_of(columns, rows), "en")
        assert text_of(report, InsightKind.FORECAST) == (
            "The figures project sales of $150 million for 2025, 25% above 2024."
        )
        assert "2024, up 20%" in text_of(report, InsightKind.CHANGE)


class TestBreakdown:
    @given(st.dictionaries(st.sampled_from("ABCDEFGH"), amounts, min_size=2, max_size=8))
    @settings(max_examples=60, deadline=None)
    def test_says_the_largest_share(self, values: dict[str, int]) -> None:
        rows: list[tuple[CellValue, ...]] = list(values.items())
        report = TableReport(table_of((REGION, SALES), rows), "en")
        total, largest = sum(values.values()), max(values.values())
        text = text_of(report, InsightKind.SHARE)
        if largest == min(values.values()):
            assert text == ""
            return
        assert say_percent(float(Fraction(largest, total))) in text

    @given(st.dictionaries(st.sampled_from("ABCDEFGH"), amounts, min_size=5, max_size=8))
    @settings(max_examples=40, deadline=None)
    def test_adds_up_the_three_largest(self, values: dict[str, int]) -> None:
        if len(set(values.values())) == 1:
            return
        rows: list[tuple[CellValue, ...]] = list(values.items())
        report = TableReport(table_of((REGION, SALES), rows), "en")
        top = sum(sorted(values.values(), reverse=True)[:3])
        share = say_percent(float(Fraction(top, sum(values.values()))))
        assert f"make up {share}" in text_of(report, InsightKind.TOP)

    def test_ranks_prices_without_adding_them(self) -> None:
        rows: list[tuple[CellValue, ...]] = [("North", 592), ("South", 571), ("Islands", 634)]
        report = TableReport(table_of((REGION, PRICE), rows, "Prices"), "en")
        assert text_of(report, InsightKind.RANKED) == (
            "Islands has the highest unit price (634 USD/kWh) and South the lowest (571 USD/kWh)."
        )
        assert text_of(report, InsightKind.SHARE) == ""


class TestKoreanStatements:
    def test_have_particles_and_polite_endings(self) -> None:
        columns = (
            TableColumn(name="연도", kind=ColumnKind.YEAR),
            TableColumn(name="시장 규모", kind=ColumnKind.CURRENCY, unit="십억 원"),
        )
        rows: list[tuple[CellValue, ...]] = [(2022, 118), (2023, 164), (2024, 231), (2025, 322)]
        report = TableReport(table_of(columns, rows, "국내 시장"), "ko")
        assert text_of(report, InsightKind.CHANGE) == (
            "시장 규모는 2022년 1,180억 원에서 2025년 3,220억 원으로 172.9% 늘었습니다"
            "(연평균 39.7% 증가)."
        )
        assert text_of(report, InsightKind.LATEST) == (
            "2025년 시장 규모는 2024년보다 39.4% 늘어난 3,220억 원입니다."
        )

    def test_every_statement_ends_in_the_same_style(self) -> None:
        rows: list[tuple[CellValue, ...]] = [
            (year, region, value * (year - 2019))
            for year in (2022, 2023, 2024)
            for region, value in zip("가나다라마", (5, 9, 14, 20, 31), strict=True)
        ]
        columns = (
            TableColumn(name="연도", kind=ColumnKind.YEAR),
            TableColumn(name="지역"),
            TableColumn(name="매출", kind=ColumnKind.CURRENCY, unit="억원"),
        )
        report = TableReport(table_of(columns, rows, "지역별 매출"), "ko")
        assert len(report.insights) >= 5
        without_brackets = [re.sub(r"\([^()]*\)", "", i.text) for i in report.insights]
        assert [text for text in without_brackets if not text.endswith("니다.")] == []
