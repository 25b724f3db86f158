import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook as OpenWorkbook

from app.artifacts.blocks import ChartKind, Formula, Kpi, Sheet, SheetTable, Workbook
from app.artifacts.embedded_sources import read_embedded_sources
from app.artifacts.ooxml import read_part
from app.artifacts.xlsx import WorkbookUnevenError, render
from app.schemas.source import CellValue, ColumnKind, TableColumn
from tests.unit.artifacts_xlsx.sample import (
    make_chart,
    make_market,
    make_sheet,
    make_sources,
    make_workbook,
    one_table,
)

EMPTY_TABLE = SheetTable(name="", title="", columns=(), rows=())


def opened(workbook: Workbook, *, values: bool = True) -> OpenWorkbook:
    content = render(workbook, "book.xlsx").content
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells(book: OpenWorkbook, sheet: str | int = 0) -> Iterator[Cell]:
    found = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
    for row in found.iter_rows():
        for cell in row:
            if isinstance(cell, Cell):
                yield cell


def cell_with(book: OpenWorkbook, value: CellValue) -> Cell:
    return next(cell for cell in cells(book) if cell.value == value)


def stored(value: CellValue, column: TableColumn) -> Cell:
    """Return the only data cell of a table of one."""
    table = SheetTable(name="T", title="", columns=(column,), rows=((value,),))
    book = opened(one_table(table))
    area = book.worksheets[0].tables["T"].ref
    found = book.worksheets[0][area.split(":")[1]]
    assert isinstance(found, Cell)
    return found


