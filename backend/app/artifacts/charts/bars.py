"""Columns (upright) and bars (flat), side by side where there are several series."""

from dataclasses import dataclass

from app.artifacts.blocks import ChartSpec
from app.artifacts.characters import clean_line
from app.artifacts.charts.axes import (
    BASELINE,
    GRID,
    VALUE_SIZE,
    draw_baseline,
    draw_upright_axes,
    is_light,
    points_of,
)
from app.artifacts.charts.canvas import Box, SvgCanvas, TextStyle
from app.artifacts.charts.categories import LABEL_SIZE, LINE_PX
from app.artifacts.charts.scale import Scale, drawable_values, value_scale
from app.artifacts.charts.wording import axis_labels, value_labels
from app.artifacts.text_width import em_width, truncate_text, width_pt, wrap_text
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

_GROUP_SHARE = 0.62
_MAX_COLUMN_PX = 64.0
_MAX_BAR_PX = 28.0
_LABEL_SHARE = 0.34
_PALETTE = HOUSE_THEME.palette
_VALUE_STYLE = TextStyle(size=VALUE_SIZE, colour=_PALETTE.strong, anchor="middle")
_NAME_STYLE = TextStyle(size=LABEL_SIZE, colour=_PALETTE.text, anchor="end")
_TICK_STYLE = TextStyle(size=LABEL_SIZE, colour=_PALETTE.muted, anchor="middle")


def draw_columns(canvas: SvgCanvas, area: Box, spec: ChartSpec, language: Language) -> None:
    """Draw a column chart into `area`."""
    plot = draw_upright_axes(canvas, area, spec, language)
    count = len(spec.series)
    column_px = min(plot.band_px * _GROUP_SHARE / count, _MAX_COLUMN_PX)
    slot_px = column_px * 1.1 if count > 1 else plot.band_px * 0.95
    base_y = plot.y(plot.base_value)
    labels = _labels_by_value(spec, language, slot_px)
    for series_index in range(count):
        offset = (series_index - count / 2) * column_px
        for index, value in points_of(spec, series_index):
            x, y = plot.centre_x(index) + offset, plot.y(value)
            colour = HOUSE_THEME.series_colour(series_index, light=is_light(spec, index))
            box = Box(x=x, y=min(y, base_y), width=column_px * 0.96, height=abs(base_y - y))
            canvas.rectangle(box, colour)
            if labels:
                label_y = y - 5 if value >= 0 else y + VALUE_SIZE + 2
                canvas.text((x + column_px * 0.48, label_y), labels[value], _VALUE_STYLE)
    draw_baseline(canvas, plot)


def draw_bars(canvas: SvgCanvas, area: Box, spec: ChartSpec, language: Language) -> None:
    """Draw a chart of flat bars into `area`, the first category on top."""
    layout = _bar_layout(area, spec, language)
    _draw_bar_axis(canvas, layout, spec, language)
    count = len(spec.series)
    bar_px = min(layout.band_px * 0.66 / count, _MAX_BAR_PX)
    labels = layout.labels if bar_px >= VALUE_SIZE - 2 else None
    zero_x = layout.x(0.0)
    for series_index in range(count):
        offset = (series_index - count / 2) * bar_px
        for index, value in points_of(spec, series_index):
            y, end_x = layout.centre_y(index) + offset, layout.x(value)
            colour = HOUSE_THEME.series_colour(series_index, light=is_light(spec, index))
            box = Box(x=min(zero_x, end_x), y=y, width=abs(end_x - zero_x), height=bar_px * 0.94)
            canvas.rectangle(box, colour)
            if labels:
                _draw_bar_value(canvas, (end_x, y + bar_px * 0.47), value, labels[value])
    canvas.line((zero_x, layout.box.y), (zero_x, layout.box.bottom), BASELINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _BarLayout:
    box: Box
    scale: Scale
    band_px: float
    name_px: float
    labels: dict[float, str] | None

    def x(self, value: float) -> float:
        return self.box.x + self.scale.share(value) * self.box.width

    def centre_y(self, index: int) -> float:
        return self.box.y + (index + 0.5) * self.band_px


def _bar_layout(area: Box, spec: ChartSpec, language: Language) -> _BarLayout:
    scale = value_scale(spec, tick_count=5)
    widest_px = max(em_width(clean_line(name)) for name in spec.categories) * LABEL_SIZE
    name_px = min(widest_px + 12, area.width * _LABEL_SHARE)
    labels = _labels_by_value(spec, language, area.width * 0.2)
    value_px = max((width_pt(text, VALUE_SIZE) for text in (labels or {}).values()), default=0) + 8
    left = value_px if scale.low < 0 else 0.0
    box = Box(
        x=area.x + name_px + left,
        y=area.y + 4,
        width=max(area.width - name_px - left - value_px, 40.0),
        height=area.height - LINE_PX - 14,
    )
    band_px = box.height / len(spec.categories)
    return _BarLayout(box=box, scale=scale, band_px=band_px, name_px=name_px, labels=labels)


def _draw_bar_axis(
    canvas: SvgCanvas, layout: _BarLayout, spec: ChartSpec, language: Language
) -> None:
    box = layout.box
    ticks = axis_labels(layout.scale, spec, language)
    pitch = box.width / max(len(ticks) - 1, 1)
    every = 1 if max(width_pt(tick, LABEL_SIZE) for tick in ticks) + 8 <= pitch else 2
    for position, (value, label) in enumerate(zip(layout.scale.ticks, ticks, strict=True)):
        x = layout.x(value)
        canvas.line((x, box.y), (x, box.bottom), GRID)
        if position % every == 0:
            canvas.text((x, box.bottom + LINE_PX + 2), label, _TICK_STYLE)
    every_name = max(1, round(12.0 / layout.band_px + 0.49))
    for index in range(0, len(spec.categories), every_name):
        _draw_bar_name(canvas, layout, index, clean_line(spec.categories[index]))


def _draw_bar_name(canvas: SvgCanvas, layout: _BarLayout, index: int, name: str) -> None:
    room_em = (layout.name_px - 10) / LABEL_SIZE
    lines = wrap_text(name, room_em)
    fitting = max(1, int(layout.band_px // 13))
    if len(lines) > fitting:
        lines = (*lines[: fitting - 1], truncate_text(" ".join(lines[fitting - 1 :]), room_em))
    x = layout.box.x - 8 - _negative_room(layout)
    top = layout.centre_y(index) - (len(lines) - 1) * 6.5 + LABEL_SIZE * 0.36
    for row, line in enumerate(lines):
        canvas.text((x, top + row * 13), line, _NAME_STYLE)


def _negative_room(layout: _BarLayout) -> float:
    if layout.scale.low >= 0:
        return 0.0
    return max((width_pt(text, VALUE_SIZE) for text in (layout.labels or {}).values()), default=0)


def _draw_bar_value(canvas: SvgCanvas, end: tuple[float, float], value: float, label: str) -> None:
    side = 1 if value >= 0 else -1
    anchor: TextStyle = TextStyle(
        size=VALUE_SIZE, colour=_PALETTE.strong, anchor="start" if side > 0 else "end"
    )
    canvas.text((end[0] + 5 * side, end[1] + VALUE_SIZE * 0.36), label, anchor)


def _labels_by_value(
    spec: ChartSpec, language: Language, slot_px: float
) -> dict[float, str] | None:
    values = drawable_values(spec)
    labels = value_labels(values, spec, language, slot_px=slot_px, size=VALUE_SIZE)
    return None if labels is None else dict(zip(values, labels, strict=True))
