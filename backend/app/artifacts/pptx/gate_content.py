"""Checks of content: charts and tables show the figures of the deck, notes hold the sources."""

import io
import math
from collections.abc import Iterator, Sequence

import openpyxl
from pptx.chart.chart import Chart
from pptx.parts.chart import ChartPart
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide

from app.artifacts.blocks import ChartSlide, ChartSpec, Deck, TableSlide
from app.artifacts.characters import clean_line, describe_characters, uncovered_characters
from app.artifacts.charts import drawable_spec, has_drawable_values
from app.artifacts.citations import citation_numbers, cited_numbers, cited_sources, source_entries
from app.artifacts.pptx.pages import Page
from app.artifacts.pptx.tables import lay_out
from app.schemas.source import Language


def chart_problems(
    slides: Sequence[Slide], pages: Sequence[Page], language: Language
) -> Iterator[str]:
    """Yield the charts that are missing, silent, or show other figures than the deck."""
    for number, (slide, page) in enumerate(zip(slides, pages, strict=True), start=1):
        frames = [shape for shape in _frames(slide) if shape.has_chart]
        specs = _specs(page, language)
        if len(frames) != len(specs):
            yield f"slide {number} has {len(frames)} charts instead of {len(specs)}"
            continue
        for frame, spec in zip(frames, specs, strict=True):
            if not "".join(frame.element.xpath(".//p:cNvPr/@descr")).strip():
                yield f"slide {number}: the chart has no alt text"
            for problem in _value_problems(frame.chart, drawable_spec(spec, language)):
                yield f"slide {number}: {problem}"


def table_problems(
    slides: Sequence[Slide], pages: Sequence[Page], language: Language
) -> Iterator[str]:
    """Yield the tables that are missing or show other words than the deck."""
    for number, (slide, page) in enumerate(zip(slides, pages, strict=True), start=1):
        tables = [shape.table for shape in _frames(slide) if shape.has_table]
        is_table = isinstance(page.slide, TableSlide) and bool(page.slide.columns)
        if len(tables) != int(is_table):
            yield f"slide {number} has {len(tables)} tables instead of {int(is_table)}"
        elif isinstance(page.slide, TableSlide) and tables:
            expected = lay_out(page.slide, language).cells
            found = tuple(tuple(cell.text for cell in row.cells) for row in tables[0].rows)
            if found != tuple(tuple(" ".join(text.split()) for text in row) for row in expected):
                yield f"slide {number}: the table shows other words than the deck"


def glyph_problems(slides: Sequence[Slide]) -> Iterator[str]:
    """Yield the slides with characters that no font shows."""
    for number, slide in enumerate(slides, start=1):
        text = "".join(str(piece) for piece in slide.element.xpath(".//a:t/text()"))
        missing = uncovered_characters(text)
        if missing:
            yield f"slide {number} has characters without a glyph: {describe_characters(missing)}"


def notes_problems(slides: Sequence[Slide], pages: Sequence[Page], deck: Deck) -> Iterator[str]:
    """Yield the slides whose notes lack a source in full."""
    numbers = citation_numbers(deck.sources)
    entries = source_entries(deck.sources, deck.language)
    for number, (slide, page) in enumerate(zip(slides, pages, strict=True), start=1):
        notes = _notes(slide)
        for cited in cited_numbers(cited_sources(page.slide), numbers):
            entry = entries[cited - 1]
            parts = (entry.title, entry.place, entry.quote)
            if any(part not in notes for part in parts):
                yield f"the notes of slide {number} do not hold source [{cited}] in full"


def _frames(slide: Slide) -> list[GraphicFrame]:
    return [shape for shape in slide.shapes if isinstance(shape, GraphicFrame)]


def _specs(page: Page, language: Language) -> list[ChartSpec]:
    if not isinstance(page.slide, ChartSlide):
        return []
    return [page.slide.chart] if has_drawable_values(page.slide.chart, language) else []


def _value_problems(chart: Chart, spec: ChartSpec) -> Iterator[str]:
    plot = chart.plots[0]
    if [str(category) for category in plot.categories] != list(spec.categories):
        yield "the chart has other categories than the deck"
    names = [clean_line(series.name) for series in plot.series]
    if names != [series.name for series in spec.series]:
        yield "the chart has other series than the deck"
        return
    for drawn, series in zip(plot.series, spec.series, strict=True):
        if not _are_same(drawn.values, series.values):
            yield f"the chart shows other values of {series.name!r} than the deck"
    if not _workbook_agrees(chart, spec):
        yield "the chart's own workbook has other values than the deck"


def _workbook_agrees(chart: Chart, spec: ChartSpec) -> bool:
    part = chart.part.chart_workbook.xlsx_part if isinstance(chart.part, ChartPart) else None
    if part is None:
        return False
    book = openpyxl.load_workbook(io.BytesIO(part.blob), read_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=2, min_col=2, values_only=True))
    return all(
        _are_same([row[place] if place < len(row) else None for row in rows], series.values)
        for place, series in enumerate(spec.series)
    )


def _are_same(found: Sequence[object], expected: Sequence[float | None]) -> bool:
    if len(found) != len(expected):
        return False
    return all(_is_same(one, other) for one, other in zip(found, expected, strict=True))


def _is_same(found: object, expected: float | None) -> bool:
    if expected is None or found is None:
        return found is expected
    return isinstance(found, (int, float)) and math.isclose(found, expected, rel_tol=1e-9)


def _notes(slide: Slide) -> str:
    if not slide.has_notes_slide:
        return ""
    frame = slide.notes_slide.notes_text_frame
    return frame.text.replace("\v", "\n") if frame is not None else ""
