"""The parts that column, bar and line charts share: grid, ticks, category labels, colours."""

from dataclasses import dataclass

from app.artifacts.blocks import ChartSpec
from app.artifacts.charts.canvas import Box, Stroke, SvgCanvas, TextStyle
from app.artifacts.charts.categories import (
    LABEL_SIZE,
    LINE_PX,
    ROTATION_DEGREES,
    CategoryLabels,
    layout_categories,
)
from app.artifacts.charts.scale import Scale, drawable, value_scale
from app.artifacts.charts.wording import axis_labels
from app.artifacts.text_width import width_pt
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

VALUE_SIZE = 10.5
VALUE_ROOM_PX = 16.0
_PALETTE = HOUSE_THEME.palette
_TICK_STYLE = TextStyle(size=LABEL_SIZE, colour=_PALETTE.muted, anchor="end")
_CATEGORY_STYLE = TextStyle(size=LABEL_SIZE, colour=_PALETTE.text, anchor="middle")
_ROTATED_STYLE = TextStyle(
    size=LABEL_SIZE, colour=_PALETTE.text, anchor="end", rotation=ROTATION_DEGREES
)
GRID = Stroke(colour=_PALETTE.grid)
BASELINE = Stroke(colour="94A3B8", width=1.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class UprightPlot:
    """The plot area of a chart whose values go up: where things stand, in pixels."""

    box: Box
    scale: Scale
    band_px: float

    def y(self, value: float) -> float:
        """Return the height of a value."""
        return self.box.bottom - self.scale.share(value) * self.box.height

    def centre_x(self, index: int) -> float:
        """Return the middle of a category's band."""
        return self.box.x + (index + 0.5) * self.band_px

    @property
    def base_value(self) -> float:
        """The value at which columns start: zero, or the end of the axis nearest to it."""
        return min(max(0.0, self.scale.low), self.scale.high)


def draw_upright_axes(
    canvas: SvgCanvas, area: Box, spec: ChartSpec, language: Language
) -> UprightPlot:
    """Draw grid, ticks and category labels into `area`; return the plot area that is left."""
    scale = value_scale(spec)
    ticks = axis_labels(scale, spec, language)
    gutter = max(width_pt(label, LABEL_SIZE) for label in ticks) + 10
    band_px = (area.width - gutter) / max(len(spec.categories), 1)
    labels = layout_categories(spec.categories, band_px, first_px=area.x + gutter + band_px / 2)
    below = VALUE_ROOM_PX if scale.low < 0 else 0.0
    box = Box(
        x=area.x + gutter,
        y=area.y + VALUE_ROOM_PX,
        width=area.width - gutter,
        height=max(area.height - VALUE_ROOM_PX - below - labels.height, 20.0),
    )
    plot = UprightPlot(box=box, scale=scale, band_px=band_px)
    for value, label in zip(scale.ticks, ticks, strict=True):
        y = plot.y(value)
        canvas.line((box.x, y), (box.right, y), GRID)
        canvas.text((box.x - 8, y + LABEL_SIZE * 0.36), label, _TICK_STYLE)
    _draw_category_labels(canvas, plot, labels, top=box.bottom + below)
    return plot


def draw_baseline(canvas: SvgCanvas, plot: UprightPlot) -> None:
    """Draw the line that columns stand on."""
    y = plot.y(plot.base_value)
    canvas.line((plot.box.x, y), (plot.box.right, y), BASELINE)


def is_light(spec: ChartSpec, index: int) -> bool:
    """Whether a category is drawn lighter (a forecast)."""
    return spec.emphasis_from is not None and index >= spec.emphasis_from


def points_of(spec: ChartSpec, series_index: int) -> tuple[tuple[int, float], ...]:
    """List a series' drawable values with the index of their category."""
    values = map(drawable, spec.series[series_index].values)
    return tuple((index, value) for index, value in enumerate(values) if value is not None)


def _draw_category_labels(
    canvas: SvgCanvas, plot: UprightPlot, labels: CategoryLabels, *, top: float
) -> None:
    style = _ROTATED_STYLE if labels.is_rotated else _CATEGORY_STYLE
    for index in labels.shown():
        for row, line in enumerate(labels.lines[index]):
            place = (plot.centre_x(index), top + LINE_PX + 2 + row * LINE_PX)
            canvas.text(place, line, style)
