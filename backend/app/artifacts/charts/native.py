"""Charts as DrawingML parts that office programs draw and users can edit.

python-pptx writes the chart XML; the part is the same in a document and in a deck.
"""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import xlsxwriter
from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml

from app.artifacts.blocks import ChartKind, ChartSeries, ChartSpec
from app.artifacts.characters import clean_line
from app.artifacts.charts.native_style import style_chart
from app.artifacts.charts.pie import pie_slices
from app.artifacts.charts.scale import drawable, drawable_values
from app.artifacts.charts.wording import korean_unit
from app.schemas.source import Language

_CHART_TYPES = {
    ChartKind.COLUMN: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.BAR: XL_CHART_TYPE.BAR_CLUSTERED,
    ChartKind.LINE: XL_CHART_TYPE.LINE_MARKERS,
    ChartKind.PIE: XL_CHART_TYPE.PIE,
}
_CHART_NAMESPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_NO_FRAME = (
    f'<c:spPr xmlns:c="{_CHART_NAMESPACE}" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    "<a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
)
_RELATIONSHIP_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK_RELATIONSHIP_ID = "rId1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeChart:
    """A chart part's XML and the workbook with its values.

    The XML names the workbook by relationship `rId1` of the chart part. `unit_note` is to stand
    with the title where the values were divided ("단위: 억 원").
    """

    xml: bytes
    workbook: bytes
    unit_note: str = ""


def native_chart(
    spec: ChartSpec, *, language: Language, created_on: date, text_size_pt: float = 9.0
) -> NativeChart:
    """Write a chart with at least one value as a native part in the house style."""
    drawn = drawable_spec(spec, language)
    chart_data = CategoryChartData(number_format=drawn.number_format)
    chart_data.categories = drawn.categories
    for series in drawn.series:
        chart_data.add_series(series.name, series.values)
    chart_space = parse_xml(chart_data.xml_bytes(_CHART_TYPES[drawn.kind]))
    style_chart(Chart(chart_space, None), drawn, language=language, text_size_pt=text_size_pt)
    _frame(chart_space)
    _link_workbook(chart_space)
    xml = etree.tostring(chart_space, xml_declaration=True, encoding="UTF-8", standalone=True)
    return NativeChart(
        xml=xml,
        workbook=_workbook(drawn, created_on),
        unit_note=unit_note(spec, drawn, language),
    )


def has_drawable_values(spec: ChartSpec, language: Language) -> bool:
    """Whether a chart has anything to draw."""
    if spec.kind is ChartKind.PIE:
        return bool(pie_slices(spec, language))
    return bool(drawable_values(spec))


def drawable_spec(spec: ChartSpec, language: Language) -> ChartSpec:
    """Return the chart as native parts can hold it.

    Names are clean, values finite, small slices of a pie folded into one. Large Korean values are
    divided, with the unit that they then have: axis formats know no 억.
    """
    drawn = _sliced(spec, language) if spec.kind is ChartKind.PIE else _cleaned(spec)
    values = drawable_values(drawn)
    if language != "ko" or not values:
        return drawn
    largest = max(map(abs, values))
    scaled = korean_unit(spec, largest)
    return drawn if scaled is None else _divided(drawn, *scaled, largest=largest)


def unit_note(spec: ChartSpec, drawn: ChartSpec, language: Language) -> str:
    """Say the unit that division gave a chart's values; empty where nothing was divided."""
    return f"단위: {drawn.unit}" if language == "ko" and drawn.unit != spec.unit else ""


def _sliced(spec: ChartSpec, language: Language) -> ChartSpec:
    slices = pie_slices(spec, language)
    name = clean_line(spec.series[0].name) if spec.series else ""
    series = ChartSeries(name=name, values=tuple(value for _, value in slices))
    categories = tuple(category for category, _ in slices)
    return spec.model_copy(update={"categories": categories, "series": (series,)})


def _cleaned(spec: ChartSpec) -> ChartSpec:
    series = tuple(
        ChartSeries(name=clean_line(one.name), values=tuple(map(drawable, one.values)))
        for one in spec.series
    )
    return spec.model_copy(
        update={"categories": tuple(map(clean_line, spec.categories)), "series": series}
    )


def _divided(spec: ChartSpec, divisor: float, unit: str, *, largest: float) -> ChartSpec:
    series = tuple(
        ChartSeries(
            name=one.name,
            values=tuple(None if value is None else value / divisor for value in one.values),
        )
        for one in spec.series
    )
    code = "#,##0" if largest / divisor >= 1000 else "#,##0.0"
    return spec.model_copy(update={"series": series, "unit": unit, "number_format": code})


def _frame(chart_space: etree._Element) -> None:
    """Square corners, no fill and no border: the page shows through."""
    chart = chart_space.find(f"{{{_CHART_NAMESPACE}}}chart")
    if chart is None:
        return
    for old in chart_space.findall(f"{{{_CHART_NAMESPACE}}}roundedCorners"):
        chart_space.remove(old)
    corners = chart_space.makeelement(f"{{{_CHART_NAMESPACE}}}roundedCorners", {"val": "0"})
    date_system = chart_space.find(f"{{{_CHART_NAMESPACE}}}date1904")
    if date_system is None:
        chart_space.insert(0, corners)
    else:
        date_system.addnext(corners)
    chart.addnext(etree.fromstring(_NO_FRAME))


def _link_workbook(chart_space: etree._Element) -> None:
    link = etree.SubElement(chart_space, f"{{{_CHART_NAMESPACE}}}externalData")
    link.set(f"{{{_RELATIONSHIP_NAMESPACE}}}id", WORKBOOK_RELATIONSHIP_ID)
    update = etree.SubElement(link, f"{{{_CHART_NAMESPACE}}}autoUpdate")
    update.set("val", "0")


def _workbook(spec: ChartSpec, created_on: date) -> bytes:
    """Write the values where the chart XML says they are: names in row 1 and column A."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": datetime.combine(created_on, time(), tzinfo=UTC)})
    number = workbook.add_format({"num_format": spec.number_format})
    sheet = workbook.add_worksheet("Sheet1")
    for row, category in enumerate(spec.categories, start=1):
        sheet.write_string(row, 0, category)
    for column, series in enumerate(spec.series, start=1):
        sheet.write_string(0, column, series.name)
        for row, value in enumerate(series.values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, number)
    workbook.close()
    return buffer.getvalue()
