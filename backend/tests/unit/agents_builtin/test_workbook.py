"""Workbooks: live formulas whose stored values a recalculation confirms."""

import pytest

from app.agents.builtin import BuiltinComposer
from app.artifacts import xlsx
from app.artifacts.blocks import Formula, Workbook
from tests.unit.agents_builtin.material_files import (
    FIELD_MD,
    KOREAN_CSV,
    MARKET_CSV,
    MEMO_MD,
    ORDERS_CSV,
    RESULTS_CSV,
    SURVEY_CSV,
    ask_for,
)

TABLES = {
    "market": MARKET_CSV,
    "korean": KOREAN_CSV,
    "results": RESULTS_CSV,
    "survey": SURVEY_CSV,
    "orders": ORDERS_CSV,
}


async def workbook(goal: str, files: dict[str, str]) -> Workbook:
    return await BuiltinComposer().design_workbook(ask_for(goal, files))


def formulas(book: Workbook) -> list[Formula]:
    cells = [cell for s in book.sheets for t in s.tables for row in t.rows for cell in row]
    kpis = [kpi.value for sheet in book.sheets for kpi in sheet.kpis]
    return [content for content in (*cells, *kpis) if isinstance(content, Formula)]


class TestDesignWorkbook:
    @pytest.mark.parametrize("name", list(TABLES))
    async def test_passes_the_gate_with_live_formulas(self, name: str) -> None:
        book = await workbook("Put the figures in a spreadsheet", {f"{name}.csv": TABLES[name]})
        report = xlsx.render(book, "book.xlsx").report
        assert [check.detail for check in report.failures] == []
        assert len(formulas(book)) >= 3

    async def test_opens_with_a_summary_and_then_the_data(self) -> None:
        book = await workbook("Put the figures in a spreadsheet", {"market.csv": MARKET_CSV})
        assert [sheet.name for sheet in book.sheets] == ["Summary", "Home battery market"]
        summary = book.sheets[0]
        assert summary.kpis
        assert summary.tables
        assert 1 <= len(summary.charts) <= 2

    async def test_adds_up_each_year_and_region(self) -> None:
        book = await workbook("Market size in Excel", {"market.csv": MARKET_CSV})
        by_name = {table.name: table for sheet in book.sheets for table in sheet.tables}
        values = [getattr(row[1], "value", None) for row in by_name["ByTime1"].rows]
        assert values == pytest.approx([18.5, 24.5, 32.5])
        matrix = {
            row[0]: [getattr(c, "value", c) for c in row[1:4]] for row in by_name["ByYear1"].rows
        }
        assert matrix == {"South": [8.0, 12.0, 19.7], "North": [10.5, 12.5, 12.8]}

    async def test_never_totals_prices_or_years(self) -> None:
        book = await workbook("Put the figures in a spreadsheet", {"market.csv": MARKET_CSV})
        assert book.sheets[1].tables[0].totals == {"Units sold": "sum", "Market size": "sum"}

    async def test_leaves_the_total_row_of_the_file_out(self) -> None:
        book = await workbook("엑셀로 정리해 줘", {"인원.csv": KOREAN_CSV})
        table = book.sheets[1].tables[0]
        assert [row[0] for row in table.rows] == ["개발", "영업", "지원"]
        assert table.totals == {"2023": "sum", "2024": "sum", "2025": "sum"}
        assert book.sheets[0].name == "요약"

    async def test_averages_people_instead_of_adding_them(self) -> None:
        book = await workbook("Sleep hours in Excel", {"survey.csv": SURVEY_CSV})
        labels = [kpi.label for kpi in book.sheets[0].kpis]
        assert "Average sleep hours" in labels
        assert not any("Total" in label for label in labels)

    async def test_counts_the_findings_where_there_are_no_tables(self) -> None:
        book = await workbook("Put this in Excel", {"field.md": FIELD_MD})
        assert [
            check for check in xlsx.render(book, "b.xlsx").report.checks if not check.passed
        ] == []
        total = next(f for f in formulas(book) if f.expression.startswith("=COUNTA(Findings"))
        assert total.value == len(book.sheets[1].tables[0].rows) >= 2

    async def test_cites_each_table(self) -> None:
        files = {"market.csv": MARKET_CSV, "memo.md": MEMO_MD}
        book = await workbook("Put the figures in a spreadsheet", files)
        ask = ask_for("x", files)
        assert book.sources
        assert [source.id for source in book.sources if not ask.sources.verify(source)] == []
