"""A workbook by choice: what the model names, code computes, and nothing senseless is summed."""

from datetime import date

import pytest

from app.agents.llm import LangChainComposer
from app.agents.llm.chart_choice import ChartChoice, chart_of, chart_problems
from app.agents.llm.tables import tables_of
from app.agents.ports import Ask
from app.artifacts import xlsx
from app.artifacts.blocks import ChartKind, ChartSpec, Formula, Sheet, Workbook
from app.schemas.plan import AgentName, PlanStep
from app.sources import SourceLibrary
from tests.factories.task_files import library_of, task_library
from tests.unit.agents_llm.conftest import canned_client

LIBRARY = task_library()
PRICES = library_of(
    (
        "prices.csv",
        "Month,Unit price (USD),Units sold\n2024-01,10.5,100\n2024-02,11.5,120\n2024-03,9.5,90\n",
    )
)


def sheet(**changes: object) -> dict[str, object]:
    return {
        "table": "T1",
        "name": "Orders",
        "title": "Orders",
        "note": "",
        "columns": [],
        "kpis": [],
        "summaries": [],
        "calculated": [],
        "totals": [],
        "charts": [],
    } | changes


async def workbook_of(*sheets: dict[str, object], library: SourceLibrary = LIBRARY) -> Workbook:
    ask = Ask(
        goal="Orders of ferries",
        language="en",
        today=date(2025, 1, 1),
        step=PlanStep(key="sheets", agent=AgentName.SHEETS, title="Orders"),
        sources=library,
        results={},
    )
    client = canned_client({"title": "Orders", "sheets": list(sheets)})
    workbook = await LangChainComposer(client).design_workbook(ask)
    assert xlsx.render(workbook, "book.xlsx").report.failures == ()
    return workbook


async def sheet_of(library: SourceLibrary = LIBRARY, **changes: object) -> Sheet:
    return (await workbook_of(sheet(**changes), library=library)).sheets[0]


def values(cells: list[object]) -> list[float]:
    return [float(cell.value) for cell in cells if isinstance(cell, Formula)]


class TestSummaries:
    async def test_sum_each_group_live(self) -> None:
        choice = {"group_column": "Region", "value_column": "Orders", "function": "sum"}
        summary, _ = (await sheet_of(summaries=[choice])).tables
        assert [row[0] for row in summary.rows] == ["Europe", "Asia"]
        assert values([row[1] for row in summary.rows]) == [133.0, 82.0]

    async def test_count_and_average(self) -> None:
        choices = [
            {"group_column": "Year", "value_column": "Orders", "function": function}
            for function in ("count", "average")
        ]
        counts, means, _ = (await sheet_of(summaries=choices)).tables
        assert values([row[1] for row in counts.rows]) == [2.0, 2.0, 2.0]
        assert values([row[1] for row in means.rows]) == [24.5, 35.0, 48.0]


class TestCalculatedColumns:
    async def test_share_adds_up_to_one(self) -> None:
        choice = {"kind": "share", "column": "Orders", "second_column": None, "name": ""}
        (table,) = (await sheet_of(calculated=[choice])).tables
        assert sum(values([row[-1] for row in table.rows])) == pytest.approx(1)

    async def test_change_is_from_the_row_before(self) -> None:
        choice = {"kind": "change", "column": "Units sold", "second_column": None, "name": ""}
        (table,) = (await sheet_of(PRICES, calculated=[choice])).tables
        assert table.rows[0][-1] is None
        assert values([row[-1] for row in table.rows]) == [pytest.approx(0.2), pytest.approx(-0.25)]

    async def test_ratio_divides_two_columns(self) -> None:
        choice = {
            "kind": "ratio",
            "column": "Revenue (USD million)",
            "second_column": "Orders",
            "name": "Revenue per order",
        }
        (table,) = (await sheet_of(calculated=[choice])).tables
        assert table.calculated[0].name == "Revenue per order"
        assert values([table.rows[0][-1]]) == [pytest.approx(420 / 31)]

    async def test_a_share_of_prices_is_not_made(self) -> None:
        choice = {"kind": "share", "column": "Unit price", "second_column": None, "name": ""}
        (table,) = (await sheet_of(PRICES, calculated=[choice])).tables
        assert table.calculated == ()


class TestTotals:
    async def test_prices_are_averaged_even_if_a_sum_is_asked_for(self) -> None:
        totals = [{"column": name, "function": "sum"} for name in ("Unit price", "Units sold")]
        (table,) = (await sheet_of(PRICES, totals=totals)).tables
        assert table.totals == {"Unit price": "average", "Units sold": "sum"}

    async def test_years_are_never_summed(self) -> None:
        totals = [{"column": "Year", "function": "sum"}]
        (table,) = (await sheet_of(totals=totals)).tables
        assert table.totals == {}


class TestKpis:
    async def test_are_live(self) -> None:
        kpis = [{"label": "Orders in all", "column": "Orders", "function": "sum"}]
        (kpi,) = (await sheet_of(kpis=kpis)).kpis
        assert isinstance(kpi.value, Formula)
        assert kpi.value.value == 215
        assert kpi.label == "Orders in all"


class TestCharts:
    async def test_repeated_categories_are_drawn_from_a_summary(self) -> None:
        chart = {
            "summary": None,
            "chart": "line",
            "title": "Orders by year",
            "category_column": "Year",
            "value_columns": ["Orders"],
        }
        made = await sheet_of(charts=[chart])
        assert made.charts[0].table == made.tables[0].name
        assert len(made.tables[0].rows) == 3


class TestUnknownChoices:
    async def test_an_unknown_table_falls_back_to_the_first_one(self) -> None:
        workbook = await workbook_of(sheet(table="T7"))
        assert len(workbook.sheets[0].tables[0].rows) == 6

    async def test_unknown_columns_are_left_out(self) -> None:
        totals = [{"column": "Profit", "function": "sum"}]
        (table,) = (await sheet_of(totals=totals, columns=["Region", "Profit"])).tables
        assert [column.name for column in table.columns] == ["Region"]

    async def test_a_title_with_an_invented_number_is_replaced(self) -> None:
        assert (await sheet_of(title="Orders will reach 9,999")).title == "Orders"


def chart(kind: str = "column", category: str = "Year", *columns: str) -> ChartSpec | None:
    choice = ChartChoice.model_validate(
        {
            "table": "T1",
            "chart": kind,
            "category_column": category,
            "value_columns": list(columns or ("Orders",)),
        }
    )
    return chart_of(choice, "Orders", tables_of(LIBRARY, "en"))


class TestChartOf:
    def test_combines_rows_of_one_category(self) -> None:
        spec = chart()
        assert spec is not None
        assert spec.categories == ("2022", "2023", "2024")
        assert spec.series[0].values == (49.0, 70.0, 96.0)
        assert spec.series[0].name == "Total Orders"

    def test_draws_one_axis_only(self) -> None:
        spec = chart("column", "Region", "Orders", "Revenue (USD million)")
        assert spec is not None
        assert len(spec.series) == 1

    def test_a_pie_of_two_slices_stays_a_pie(self) -> None:
        spec = chart("pie", "Region")
        assert spec is not None
        assert spec.kind is ChartKind.PIE

    def test_a_chart_of_words_is_none(self) -> None:
        assert chart("column", "Year", "Region") is None

    def test_problems_name_table_and_columns(self) -> None:
        choice = ChartChoice(
            table="T1", chart="bar", category_column="Ship", value_columns=("Orders",)
        )
        (problem,) = chart_problems([choice], tables_of(LIBRARY, "en"))
        assert "'Ship'" in problem
        assert "'Region'" in problem
