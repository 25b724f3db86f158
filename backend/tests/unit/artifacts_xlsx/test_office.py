import pytest

from app.artifacts.office import convert, find_office, second_opinion
from app.artifacts.ooxml import read_part, rewrite_parts
from app.artifacts.xlsx import render
from tests.unit.artifacts_xlsx.sample import make_workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.office
class TestSecondOpinion:
    def test_agrees_with_our_values(self) -> None:
        report = second_opinion(render(make_workbook(), "a").content, ".xlsx")
        assert report is not None
        assert [check.name for check in report.checks] == ["office_opens", "office_values"]
        assert report.failures == ()

    def test_finds_a_value_that_is_not_the_formulas(self) -> None:
        content = render(make_workbook(), "a").content
        sheet = (read_part(content, SHEET) or b"").replace(b"<v>835", b"<v>836")
        report = second_opinion(rewrite_parts(content, {SHEET: sheet}), ".xlsx")
        assert report is not None
        assert "836" in report.failures[0].detail

    def test_reports_a_file_that_does_not_open(self) -> None:
        report = second_opinion(b"PK\x03\x04 nothing", ".xlsx")
        assert report is not None
        assert not report.passed

    def test_gives_nothing_where_the_program_fails(self) -> None:
        assert find_office() is not None
        assert convert(b"x", ".xlsx", ".pdf", office="/nowhere/soffice") is None
