"""Figures: native charts that the office program draws and the reader can edit."""

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt

from app.artifacts.blocks import ChartKind, ChartSpec, Figure
from app.artifacts.characters import clean_line
from app.artifacts.charts import (
    WORKBOOK_RELATIONSHIP_ID,
    NativeChart,
    chart_title,
    has_drawable_values,
    native_chart,
    natural_height,
    no_data_text,
)
from app.artifacts.docx.captions import write_caption
from app.artifacts.docx.ooxml import element
from app.artifacts.docx.page import TEXT_WIDTH_PT
from app.artifacts.docx.text import Look, add_text
from app.artifacts.docx.writing import Writing
from app.artifacts.themes import HOUSE_THEME

_CHART_URI = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_INLINE = (
    '<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" distT="0" distB="0" '
    'distL="0" distR="0"><wp:extent/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr/>'
    f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_CHART_URI}">'
    f'<c:chart xmlns:c="{_CHART_URI}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    "</a:graphicData></a:graphic></wp:inline>"
)
_HEIGHT_SHARE = 0.35
_PX_TO_PT = 0.6
_MAX_HEIGHT_PT = 560.0


def write_figure(writing: Writing, figure: Figure) -> None:
    """Write a chart under its title and above its caption."""
    title = chart_title(figure.chart)
    if has_drawable_values(figure.chart, writing.language):
        _write_chart(writing, figure.chart, title)
    else:
        _write_title(writing, title, "")
        look = Look(italic=True, colour=HOUSE_THEME.palette.muted)
        add_text(writing.add_paragraph("Figure"), no_data_text(writing.language), look)
    write_caption(writing, "figure", figure.caption or title, figure.source_ids)


def _write_title(writing: Writing, title: str, unit_note: str) -> None:
    text = f"{title} ({unit_note})" if title and unit_note else title or unit_note
    if text:
        add_text(writing.add_paragraph("FigureTitle"), text)


def _write_chart(writing: Writing, chart: ChartSpec, title: str) -> None:
    document = writing.document
    native = native_chart(chart, language=document.language, created_on=document.created_on)
    _write_title(writing, clean_line(chart.title) if native.unit_note else title, native.unit_note)
    run = writing.add_paragraph("Figure").add_run()
    drawing = element("w:drawing", None, _inline(writing, chart, native))
    run._r.append(drawing)  # noqa: SLF001 - python-docx draws pictures only


def _inline(writing: Writing, chart: ChartSpec, native: NativeChart) -> BaseOxmlElement:
    number = writing.next_drawing()
    inline = parse_xml(_INLINE)
    extent, _, properties = inline[0], inline[1], inline[2]
    extent.set("cx", str(int(Pt(TEXT_WIDTH_PT))))
    extent.set("cy", str(int(Pt(_height_pt(chart)))))
    properties.set("id", str(number))
    properties.set("name", f"Chart {number}")
    properties.set("descr", clean_line(chart.alt_text) or clean_line(chart.title))
    reference = next(inline.iter(f"{{{_CHART_URI}}}chart"))
    reference.set(qn("r:id"), _chart_part(writing, native, number))
    return inline


def _height_pt(chart: ChartSpec) -> float:
    if chart.kind is not ChartKind.BAR:
        return TEXT_WIDTH_PT * _HEIGHT_SHARE
    return min(natural_height(chart) * _PX_TO_PT, _MAX_HEIGHT_PT)


def _chart_part(writing: Writing, native: NativeChart, number: int) -> str:
    package = writing.file.part.package
    chart_part = Part(
        PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, native.xml, package
    )
    workbook = Part(
        PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        native.workbook,
        package,
    )
    chart_part.rels.add_relationship(RELATIONSHIP_TYPE.PACKAGE, workbook, WORKBOOK_RELATIONSHIP_ID)
    return str(writing.file.part.relate_to(chart_part, RELATIONSHIP_TYPE.CHART))