class TestRender:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_passes_its_own_gate(self, language: str) -> None:
        workbook = make_workbook(language="ko" if language == "ko" else "en")
        assert render(workbook, "book.xlsx").report.failures == ()

    def test_names_the_file_and_its_type(self) -> None:
        file = render(make_workbook(), "book.xlsx")
        assert file.name == "book.xlsx"
        assert file.media_type.endswith("spreadsheetml.sheet")

    def test_gives_the_same_bytes_for_the_same_blocks(self) -> None:
        assert render(make_workbook(), "a").content == render(make_workbook(), "a").content

    def test_writes_a_real_table_with_a_totals_row(self) -> None:
        table = opened(make_workbook()).worksheets[0].tables["Market"]
        assert [column.name for column in table.tableColumns] == [
            "Year", "Size", "Cost", "Closed on", "Margin",
        ]  # fmt: skip
        assert table.totalsRowCount == 1
        assert table.tableColumns[1].totalsRowFunction == "sum"
        assert "#This Row" in str(table.tableColumns[4].calculatedColumnFormula.attr_text)

    def test_writes_formulas_with_their_values(self) -> None:
        live = cell_with(opened(make_workbook(), values=False), "=SUBTOTAL(109,Market[Size])")
        book = opened(make_workbook())
        assert book.worksheets[0][live.coordinate].value == 835

    def test_names_the_first_figure_of_a_live_kpi(self) -> None:
        assert cell_with(opened(make_workbook()), 322).number_format == '#,##0"억원"'

    def test_freezes_the_panes_below_the_first_header(self) -> None:
        sheet = opened(make_workbook()).worksheets[0]
        header = cell_with(opened(make_workbook()), "Year")
        assert sheet.freeze_panes == f"A{header.row + 1}"

    def test_prints_an_overview_on_one_page(self) -> None:
        sheet = opened(make_workbook()).worksheets[0]
        assert sheet.page_setup.orientation == "landscape"
        # One page is the format's own default, which the file leaves out.
        assert sheet.page_setup.fitToHeight in {None, 1}
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage

    def test_widens_columns_for_hangul(self) -> None:
        def width(name: str) -> float:
            table = SheetTable(name="T", title="", columns=(TableColumn(name=name),), rows=())
            return opened(one_table(table)).worksheets[0].column_dimensions["B"].width

        assert width("가" * 18) > 1.5 * width("a" * 18)

    def test_names_the_author_the_day_and_the_language(self) -> None:
        properties = opened(make_workbook(language="ko")).properties
        assert properties.creator == "Madang"
        assert properties.language == "ko-KR"
        assert properties.created == datetime(2026, 11, 24)  # noqa: DTZ001 - as openpyxl reads it

    def test_puts_the_house_into_the_theme(self) -> None:
        theme = read_part(render(make_workbook(), "a").content, "xl/theme/theme1.xml") or b""
        assert b"4338CA" in theme
        assert b"Malgun Gothic" in theme

    def test_draws_a_native_chart_with_alt_text(self) -> None:
        content = render(make_workbook(), "a").content
        drawing = (read_part(content, "xl/drawings/drawing1.xml") or b"").decode()
        chart = (read_part(content, "xl/charts/chart1.xml") or b"").decode()
        assert 'descr="The size grows from 118 to 322."' in drawing
        assert "<c:barDir" in chart
        assert "Market!$C$" in chart
        assert "<c:showVal" in chart

    @pytest.mark.parametrize(
        ("kind", "starts_at_zero"),
        [(ChartKind.COLUMN, True), (ChartKind.BAR, True), (ChartKind.LINE, False)],
    )
    def test_starts_bars_of_positive_values_at_zero(
        self, kind: ChartKind, *, starts_at_zero: bool
    ) -> None:
        sheet = make_sheet(charts=(make_chart(kind=kind),))
        chart = read_part(render(make_workbook(sheet), "a").content, "xl/charts/chart1.xml") or b""
        assert (b'<c:min val="0"/>' in chart) == starts_at_zero

    def test_gives_another_measure_an_axis_of_its_own(self) -> None:
        sheet = make_sheet(charts=(make_chart(value_columns=("Size", "Margin")),))
        content = render(make_workbook(sheet), "a").content
        chart = read_part(content, "xl/charts/chart1.xml") or b""
        assert chart.count(b"<c:valAx>") == 2
        assert b"<c:lineChart>" in chart

    @pytest.mark.parametrize("kind", list(ChartKind))
    def test_draws_every_kind_of_chart(self, kind: ChartKind) -> None:
        sheet = make_sheet(charts=(make_chart(kind=kind),))
        assert render(make_workbook(sheet), "a").report.passed

    def test_shows_only_the_points_asked_for(self) -> None:
        sheet = make_sheet(charts=(make_chart(max_points=2),))
        chart = read_part(render(make_workbook(sheet), "a").content, "xl/charts/chart1.xml") or b""
        assert b'<c:ptCount val="2"/>' in chart

    def test_lists_the_sources_on_the_last_sheet(self) -> None:
        book = opened(make_workbook(language="ko"))
        assert book.sheetnames == ["Market", "출처"]
        texts = [cell.value for cell in cells(book, "출처")]
        for text in ("Deployment statistics", "supply.xlsx", "Supply 시트 A2:D8", "ab12cd34ef56"):
            assert text in texts

    def test_carries_the_sources_as_data(self) -> None:
        assert read_embedded_sources(render(make_workbook(), "a").content) == make_sources()

    def test_puts_notes_with_the_quote_on_cited_cells(self) -> None:
        book = opened(make_workbook())
        header = cell_with(book, "Year")
        assert header.comment is not None
        assert "322 million" in header.comment.text
        label = cell_with(book, "Size in 2025 [1]")
        assert label.comment is not None

    def test_prints_the_marks_in_titles_and_notes(self) -> None:
        texts = [cell.value for cell in cells(opened(make_workbook()))]
        assert "Market by year [1][2]" in texts
        assert "From the statistics [1]" in texts

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")'])
    def test_never_turns_text_into_a_formula(self, text: str) -> None:
        cell = stored(text, TableColumn(name="Text"))
        assert (cell.value, cell.data_type) == (text, "s")

    def test_writes_the_value_of_a_formula_it_cannot_read_and_says_so(self) -> None:
        kpi = Kpi(label="x", value=Formula(expression='=WEBSERVICE("http://x")', value=5))
        file = render(make_workbook(make_sheet(kpis=(kpi,))), "a")
        assert b"WEBSERVICE" not in (read_part(file.content, "xl/worksheets/sheet1.xml") or b"")
        assert [check.name for check in file.report.failures] == ["cells"]

    def test_refuses_a_row_with_more_cells_than_columns(self) -> None:
        table = SheetTable(name="T", title="Wide", columns=(TableColumn(name="a"),), rows=((1, 2),))
        with pytest.raises(WorkbookUnevenError, match="Wide"):
            render(one_table(table), "a")

    def test_fills_a_short_row(self) -> None:
        columns = (TableColumn(name="a"), TableColumn(name="b"))
        table = SheetTable(name="T", title="", columns=columns, rows=(("x",),))
        assert render(one_table(table), "a").report.passed

    @pytest.mark.parametrize(
        "sheets",
        [
            (),
            (Sheet(name="", title=""),),
            (Sheet(name="a", title="x", tables=(EMPTY_TABLE, EMPTY_TABLE)),),
            (Sheet(name="Sources", title="x" * 2000), Sheet(name="출처", title="가" * 2000)),
            (Sheet(name="x", title="🚀 <&> \x07", kpis=(Kpi(label="", value=""),) * 9),),
        ],
    )
    def test_writes_odd_workbooks(self, sheets: tuple[Sheet, ...]) -> None:
        workbook = make_workbook().model_copy(update={"sheets": sheets})
        assert render(workbook, "a").report.failures == ()

    def test_keeps_formulas_right_when_names_have_to_change(self) -> None:
        columns = (
            TableColumn(name="Cost [a]", kind=ColumnKind.NUMBER),
            TableColumn(name="cost [A]"),
        )
        table = SheetTable(
            name="My",
            title="",
            columns=columns,
            rows=((4, "x", Formula(expression="=[@[Cost '[a']]]*2", value=8)),),
            calculated=(TableColumn(name="Twice", kind=ColumnKind.NUMBER),),
        )
        other = table.model_copy(update={"name": "my"})
        workbook = one_table(table)
        sheet = workbook.sheets[0].model_copy(update={"tables": (table, other)})
        assert render(workbook.model_copy(update={"sheets": (sheet,)}), "a").report.failures == ()


