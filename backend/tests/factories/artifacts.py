"""Documents, charts and sources for tests of the artefacts."""

from datetime import UTC, date, datetime

from app.artifacts.blocks import (
    Block,
    Callout,
    ChartKind,
    ChartSeries,
    ChartSpec,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Run,
    Table,
)
from app.schemas.source import CellValue, ColumnKind, Language, Source, TableColumn

Values = tuple[float | None, ...]


def make_source(id: str = "s1", *, quote: str = "Sales rose by 39 percent.") -> Source:
    """Make a passage of a file as a source."""
    return Source(
        id=id,
        title=f"Statistics {id}",
        file_id="f1",
        file_name="statistics.pdf",
        passage_id="p1",
        locator="p. 14",
        quote=quote,
        sha256="ab" * 32,
    )


def make_web_source(id: str = "w1", *, url: str = "https://example.org/reform?a=1&b=2") -> Source:
    """Make a page of the web as a source."""
    return Source(
        id=id,
        kind="web",
        title="The reform",
        url=url,
        retrieved_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        quote="Surplus power is credited at the wholesale price.",
        sha256="cd" * 32,
    )


def make_chart(
    kind: ChartKind = ChartKind.COLUMN,
    *,
    values: tuple[Values, ...] = ((118, 164, 231),),
    categories: tuple[str, ...] | None = None,
    title: str = "Sales",
    number_format: str = "#,##0",
    unit: str | None = None,
    emphasis_from: int | None = None,
) -> ChartSpec:
    """Make a chart; without categories they are A, B, C."""
    count = len(values[0]) if values else 0
    return ChartSpec(
        kind=kind,
        title=title,
        categories=categories or tuple(f"C{index}" for index in range(count)),
        series=tuple(
            ChartSeries(name=f"Series {index}", values=one)
            for index, one in enumerate(values, start=1)
        ),
        number_format=number_format,
        unit=unit,
        alt_text="Sales rise every year.",
        emphasis_from=emphasis_from,
    )


def make_column(
    name: str,
    kind: ColumnKind = ColumnKind.TEXT,
    *,
    unit: str | None = None,
    decimals: int = 0,
) -> TableColumn:
    """Make a typed column."""
    return TableColumn(name=name, kind=kind, unit=unit, decimals=decimals)


def make_table(
    rows: tuple[tuple[CellValue, ...], ...] = ((2024, 231.0), (2025, 322.5)),
    *,
    columns: tuple[TableColumn, ...] | None = None,
    has_total: bool = False,
    source_ids: tuple[str, ...] = (),
) -> Table:
    """Make a table; without columns they are a year and sales."""
    return Table(
        caption="Sales by year",
        columns=_YEAR_AND_SALES if columns is None else columns,
        rows=rows,
        has_total=has_total,
        source_ids=source_ids,
    )


def make_document(
    *blocks: Block,
    title: str = "Home batteries",
    language: Language = "en",
    sources: tuple[Source, ...] = (),
) -> Document:
    """Make a document of the given blocks."""
    return Document(
        title=title,
        language=language,
        created_on=date(2026, 11, 24),
        blocks=blocks,
        sources=sources,
    )


def make_full_document(*, language: Language = "en") -> Document:
    """Make a document with every kind of block and both kinds of source."""
    claim = Run(text="Sales rose by 39 percent", bold=True, source_ids=("s1",))
    return Document(
        title="Home batteries" if language == "en" else "가정용 배터리",
        subtitle="Where growth comes from",
        eyebrow="Market brief" if language == "en" else "시장 브리핑",
        language=language,
        created_on=date(2026, 11, 24),
        sources=(make_source("s1"), make_source("s2", quote="2027E 0.21"), make_web_source("w1")),
        blocks=(
            Callout(
                label="In short", runs=(Run(text="The market grows", source_ids=("s1", "s2")),)
            ),
            Heading(level=1, text="Market size"),
            Paragraph(runs=(claim, Run(text=" in 2025. See "), _link(), Run(text="."))),
            Figure(chart=make_chart(emphasis_from=2), caption="Sales", source_ids=("s2",)),
            Table(
                caption="Sales by year",
                columns=(
                    make_column("Year", ColumnKind.YEAR),
                    make_column("Sales", ColumnKind.CURRENCY, unit="USD", decimals=1),
                    make_column("Growth", ColumnKind.PERCENT),
                    make_column("Final", ColumnKind.TEXT),
                ),
                rows=(
                    (2024, 1231.04, None, True),
                    (2025, 1322.5, 0.39, False),
                    ("Total", 2553.54, None, None),
                ),
                has_total=True,
                source_ids=("s2", "w1"),
            ),
            Heading(level=2, text="Drivers"),
            ListBlock(items=((Run(text="Tariffs", source_ids=("w1",)),), (Run(text="Cells"),))),
            Heading(level=3, text="Steps"),
            ListBlock(ordered=True, items=((Run(text="Launch"),), (Run(text="Sell"),))),
            ListBlock(ordered=True, items=((Run(text="Start again"),),)),
            Callout(label="Limits", runs=(Run(text="One source only."),), tone="warning"),
        ),
    )


_YEAR_AND_SALES = (
    make_column("Year", ColumnKind.YEAR),
    make_column("Sales", ColumnKind.CURRENCY, unit="USD", decimals=1),
)


def _link() -> Run:
    return Run(text="the study", href="https://example.org/study", italic=True)
