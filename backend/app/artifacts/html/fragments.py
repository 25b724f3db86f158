"""The parts that pages and previews share: runs, citations, tables, charts, sources."""

from collections.abc import Iterable, Mapping, Sequence

from app.artifacts.blocks import ChartSpec, Run
from app.artifacts.charts import chart_svg
from app.artifacts.citations import (
    SourceEntry,
    citation_numbers,
    cited_numbers,
    source_entries,
    sources_title,
)
from app.artifacts.formatting import NO_VALUE
from app.artifacts.grid import Grid
from app.artifacts.html.tags import line, tag, text
from app.artifacts.links import safe_href
from app.schemas.source import Language, Source

_SOURCE_WORD: Mapping[Language, str] = {"en": "Source {number}", "ko": "출처 {number}"}
_OUTSIDE = "noopener noreferrer nofollow"


class Fragments:
    """Writes parts of one artefact, with its numbering of sources and its language."""

    def __init__(self, sources: Sequence[Source], language: Language) -> None:
        self.language: Language = language
        self._sources = sources
        self._numbers = citation_numbers(sources)

    def runs(self, runs: Iterable[Run]) -> str:
        """Write runs with emphasis, links and citations."""
        return "".join(map(self._run, runs))

    def citations(self, source_ids: Iterable[str]) -> str:
        """Write the marks of the sources that carry a claim, each linked to its entry."""
        return "".join(map(self._mark, cited_numbers(source_ids, self._numbers)))

    def chart(self, spec: ChartSpec) -> str:
        """Draw a chart inline."""
        return chart_svg(spec, language=self.language)

    def table(self, grid: Grid, *, label: str, has_row_headers: bool = True) -> str:
        """Write a table that scrolls sideways by itself and can be reached by keyboard."""
        heads = (
            tag("th", line(heading), scope="col", class_=_cell_class(heading, is_right=is_right))
            for heading, is_right in zip(grid.headings, grid.right_aligned, strict=True)
        )
        rows = (
            _row(row, grid, index, has_row_headers=has_row_headers)
            for index, row in enumerate(grid.rows)
        )
        table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))
        return tag("div", table, class_="scroll", role="region", tabindex="0", aria_label=label)

    def sources(self) -> str:
        """Write the section of sources; nothing if there are none."""
        listed = self.source_list()
        if not listed:
            return ""
        title = tag("h2", line(sources_title(self.language)), id="sources")
        return tag("section", title, listed, class_="sources", aria_labelledby="sources")

    def source_list(self) -> str:
        """Write the entries of the sources without a heading."""
        entries = source_entries(self._sources, self.language)
        return tag("ol", *map(_entry, entries)) if entries else ""

    def _run(self, run: Run) -> str:
        written = text(run.text)
        if run.italic:
            written = tag("em", written)
        if run.bold:
            written = tag("strong", written)
        href = safe_href(run.href)
        if href:
            written = tag("a", written, href=href, rel=_OUTSIDE)
        return written + self.citations(run.source_ids)

    def _mark(self, number: int) -> str:
        label = _SOURCE_WORD[self.language].format(number=number)
        return tag("a", f"[{number}]", class_="cite", href=f"#source-{number}", aria_label=label)


def _row(cells: tuple[str, ...], grid: Grid, index: int, *, has_row_headers: bool) -> str:
    written = []
    for column, (cell, is_right) in enumerate(zip(cells, grid.right_aligned, strict=True)):
        class_ = _cell_class(cell, is_right=is_right)
        if column == 0 and has_row_headers and not is_right:
            written.append(tag("th", text(cell), scope="row", class_=class_))
        else:
            written.append(tag("td", text(cell), class_=class_))
    return tag("tr", *written, class_="total" if grid.is_total(index) else None)


def _cell_class(cell: str, *, is_right: bool) -> str | None:
    names = ("number" if is_right else "", "none" if cell == NO_VALUE else "")
    return " ".join(filter(None, names)) or None


def _entry(entry: SourceEntry) -> str:
    parts = [tag("span", f"[{entry.number}]", class_="mark"), tag("strong", line(entry.title))]
    if entry.place:
        parts.append(f", {line(entry.place)}")
    if entry.url:
        href = safe_href(entry.url)
        shown = line(entry.url)
        parts.append(f". {tag('a', shown, href=href, rel=_OUTSIDE) if href else shown}")
    if entry.quote:
        parts.append(tag("blockquote", text(entry.quote)))
    return tag("li", *parts, id=f"source-{entry.number}")
