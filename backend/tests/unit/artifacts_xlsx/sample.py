"""A workbook with everything: figures, tables, formulas, charts, notes, sources."""

from datetime import UTC, date, datetime

from app.artifacts.blocks import (
    ChartKind,
    Formula,
    Kpi,
    Run,
    Sheet,
    SheetChart,
    SheetTable,
    Workbook,
)
from app.schemas.source import ColumnKind, Language, Source, TableColumn

SIZES = (118, 164, 231, 322)
COSTS = (90, 120, 170, 235)


def make_sources() -> tuple[Source, ...]:
    return (
        Source(
            id="s1",
            title="Deployment statistics",
            file_id="f1",
            file_name="supply.xlsx",
            locator="Supply!A2:D8",
            quote="The market reached 322 million in 2025.",
            sha256="ab12cd34ef567890" * 4,
        ),
        Source(
            id="s2",
            kind="web",
            title="Cell prices",
            url="https://example.org/prices?a=1&b=2",
            retrieved_at=datetime(2026, 11, 3, tzinfo=UTC),
            quote="Prices fell 8% a year.",
            sha256="77" * 32,
        ),
    )


def make_market(**changes: object) -> SheetTable:
    rows = tuple(
        (
            2022 + place,
            size,
            cost,
            date(2022 + place, 12, 31),
            Formula(expression="=([@Size]-[@Cost])/[@Size]", value=(size - cost) / size),
        )
        for place, (size, cost) in enumerate(zip(SIZES, COSTS, strict=True))
    )
    market = SheetTable(
        name="Market",
        title="Market by year",
        columns=(
            TableColumn(name="Year", kind=ColumnKind.YEAR),
            TableColumn(name="Size", kind=ColumnKind.CURRENCY, unit="억원"),
            TableColumn(name="Cost", kind=ColumnKind.CURRENCY, unit="USD", decimals=1),
            TableColumn(name="Closed on", kind=ColumnKind.DATE),
        ),
        calculated=(TableColumn(name="Margin", kind=ColumnKind.PERCENT, decimals=1),),
        rows=rows,
        totals={"Size": "sum", "Cost": "average", "Margin": "max"},
        source_ids=("s1", "s2"),
    )
    return market.model_copy(update=changes)


def make_chart(**changes: object) -> SheetChart:
    chart = SheetChart(
        kind=ChartKind.COLUMN,
        title="Size and cost",
        table="Market",
        category_column="Year",
        value_columns=("Size",),
        alt_text="The size grows from 118 to 322.",
    )
    return chart.model_copy(update=changes)


def make_sheet(**changes: object) -> Sheet:
    sheet = Sheet(
        name="Market",
        title="The market nearly triples",
        note=(Run(text="From the statistics", source_ids=("s1",)),),
        kpis=(
            Kpi(
                label="Size in 2025",
                value=Formula(expression="=SUMIFS(Market[Size],Market[Year],2025)", value=322),
                kind=ColumnKind.CURRENCY,
                unit="억원",
                source_ids=("s1",),
            ),
        ),
        tables=(make_market(),),
        charts=(make_chart(),),
    )
    return sheet.model_copy(update=changes)


def make_workbook(*sheets: Sheet, language: Language = "en") -> Workbook:
    return Workbook(
        title="Market",
        language=language,
        created_on=date(2026, 11, 24),
        sheets=sheets or (make_sheet(),),
        sources=make_sources(),
    )


def one_table(table: SheetTable, *, language: Language = "en") -> Workbook:
    sheet = Sheet(name="Sheet", title="Title", tables=(table,))
    return Workbook(title="Book", language=language, created_on=date(2026, 11, 24), sheets=(sheet,))
