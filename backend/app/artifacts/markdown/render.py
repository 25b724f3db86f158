"""A written document as Markdown (CommonMark with tables)."""

from collections.abc import Iterator, Mapping

from app.artifacts.blocks import (
    Block,
    Callout,
    ChartSpec,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Table,
)
from app.artifacts.captions import CaptionKind, caption_label, source_label
from app.artifacts.characters import clean_line, clean_model
from app.artifacts.charts import chart_title
from app.artifacts.citations import (
    SourceEntry,
    citation_mark,
    citation_numbers,
    cited_numbers,
    source_entries,
    sources_title,
)
from app.artifacts.formatting import NO_VALUE, format_by_code
from app.artifacts.grid import Grid, table_grid
from app.artifacts.links import safe_href
from app.artifacts.markdown.escape import escape_heading, escape_line, guard_line_start, link_target
from app.artifacts.markdown.inline import inline
from app.artifacts.title_block import eyebrow_line
from app.schemas.source import Language


def render_markdown(document: Document) -> str:
    """Write a document as Markdown; a chart becomes the table of its values."""
    cleaned = clean_model(document)
    writer = _Writer(cleaned)
    parts = [*writer.title(), *writer.body(), *writer.sources()]
    return "\n\n".join(part for part in parts if part) + "\n"


class _Writer:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._language: Language = document.language
        self._numbers: Mapping[str, int] = citation_numbers(document.sources)
        self._list_turn = 0
        self._captions: dict[CaptionKind, int] = {"figure": 0, "table": 0}

    def title(self) -> Iterator[str]:
        """Write the title, and what stands around it in other formats below it."""
        title = escape_heading(self._document.title)
        yield f"# {title}" if title else ""
        yield guard_line_start(escape_line(eyebrow_line(self._document)))
        yield guard_line_start(escape_line(self._document.subtitle))

    def body(self) -> Iterator[str]:
        """Write the blocks."""
        previous: Block | None = None
        for block in self._document.blocks:
            both_lists = isinstance(previous, ListBlock) and isinstance(block, ListBlock)
            self._list_turn = 1 - self._list_turn if both_lists else 0
            yield from self._block(block)
            previous = block

    def sources(self) -> Iterator[str]:
        """Write the sources section, if there are sources."""
        entries = source_entries(self._document.sources, self._language)
        if entries:
            yield f"## {escape_line(sources_title(self._language))}"
        yield from map(_source, entries)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield f"{'#' * (block.level + 1)} {escape_heading(block.text)}"
            case Paragraph():
                yield inline(block.runs, self._numbers)
            case ListBlock():
                yield self._list(block)
            case Table():
                yield from self._table(block)
            case Figure():
                yield from self._figure(block)
            case Callout():
                yield self._callout(block)

    def _list(self, block: ListBlock) -> str:
        """Write a list; the next of two in a row has another mark, or it would join the first."""
        items = [inline(item, self._numbers) for item in block.items]
        lines = []
        for number, item in enumerate(filter(None, items), start=1):
            mark = (
                f"{number}{'.)'[self._list_turn]} "
                if block.ordered
                else f"{'-*'[self._list_turn]} "
            )
            lines.append(mark + item.replace("\n", "\n" + " " * len(mark)))
        return "\n".join(lines)

    def _callout(self, block: Callout) -> str:
        label, text = escape_line(block.label), inline(block.runs, self._numbers)
        opening = f"**{label}**" if label else ""
        joined = "\n\n".join(part for part in (opening, text) if part)
        return "\n".join(f"> {line}".rstrip() for line in joined.split("\n")) if joined else ""

    def _table(self, block: Table) -> Iterator[str]:
        if not block.columns:
            return
        yield self._caption("table", block.caption, block.source_ids)
        grid = table_grid(block.columns, block.rows, self._language, has_total=block.has_total)
        yield _markdown_table(grid)

    def _figure(self, block: Figure) -> Iterator[str]:
        title = chart_title(block.chart)
        yield self._caption("figure", block.caption or title, block.source_ids)
        yield guard_line_start(escape_line(block.chart.alt_text))
        grid = _chart_grid(block.chart)
        if grid.rows:
            yield _markdown_table(grid)

    def _caption(self, kind: CaptionKind, caption: str, source_ids: tuple[str, ...]) -> str:
        self._captions[kind] += 1
        label = f"{caption_label(kind, self._language)} {self._captions[kind]}."
        mark = citation_mark(cited_numbers(source_ids, self._numbers))
        source = f"{source_label(self._language)} {mark}" if mark else ""
        parts = (f"**{label}**", escape_line(caption), source)
        return " ".join(part for part in parts if part)


def _markdown_table(grid: Grid) -> str:
    rules = ["---:" if right else "---" for right in grid.right_aligned]
    lines = [_table_row(grid.headings), f"| {' | '.join(rules)} |"]
    for index, row in enumerate(grid.rows):
        cells = [escape_line(cell) for cell in row]
        if grid.is_total(index):
            cells = [f"**{cell}**" if cell.isalnum() else cell for cell in cells]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _table_row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(escape_line, cells))} |"


def _chart_grid(chart: ChartSpec) -> Grid:
    values = [series.values for series in chart.series]
    rows = []
    for index, category in enumerate(chart.categories):
        cells = (_chart_value(one[index], chart.number_format) for one in values)
        rows.append((clean_line(category), *cells))
    return Grid(
        headings=(chart_title(chart), *(clean_line(series.name) for series in chart.series)),
        rows=tuple(rows),
        right_aligned=(False, *(True for _ in chart.series)),
    )


def _chart_value(value: float | None, number_format: str) -> str:
    return NO_VALUE if value is None else format_by_code(value, number_format)


def _source(entry: SourceEntry) -> str:
    heading = f"[{entry.number}] {escape_line(entry.title)}"
    if entry.place:
        heading += f", {escape_line(entry.place)}"
    if entry.url:
        href = safe_href(entry.url)
        shown = escape_line(entry.url)
        heading += f". [{shown}]({link_target(href)})" if href else f". {shown}"
    return f"{heading}\\\n{guard_line_start(escape_line(entry.quote))}" if entry.quote else heading
