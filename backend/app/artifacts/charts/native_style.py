"""The house style for native charts, applied to a python-pptx chart."""

from lxml import etree
from pptx.chart.chart import Chart
from pptx.dml.color import RGBColor
from pptx.dml.fill import FillFormat
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.text.text import Font
from pptx.util import Pt

from app.artifacts.blocks import ChartKind, ChartSpec
from app.artifacts.charts.scale import drawable_values, value_scale, with_label_room
from app.artifacts.charts.wording import is_percent, tick_format_code
from app.artifacts.formatting import format_by_code, format_compact
from app.artifacts.text_width import width_pt
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

_LABELLED_POINTS = 16
_PLOT_WIDTH_PT = 400.0
_COMPACT_LABELS_FROM = 1e6
_PALETTE = HOUSE_THEME.palette


def style_chart(
    chart: Chart, spec: ChartSpec, *, language: Language, text_size_pt: float = 9.0
) -> None:
    """Give a chart the house colours, axes, labels and legend; the caller writes the title."""
    chart.has_title = False
    chart.font.size = Pt(text_size_pt)
    set_font(chart.font, _PALETTE.text)
    _style_legend(chart, spec)
    if spec.kind is ChartKind.PIE:
        _style_pie(chart, spec)
        return
    _style_category_axis(chart, spec)
    _style_value_axis(chart, spec, language)
    if spec.kind is ChartKind.LINE:
        _style_lines(chart, spec)
    else:
        _style_bars(chart, spec)
    _style_labels(chart, spec, language)


def set_font(font: Font, colour: str) -> None:
    """Name the house fonts for all scripts, and the colour."""
    font.color.rgb = RGBColor.from_string(colour)
    font.name = HOUSE_THEME.latin_font
    properties = font._rPr  # noqa: SLF001 - python-pptx has no public way to the other scripts
    for tag in ("a:cs", "a:ea"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    latin = properties.get_or_add_latin()
    latin.addnext(_typeface(properties, "a:cs", HOUSE_THEME.latin_font))
    latin.addnext(_typeface(properties, "a:ea", HOUSE_THEME.east_asian_font))


def _typeface(parent: etree._Element, tag: str, name: str) -> etree._Element:
    return parent.makeelement(qn(tag), {"typeface": name})


def _style_legend(chart: Chart, spec: ChartSpec) -> None:
    is_pie = spec.kind is ChartKind.PIE
    chart.has_legend = is_pie or len(spec.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.RIGHT if is_pie else XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False


def _style_pie(chart: Chart, spec: ChartSpec) -> None:
    plot = chart.plots[0]
    plot.vary_by_categories = True
    series = plot.series[0]
    for index in range(len(spec.categories)):
        point = series.points[index].format
        _fill(point.fill, HOUSE_THEME.series_colour(index))
        point.line.color.rgb = RGBColor.from_string(_PALETTE.white)
        point.line.width = Pt(1)
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_percentage, labels.show_value = True, False
    labels.number_format, labels.number_format_is_linked = "0%", False
    labels.position = XL_LABEL_POSITION.CENTER
    labels.font.bold = True
    set_font(labels.font, _PALETTE.white)


def _style_category_axis(chart: Chart, spec: ChartSpec) -> None:
    axis = chart.category_axis
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = RGBColor.from_string("94A3B8")
    axis.format.line.width = Pt(0.75)
    if spec.kind is ChartKind.BAR:
        axis.reverse_order = True
        crossing = chart.value_axis._element.crosses  # noqa: SLF001 - the API sets the other axis
        crossing.val = XL_AXIS_CROSSES.MAXIMUM


def _style_value_axis(chart: Chart, spec: ChartSpec, language: Language) -> None:
    scale = with_label_room(
        value_scale(spec), drawable_values(spec), share=0.1 if spec.kind is ChartKind.BAR else 0.08
    )
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = scale.low, scale.high
    axis.major_unit = scale.ticks[1] - scale.ticks[0]
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(_PALETTE.grid)
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.NEXT_TO_AXIS
    axis.format.line.fill.background()
    axis.tick_labels.number_format = tick_format_code(scale, spec, language)
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.size = chart.font.size
    set_font(axis.tick_labels.font, _PALETTE.muted)


def _style_bars(chart: Chart, spec: ChartSpec) -> None:
    plot = chart.plots[0]
    plot.gap_width = 60 if len(spec.series) == 1 else 70
    plot.overlap = 0 if len(spec.series) == 1 else -4
    plot.vary_by_categories = False
    for series_index, series in enumerate(plot.series):
        series.invert_if_negative = False
        _fill(series.format.fill, HOUSE_THEME.series_colour(series_index))
        for index in _light_indices(spec):
            light = HOUSE_THEME.series_colour(series_index, light=True)
            _fill(series.points[index].format.fill, light)


def _style_lines(chart: Chart, spec: ChartSpec) -> None:
    for series_index, series in enumerate(chart.plots[0].series):
        colour = HOUSE_THEME.series_colour(series_index)
        series.smooth = False
        series.format.line.color.rgb = RGBColor.from_string(colour)
        series.format.line.width = Pt(2.25)
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 6
        _fill(series.marker.format.fill, colour)
        series.marker.format.line.fill.background()
        for index in _light_indices(spec):
            point = series.points[index]
            point.format.line.color.rgb = RGBColor.from_string(colour)
            point.format.line.width = Pt(2.25)
            point.format.line.dash_style = MSO_LINE.DASH
            _fill(point.marker.format.fill, HOUSE_THEME.series_colour(series_index, light=True))


def _style_labels(chart: Chart, spec: ChartSpec, language: Language) -> None:
    code = _label_code(spec, language)
    if not _has_room_for_labels(spec, code, chart.font.size.pt):
        return
    plot = chart.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = code, False
    is_line = spec.kind is ChartKind.LINE
    labels.position = XL_LABEL_POSITION.ABOVE if is_line else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = chart.font.size
    set_font(labels.font, _PALETTE.strong)


def _has_room_for_labels(spec: ChartSpec, code: str, size_pt: float) -> bool:
    values = drawable_values(spec)
    is_crowded_line = spec.kind is ChartKind.LINE and len(spec.series) > 1
    if len(values) > _LABELLED_POINTS or is_crowded_line:
        return False
    shown = [_shown(value, code) for value in values]
    if any(
        value and not set(label) & set("123456789")
        for value, label in zip(values, shown, strict=True)
    ):
        return False
    if spec.kind is ChartKind.BAR:
        return True
    slot_pt = _PLOT_WIDTH_PT / len(spec.categories) / (1 + 0.35 * (len(spec.series) - 1))
    slot_pt /= max(1.0, len(spec.series) / 1.5)
    return max(width_pt(label, size_pt) for label in shown) <= slot_pt


def _shown(value: float, code: str) -> str:
    return format_compact(value, "en") if '"' in code else format_by_code(value, code)


def _label_code(spec: ChartSpec, language: Language) -> str:
    scale = value_scale(spec)
    is_small = max(abs(scale.low), abs(scale.high)) < _COMPACT_LABELS_FROM
    if is_percent(spec) or is_small or language == "ko":
        return spec.number_format
    code = tick_format_code(scale, spec, language)
    return code if "." in code else code.replace("#,##0", "#,##0.0", 1)


def _light_indices(spec: ChartSpec) -> range:
    start = len(spec.categories) if spec.emphasis_from is None else max(spec.emphasis_from, 0)
    return range(start, len(spec.categories))


def _fill(fill: FillFormat, colour: str) -> None:
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(colour)