class TestCellTypes:
    @pytest.mark.parametrize(
        ("value", "column", "code"),
        [
            (1234.5, TableColumn(name="a", kind=ColumnKind.NUMBER, decimals=1), "#,##0.0"),
            (12, TableColumn(name="a", kind=ColumnKind.INTEGER, unit="kWh"), '#,##0" kWh"'),
            (7, TableColumn(name="a", kind=ColumnKind.CURRENCY, unit="억원"), '#,##0"억원"'),
            (7, TableColumn(name="a", kind=ColumnKind.CURRENCY, unit="USD"), '"$"#,##0;-"$"#,##0'),
            (0.25, TableColumn(name="a", kind=ColumnKind.PERCENT, decimals=1), "0.0%"),
            (2025, TableColumn(name="a", kind=ColumnKind.YEAR), "0"),
        ],
    )
    def test_writes_numbers_in_their_format(
        self, value: float, column: TableColumn, code: str
    ) -> None:
        cell = stored(value, column)
        assert (cell.value, cell.data_type, cell.number_format) == (value, "n", code)

    def test_writes_dates_as_dates(self) -> None:
        column = TableColumn(name="a", kind=ColumnKind.DATE)
        assert stored(date(2025, 3, 4), column).value == datetime(2025, 3, 4)  # noqa: DTZ001
        moment = stored(datetime(2025, 3, 4, 5, 6, tzinfo=UTC), column)
        assert moment.value == datetime(2025, 3, 4, 5, 6)  # noqa: DTZ001
        assert moment.number_format == "yyyy-mm-dd hh:mm"

    def test_writes_truth_values(self) -> None:
        assert stored(True, TableColumn(name="a")).value is True

    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (None, None),
            (float("nan"), None),
            (float("inf"), None),
            (10**20, "100000000000000000000"),
            (date(1850, 1, 2), "1850-01-02"),
            ("a\x07b\ufffe", "ab"),
        ],
    )
    def test_writes_what_a_cell_cannot_hold_as_the_nearest_thing(
        self, value: CellValue, written: CellValue
    ) -> None:
        assert stored(value, TableColumn(name="a")).value == written

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @example([1.7976931348623155e308])
    @given(
        st.lists(
            st.one_of(
                st.text(max_size=30),
                st.integers(),
                st.floats(),
                st.booleans(),
                st.dates(),
                st.none(),
            ),
            max_size=5,
        )
    )
    def test_any_values_pass_the_gate(self, values: list[CellValue]) -> None:
        columns = (TableColumn(name="Mixed"),)
        table = SheetTable(
            name="T", title="", columns=columns, rows=tuple((value,) for value in values)
        )
        failures = render(one_table(table), "a").report.failures
        assert [check for check in failures if check.name != "characters"] == []


class TestTotals:
    @pytest.mark.parametrize(
        ("function", "value"), [("sum", 835), ("min", 118), ("max", 322), ("count", 4)]
    )
    def test_works_out_the_value_that_viewers_show(self, function: str, value: float) -> None:
        book = opened(make_workbook(make_sheet(tables=(make_market(totals={"Size": function}),))))
        assert value in [cell.value for cell in cells(book)]

    def test_names_the_row_by_its_one_function(self) -> None:
        table = make_market(totals={"Size": "average"})
        book = opened(make_workbook(make_sheet(tables=(table,)), language="ko"))
        assert "평균" in [cell.value for cell in cells(book)]

    def test_leaves_out_the_average_of_nothing(self) -> None:
        table = SheetTable(
            name="T", title="", columns=(TableColumn(name="a"),), rows=(), totals={"a": "average"}
        )
        assert render(one_table(table), "a").report.failures == ()

    def test_reports_a_total_of_no_column(self) -> None:
        table = make_market(totals={"Nope": "sum"})
        report = render(make_workbook(make_sheet(tables=(table,))), "a").report
        assert "Nope" in report.failures[0].detail


def test_the_longest_label_of_a_strip_of_figures_is_not_cut() -> None:
    long = Kpi(label="매출 증감률, 2025년 1월~2025년 4월까지의 전체 합계", value=0.082)
    short = Kpi(label="2025년 4월 주문수 [1]", value=1197)
    sheet = make_sheet(kpis=(long, short), tables=(), charts=())
    row = opened(make_workbook(sheet)).worksheets[0]
    label = next(cell for line in row.iter_rows() for cell in line if cell.value == long.label)
    assert row.row_dimensions[label.row].height > 30
