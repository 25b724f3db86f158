import re

import pytest

from app.artifacts.blocks import Formula, Kpi, Run
from app.artifacts.ooxml import Package, read_part, rewrite_parts
from app.artifacts.report import GateReport
from app.artifacts.xlsx import check_xlsx, render
from app.schemas.source import ColumnKind
from tests.unit.artifacts_xlsx.sample import make_chart, make_market, make_sheet, make_workbook

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
CHART, DRAWING, NOTES = "xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/comments1.xml"


def broken(part: str, old: str, new: str) -> GateReport:
    """Check the sample with one stretch of one part replaced."""
    workbook = make_workbook()
    content = render(workbook, "a").content
    text = (read_part(content, part) or b"").decode()
    changed = re.sub(old, new, text, count=1)
    assert changed != text, "the break changed nothing"
    return check_xlsx(rewrite_parts(content, {part: changed.encode()}), workbook)


def failed(report: GateReport) -> set[str]:
    return {check.name for check in report.failures}


class TestGate:
    def test_passes_an_untouched_file(self) -> None:
        workbook = make_workbook()
        assert check_xlsx(render(workbook, "a").content, workbook).failures == ()

    @pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken"])
    def test_fails_a_file_that_does_not_open(self, content: bytes) -> None:
        assert failed(check_xlsx(content, make_workbook())) == {"opens"}

    @pytest.mark.parametrize(
        ("check", "part", "old", "new"),
        [
            ("sheets", "xl/workbook.xml", 'name="Sources"', 'name="Notes"'),
            ("formulas", SHEET, "<v>322</v></c>(?=</row>)?", "<v>323</v></c>"),
            ("formulas", SHEET, "<f>SUBTOTAL", "<f>FOO"),
            ("formulas", SHEET, r"109,Market\[Size\]", "109,Market[Gone]"),
            ("formulas", SHEET, r"109,Market\[Size\]", "109,C1:Z99"),
            ("cells", SHEET, r"<v>164</v>", "<v>165</v>"),
            ("cells", SHEET, r"<c (r=\"C\d+\" s=\"\d+\")><v>164</v>", r'<c \1 t="str"><v>164</v>'),
            ("cells", SHEET, r"<f>SUBTOTAL[^<]*</f>", ""),
            ("cells", SHEET, r"(<c r=\"C\d+\") s=\"\d+\"><v>164", r'\1 s="0"><v>164'),
            ("errors", SHEET, r"<c (r=\"C\d+\" s=\"\d+\")><v>164</v>", r'<c \1 t="e"><v>#REF!</v>'),
            ("charts", DRAWING, ' descr="[^"]*"', ""),
            ("charts", CHART, r"Market!\$C\$", "Market!$X$"),
            ("charts", CHART, r"Market!\$C\$", "Gone!$C$"),
            ("citations", STRINGS, r"by year \[1\]", "by year [9]"),
            ("citations", STRINGS, r"statistics \[1\]", "statistics"),
            ("notes", NOTES, r"\[1\] Deployment", "Deployment"),
            ("sources", STRINGS, "Supply!A2:D8", "Supply!A2:D9"),
            ("characters", STRINGS, "Closed on", "Closed \ue000"),
            ("embedded_sources", "customXml/item1.xml", "322 million", "323 million"),
        ],
    )
    def test_fails_a_broken_file(self, check: str, part: str, old: str, new: str) -> None:
        assert check in failed(broken(part, old, new))

    def test_fails_a_file_without_its_charts(self) -> None:
        workbook = make_workbook()
        without = render(make_workbook(make_sheet(charts=())), "a").content
        assert failed(check_xlsx(without, workbook)) == {"charts"}

    def test_says_where_the_problem_is(self) -> None:
        report = broken(SHEET, r"<v>164</v>", "<v>165</v>")
        assert "Market!C" in report.failures[0].detail

    def test_reads_the_parts_of_the_sample(self) -> None:
        names = Package(render(make_workbook(), "a").content).names
        assert {SHEET, STRINGS, CHART, DRAWING, NOTES} <= names


class TestGateOfBlocks:
    """Mistakes of an author, which the renderer writes as they are and the gate must name."""

    def test_fails_a_formula_whose_value_is_wrong(self) -> None:
        kpi = Kpi(label="x", value=Formula(expression="=SUM(Market[Size])", value=1))
        assert failed(render(make_workbook(make_sheet(kpis=(kpi,))), "a").report) == {"formulas"}

    def test_fails_a_formula_that_gives_an_error(self) -> None:
        kpi = Kpi(label="x", value=Formula(expression="=1/0", value="#DIV/0!"))
        names = failed(render(make_workbook(make_sheet(kpis=(kpi,))), "a").report)
        assert {"formulas", "errors"} <= names

    def test_fails_a_number_stored_as_text(self) -> None:
        market = make_market(calculated=(), totals={}, rows=((2025, "1,234", 1.0, None),))
        report = render(make_workbook(make_sheet(tables=(market,), charts=(), kpis=())), "a").report
        assert failed(report) == {"cells"}
        assert "as text" in report.failures[0].detail

    def test_fails_an_unknown_source(self) -> None:
        sheet = make_sheet(note=(Run(text="x", source_ids=("nobody",)),))
        assert failed(render(make_workbook(sheet), "a").report) == {"citations"}

    def test_fails_a_mark_of_no_source_in_a_text(self) -> None:
        sheet = make_sheet(note=(Run(text="As shown in [7]."),))
        assert failed(render(make_workbook(sheet), "a").report) == {"citations"}

    @pytest.mark.parametrize(
        "change", [{"table": "Gone"}, {"category_column": "Gone"}, {"value_columns": ("Gone",)}]
    )
    def test_fails_a_chart_of_nothing(self, change: dict[str, object]) -> None:
        sheet = make_sheet(charts=(make_chart(**change),))
        assert failed(render(make_workbook(sheet), "a").report) == {"charts"}

    def test_fails_a_chart_without_alt_text(self) -> None:
        sheet = make_sheet(charts=(make_chart(alt_text=" "),))
        assert failed(render(make_workbook(sheet), "a").report) == {"charts"}

    def test_takes_a_percent_kpi_with_its_format(self) -> None:
        kpi = Kpi(label="Share", value=0.5, kind=ColumnKind.PERCENT)
        assert render(make_workbook(make_sheet(kpis=(kpi,))), "a").report.passed
