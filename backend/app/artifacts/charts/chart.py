"""A chart specification as one SVG element."""

from collections.abc import Callable, Mapping

from app.artifacts.blocks import ChartKind, ChartSpec
from app.artifacts.characters import clean_line
from app.artifacts.charts.bars import draw_bars, draw_columns
from app.artifacts.charts.canvas import Box, SvgCanvas, TextStyle
from app.artifacts.charts.lines import draw_lines
from app.artifacts.charts.pie import draw_no_data, draw_pie
from app.artifacts.charts.scale import drawable_values
from app.artifacts.charts.wording import chart_title
from app.artifacts.text_width import em_width, truncate_text, wrap_text
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

_Drawer = Callable[[SvgCanvas, Box, ChartSpec, Language], None]
_DRAWERS: Mapping[ChartKind, _Drawer] = {
    ChartKind.COLUMN: draw_columns,
    ChartKind.BAR: draw_bars,
    ChartKind.LINE: draw_lines,
    ChartKind.PIE: draw_pie,
}
DEFAULT_WIDTH = 640
_DEFAULT_HEIGHT = 320
_MARGIN = 12.0
_TITLE_SIZE = 14.0
_LEGEND_SIZE = 11.0
_LEGEND_NAME_EM = 22.0
_PALETTE = HOUSE_THEME.palette
_TITLE_STYLE = TextStyle(size=_TITLE_SIZE, colour=_PALETTE.title, bold=True)
_LEGEND_STYLE = TextStyle(size=_LEGEND_SIZE, colour=_PALETTE.text)


def chart_svg(
    spec: ChartSpec, *, language: Language, width: int = DEFAULT_WIDTH, height: int | None = None
) -> str:
    """Draw a chart as a self-contained, accessible `<svg>` element.

    Without a `height` the chart takes what it needs: flat bars grow with their number. Values that
    are not finite leave a gap; a chart with no value at all says so.
    """
    canvas = SvgCanvas(width, height or natural_height(spec))
    area = _draw_legend(canvas, _draw_title(canvas, spec), spec)
    draw = _DRAWERS[spec.kind]
    if drawable_values(spec):
        draw(canvas, area, spec, language)
    else:
        draw_no_data(canvas, area, language)
    return canvas.to_svg(title=spec.title, description=spec.alt_text or spec.title)


def natural_height(spec: ChartSpec) -> int:
    """Return the height in pixels in which a chart reads well."""
    if spec.kind is not ChartKind.BAR:
        return _DEFAULT_HEIGHT
    band_px = 18 + 13 * max(len(spec.series), 1)
    return max(200, min(80 + band_px * len(spec.categories), 1400))


def _draw_title(canvas: SvgCanvas, spec: ChartSpec) -> Box:
    room_em = (canvas.width - 2 * _MARGIN) / _TITLE_SIZE / 1.05
    lines = wrap_text(chart_title(spec), room_em)
    if len(lines) > 2:
        lines = (lines[0], truncate_text(" ".join(lines[1:]), room_em))
    top = _MARGIN
    for line in filter(None, lines):
        canvas.text((_MARGIN, top + _TITLE_SIZE), line, _TITLE_STYLE)
        top += _TITLE_SIZE * 1.35
    top += 4
    return Box(
        x=_MARGIN, y=top, width=canvas.width - 2 * _MARGIN, height=canvas.height - top - _MARGIN
    )


def _draw_legend(canvas: SvgCanvas, area: Box, spec: ChartSpec) -> Box:
    if len(spec.series) < 2 or spec.kind is ChartKind.PIE:
        return area
    x, y = area.x, area.y + 12
    for index, series in enumerate(spec.series):
        name = truncate_text(clean_line(series.name), _LEGEND_NAME_EM)
        needed = em_width(name) * _LEGEND_SIZE + 32
        if x > area.x and x + needed > area.right:
            x, y = area.x, y + 17
        canvas.rectangle(Box(x=x, y=y - 9, width=10, height=10), HOUSE_THEME.series_colour(index))
        canvas.text((x + 15, y), name, _LEGEND_STYLE)
        x += needed
    used = y + 8 - area.y
    return Box(x=area.x, y=area.y + used, width=area.width, height=max(area.height - used, 60.0))
