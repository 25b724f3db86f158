"""Charts from a specification: SVG for pages, PNG for pictures, native parts for office files."""

from app.artifacts.charts.chart import DEFAULT_WIDTH, chart_svg, natural_height
from app.artifacts.charts.native import (
    WORKBOOK_RELATIONSHIP_ID,
    NativeChart,
    drawable_spec,
    has_drawable_values,
    native_chart,
    unit_note,
)
from app.artifacts.charts.native_style import set_font, style_chart
from app.artifacts.charts.pie import pie_slices
from app.artifacts.charts.raster import (
    SYSTEM_FONTS,
    ChartFontMissing,
    FontSource,
    chart_png,
    has_hangul_font,
)
from app.artifacts.charts.wording import chart_title, korean_unit, no_data_text

__all__ = [
    "DEFAULT_WIDTH",
    "SYSTEM_FONTS",
    "WORKBOOK_RELATIONSHIP_ID",
    "ChartFontMissing",
    "FontSource",
    "NativeChart",
    "chart_png",
    "chart_svg",
    "chart_title",
    "drawable_spec",
    "has_drawable_values",
    "has_hangul_font",
    "korean_unit",
    "native_chart",
    "natural_height",
    "no_data_text",
    "pie_slices",
    "set_font",
    "style_chart",
    "unit_note",
]
