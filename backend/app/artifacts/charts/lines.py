"""Line charts: one line a series, broken where a value is missing, dashed in the forecast."""

import itertools
from collections.abc import Iterator

from app.artifacts.blocks import ChartSpec
from app.artifacts.charts.axes import (
    VALUE_SIZE,
    UprightPlot,
    draw_baseline,
    draw_upright_axes,
    is_light,
    points_of,
)
from app.artifacts.charts.canvas import Box, Point, Stroke, SvgCanvas, TextStyle
from app.artifacts.charts.scale import drawable_values
from app.artifacts.charts.wording import value_labels
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

_MARKER_LIMIT = 24
_LINE_PX = 2.4
_VALUE_STYLE = TextStyle(
    size=VALUE_SIZE, colour=HOUSE_THEME.palette.strong, anchor="middle", has_halo=True
)


def draw_lines(canvas: SvgCanvas, area: Box, spec: ChartSpec, language: Language) -> None:
    """Draw a line chart into `area`."""
    plot = draw_upright_axes(canvas, area, spec, language)
    draw_baseline(canvas, plot)
    for series_index in range(len(spec.series)):
        _draw_series(canvas, plot, spec, series_index)
    if len(spec.series) == 1:
        _draw_values(canvas, plot, spec, language)


def _draw_series(canvas: SvgCanvas, plot: UprightPlot, spec: ChartSpec, series_index: int) -> None:
    points = points_of(spec, series_index)
    colour = HOUSE_THEME.series_colour(series_index)
    for start, end, is_forecast in _segments(points, spec):
        stroke = Stroke(colour=colour, width=_LINE_PX, dashed=is_forecast)
        canvas.line(_place(plot, start), _place(plot, end), stroke)
    joined = {index for start, end, _ in _segments(points, spec) for index in (start[0], end[0])}
    for point in points:
        if len(spec.categories) <= _MARKER_LIMIT or point[0] not in joined:
            shade = HOUSE_THEME.series_colour(series_index, light=is_light(spec, point[0]))
            canvas.circle(_place(plot, point), 3.2, shade)


def _segments(
    points: tuple[tuple[int, float], ...], spec: ChartSpec
) -> Iterator[tuple[tuple[int, float], tuple[int, float], bool]]:
    for start, end in itertools.pairwise(points):
        if end[0] == start[0] + 1:
            yield start, end, is_light(spec, end[0])


def _draw_values(canvas: SvgCanvas, plot: UprightPlot, spec: ChartSpec, language: Language) -> None:
    values = drawable_values(spec)
    labels = value_labels(values, spec, language, slot_px=plot.band_px * 0.95, size=VALUE_SIZE)
    if labels is None:
        return
    for point, label in zip(points_of(spec, 0), labels, strict=True):
        x, y = _place(plot, point)
        canvas.text((x, y - 8), label, _VALUE_STYLE)


def _place(plot: UprightPlot, point: tuple[int, float]) -> Point:
    return plot.centre_x(point[0]), plot.y(point[1])
