from datetime import date

from lxml import html
from lxml.html import HtmlElement

from app.artifacts.blocks import (
    BulletSlide,
    Card,
    CardSlide,
    ChartKind,
    ChartSlide,
    Deck,
    DeckKpi,
    Formula,
    Kpi,
    QuoteSlide,
    Run,
    Sheet,
    SheetChart,
    SheetTable,
    Slide,
    SourcesSlide,
    TableSlide,
    TitleSlide,
    Workbook,
)
from app.artifacts.html import preview_html, render_html
from app.schemas.source import ColumnKind
from tests.factories.artifacts import make_chart, make_column, make_full_document, make_source

_TABLE = SheetTable(
    name="sales",
    title="Sales by year",
    columns=(
        make_column("Year", ColumnKind.YEAR),
        make_column("Sales", ColumnKind.CURRENCY, unit="USD"),
    ),
    calculated=(make_column("Growth", ColumnKind.PERCENT),),
    rows=(
        (2024, 1200, Formula(expression="=0", value=0)),
        (2025, 1500, Formula(expression="=[@Sales]/1200-1", value=0.25)),
    ),
    totals={"Sales": "sum", "Growth": "average"},
)


def _workbook(table: SheetTable = _TABLE, *charts: SheetChart) -> HtmlElement:
    sheet = Sheet(
        name="Summary",
        title="The market",
        kpis=(Kpi(label="Sales", value=Formula(expression="=1", value=1500), unit="USD"),),
        tables=(table,),
        charts=charts,
    )
    workbook = Workbook(
        title="Model", language="en", created_on=date(2026, 11, 24), sheets=(sheet,)
    )
    return html.document_fromstring(preview_html(workbook))


def _chart(table: str = "sales", *, values: tuple[str, ...] = ("Sales",)) -> SheetChart:
    return SheetChart(
        kind=ChartKind.COLUMN,
        title="Sales",
        table=table,
        category_column="Year",
        value_columns=values,
        alt_text="Sales rise.",
    )


def _deck(*slides: Slide) -> HtmlElement:
    deck = Deck(
        title="Pitch",
        language="en",
        created_on=date(2026, 11, 24),
        slides=slides,
        sources=(make_source("s1"),),
    )
    return html.document_fromstring(preview_html(deck))


class TestPreviewWorkbook:
    def test_shows_the_values_of_formulas_as_the_sheet_does(self) -> None:
        page = _workbook()
        cells = [[cell.text_content() for cell in row] for row in page.iter("tr")]
        assert cells == [
            ["Year", "Sales (USD)", "Growth"],
            ["2024", "1,200", "0%"],
            ["2025", "1,500", "25%"],
            ["Total", "2,700", "13%"],
        ]
        assert "$1,500" in page.text_content()

    def test_draws_charts_from_their_table(self) -> None:
        assert len(list(_workbook(_TABLE, _chart()).iter("svg"))) == 1

    def test_leaves_out_a_chart_whose_data_is_not_there(self) -> None:
        page = _workbook(_TABLE, _chart("gone"), _chart(values=("Gone",)))
        assert not list(page.iter("svg"))

    def test_shows_the_first_rows_of_a_long_table_and_says_so(self) -> None:
        rows = tuple((index, index, None) for index in range(1000))
        page = _workbook(_TABLE.model_copy(update={"rows": rows, "totals": {}}))
        assert len(list(page.iter("tr"))) == 201
        assert "200 / 1,000" in page.text_content()


class TestPreviewDeck:
    def test_shows_every_kind_of_slide(self) -> None:
        cited = Run(text="Cited", source_ids=("s1",))
        page = _deck(
            TitleSlide(title="Cover", subtitle="Sub", footer="Foot"),
            BulletSlide(title="Points", items=((cited,),), notes="Say this."),
            ChartSlide(title="Chart", chart=make_chart(), kpis=(DeckKpi(value="39%", label="up"),)),
            CardSlide(title="Cards", cards=(Card(title="One", runs=(cited,)),)),
            TableSlide(title="Table", columns=(make_column("a"),), rows=(("b",),)),
            QuoteSlide(title="Quote", quote=cited, attribution="Someone"),
            SourcesSlide(title="Sources"),
        )
        titles = [heading.text_content() for heading in page.iter("h2")]
        assert titles == ["Cover", "Points", "Chart", "Cards", "Table", "Quote", "Sources"]
        text = page.text_content()
        for words in ("Sub", "Foot", "Say this.", "39%", "Someone", "Statistics s1"):
            assert words in text

    def test_lists_sources_once_with_or_without_a_slide_for_them(self) -> None:
        for slides in ((TitleSlide(title="Cover"),), (SourcesSlide(title="Sources"),)):
            page = _deck(*slides)
            assert [item.get("id") for item in page.iter("li") if item.get("id")] == ["source-1"]


class TestPreviewDocument:
    def test_is_the_page_itself(self) -> None:
        document = make_full_document()
        assert preview_html(document) == render_html(document)
