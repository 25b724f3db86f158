"""A native chart, which stays editable, and headline figures beside it."""

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.oxml.shapes.graphfrm import CT_GraphicalObjectFrame
from pptx.parts.chart import ChartPart
from pptx.parts.embeddedpackage import EmbeddedXlsxPart
from pptx.slide import Slide

from app.artifacts.blocks import ChartSlide, DeckKpi
from app.artifacts.characters import clean_line
from app.artifacts.charts import chart_title, has_drawable_values, native_chart, no_data_text
from app.artifacts.citations import citation_mark, cited_numbers
from app.artifacts.pptx.fitting import TextSpace, fit_text
from app.artifacts.pptx.geometry import BODY, LINE_HEIGHT, Box, rows
from app.artifacts.pptx.pieces import plain, with_mark
from app.artifacts.pptx.shapes import (
    Look,
    add_panel,
    add_text_box,
    describe,
    prepared,
    write_lines,
)
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette
_SIZES = HOUSE_THEME.deck
_KPI_WIDTH, _KPI_GAP, _COLUMN_GAP, _KPI_HEIGHT = 232.0, 14.0, 28.0, 108.0
_PADDING, _VALUE_GAP = 18.0, 5.0
_CAPTION_HEIGHT, _CAPTION_SIZE = 18.0, 12.0
_SMALLEST_VALUE, _SMALLEST_LABEL = 16.0, 9.0
_TEXT_SIZE = 11.0


def write_chart(writing: SlideWriting, slide: ChartSlide) -> None:
    """Write the chart, and the figures to its right."""
    width = BODY.width - (_KPI_WIDTH + _COLUMN_GAP if slide.kpis else 0)
    caption = chart_title(slide.chart)
    top = BODY.top
    if caption and caption != writing.page.title:
        _write_caption(writing, Box(left=BODY.left, top=top, width=width, height=18), caption)
        top += _CAPTION_HEIGHT + 8
    box = Box(left=BODY.left, top=top, width=width, height=BODY.top + BODY.height - top)
    if has_drawable_values(slide.chart, writing.language):
        _add_chart(writing, slide, box)
    else:
        _write_no_data(writing, box)
    if slide.kpis:
        _write_kpis(writing, slide.kpis)


def _add_chart(writing: SlideWriting, slide: ChartSlide, box: Box) -> None:
    native = native_chart(
        slide.chart,
        language=writing.language,
        created_on=writing.created_on,
        text_size_pt=_TEXT_SIZE,
    )
    package = writing.slide.part.package
    name = package.next_partname(ChartPart.partname_template)
    part = ChartPart.load(name, CONTENT_TYPE.DML_CHART, package, native.xml)
    part.relate_to(EmbeddedXlsxPart.new(native.workbook, package), RELATIONSHIP_TYPE.PACKAGE)
    link = writing.slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    frame = CT_GraphicalObjectFrame.new_chart_graphicFrame(
        _next_id(writing.slide), "Chart", link, *box.emu()
    )
    writing.slide.shapes.element.append(frame)
    describe(frame, clean_line(slide.chart.alt_text))


def _next_id(slide: Slide) -> int:
    return max((shape.shape_id for shape in slide.shapes), default=1) + 1


def _write_caption(writing: SlideWriting, box: Box, caption: str) -> None:
    space = TextSpace(
        width=box.width,
        height=box.height,
        largest=_CAPTION_SIZE,
        smallest=_CAPTION_SIZE,
        bold=True,
    )
    frame = add_text_box(writing.slide, box, "Chart title")
    look = Look(size=_CAPTION_SIZE, colour=_PALETTE.muted, bold=True)
    write_lines(frame, fit_text([plain(caption)], space).lines, look, writing.language)


def _write_no_data(writing: SlideWriting, box: Box) -> None:
    panel = add_panel(writing.slide, box, "No data", fill=_PALETTE.header_fill, line=None)
    frame = prepared(panel.text_frame, anchor=MSO_ANCHOR.MIDDLE)
    look = Look(size=_SIZES.card_body, colour=_PALETTE.muted, align=PP_ALIGN.CENTER)
    write_lines(frame, [plain(no_data_text(writing.language))], look, writing.language)


def _write_kpis(writing: SlideWriting, kpis: tuple[DeckKpi, ...]) -> None:
    column = Box(
        left=BODY.left + BODY.width - _KPI_WIDTH,
        top=BODY.top,
        width=_KPI_WIDTH,
        height=BODY.height,
    )
    for box, kpi in zip(rows(column, len(kpis), _KPI_GAP, _KPI_HEIGHT), kpis, strict=True):
        _write_kpi(writing, box, kpi)


def _write_kpi(writing: SlideWriting, box: Box, kpi: DeckKpi) -> None:
    inner = box.inner(_PADDING, 10)
    value_space = TextSpace(
        width=inner.width,
        height=_SIZES.kpi * LINE_HEIGHT,
        largest=_SIZES.kpi,
        smallest=_SMALLEST_VALUE,
        bold=True,
    )
    value = fit_text([plain(clean_line(kpi.value))], value_space)
    label_space = TextSpace(
        width=inner.width,
        height=inner.height - value.height - _VALUE_GAP,
        largest=_SIZES.kpi_label,
        smallest=_SMALLEST_LABEL,
    )
    mark = citation_mark(cited_numbers(kpi.source_ids, writing.numbers))
    label = fit_text([with_mark(plain(clean_line(kpi.label)), mark)], label_space)
    panel = add_panel(writing.slide, box, "Figure", fill=_PALETTE.tint, line=None)
    frame = prepared(panel.text_frame, horizontal=_PADDING, vertical=10, anchor=MSO_ANCHOR.MIDDLE)
    look = Look(size=value.size, colour=_PALETTE.accent, bold=True)
    write_lines(frame, value.lines, look, writing.language)
    look = Look(size=label.size, colour=_PALETTE.text, gap=_VALUE_GAP)
    write_lines(frame, label.lines, look, writing.language)
