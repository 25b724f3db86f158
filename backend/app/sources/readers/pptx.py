"""PowerPoint files: titles, text, tables, chart figures and notes, slide by slide."""

from collections.abc import Iterable, Iterator

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from app.schemas.source import PassageKind
from app.sources.reading import Block, Reading, TextBlock
from app.sources.request import ReadRequest
from app.sources.tables import Grid, RawCell, TypedCell
from app.sources.tables.grid import number_text

_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_MAX_GROUP_DEPTH = 8


def read_pptx(request: ReadRequest) -> Reading:
    """Read a presentation; footers and slide numbers are left out."""
    presentation = Presentation(request.open())
    slides = list(presentation.slides)
    title = (presentation.core_properties.title or "").strip()
    if title.lower() in ("", "powerpoint presentation") and slides:
        title = _title_of(slides[0])
    reading = Reading(title=title, page_count=len(slides))
    for number, slide in enumerate(slides, start=1):
        reading.blocks.extend(_slide_blocks(slide, number))
    return reading


def _slide_blocks(slide: Slide, number: int) -> Iterator[Block]:
    title, locator = _title_of(slide), f"slide {number}"
    if title:
        yield TextBlock(text=title, locator=locator, section=title, kind=PassageKind.HEADING)
    for shape in _shapes(slide.shapes, 0):
        if shape.shape_id != _title_id(slide) and not _is_furniture(shape):
            yield from _shape_blocks(shape, locator, title)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = " ".join(slide.notes_slide.notes_text_frame.text.split())
        if notes:
            yield TextBlock(
                text=notes, locator=f"{locator}, notes", section=title, kind=PassageKind.NOTE
            )


def _title_of(slide: Slide) -> str:
    title = slide.shapes.title
    return "" if title is None else " ".join(title.text_frame.text.split())


def _title_id(slide: Slide) -> int | None:
    title = slide.shapes.title
    return None if title is None else title.shape_id


def _shapes(shapes: Iterable[BaseShape], depth: int) -> Iterator[BaseShape]:
    """Yield shapes from top to bottom and left to right, those in groups too."""
    for shape in sorted(shapes, key=lambda s: (s.top or 0, s.left or 0)):
        if isinstance(shape, GroupShape) and depth < _MAX_GROUP_DEPTH:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _is_furniture(shape: BaseShape) -> bool:
    return shape.is_placeholder and shape.placeholder_format.type in _FURNITURE


def _shape_blocks(shape: BaseShape, locator: str, title: str) -> Iterator[Block]:
    if isinstance(shape, GraphicFrame) and shape.has_table:
        rows: list[list[RawCell]] = [
            [" ".join(cell.text_frame.text.split()) for cell in row.cells]
            for row in shape.table.rows
        ]
        yield _grid(rows, f"{locator}, table", title)
    elif isinstance(shape, GraphicFrame) and shape.has_chart:
        yield from _chart_grid(shape, locator, title)
    elif isinstance(shape, Shape):
        paragraphs = [" ".join(p.text.split()) for p in shape.text_frame.paragraphs]
        filled = [text for text in paragraphs if text]
        is_list = len(filled) > 1 and shape.is_placeholder
        for text in filled:
            yield TextBlock(
                text=f"- {text}" if is_list else text,
                locator=locator,
                section=title,
                kind=PassageKind.LIST if is_list else PassageKind.PARAGRAPH,
            )


def _chart_grid(shape: GraphicFrame, locator: str, title: str) -> Iterator[Block]:
    chart = shape.chart
    plots = list(chart.plots)
    if not plots:
        return
    categories = [str(category) for category in plots[0].categories]
    series = [one for plot in plots for one in plot.series]
    rows: list[list[RawCell]] = [["", *(one.name for one in series)]]
    for index, category in enumerate(categories):
        rows.append([category, *(_figure(one.values, index) for one in series)])
    name = chart.chart_title.text_frame.text if chart.has_title else ""
    yield _grid(rows, f"{locator}, chart", title, name)


def _figure(values: tuple[float | None, ...], index: int) -> RawCell:
    value = values[index] if index < len(values) else None
    return "" if value is None else TypedCell(number_text(value), value)


def _grid(rows: list[list[RawCell]], place: str, section: str, title: str = "") -> Grid:
    numbers = list(range(1, len(rows) + 1))
    return Grid(
        rows=rows, numbers=numbers, place=place, section=section, title=title, has_header=True
    )
