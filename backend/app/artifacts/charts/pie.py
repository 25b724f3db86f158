"""Pie charts: shares of the first series, with the names and shares in a list beside it."""

import math

from app.artifacts.blocks import ChartSpec
from app.artifacts.characters import clean_line
from app.artifacts.charts.canvas import Box, Point, SvgCanvas, TextStyle
from app.artifacts.charts.scale import drawable
from app.artifacts.charts.wording import OTHER, no_data_text
from app.artifacts.formatting import format_by_code, format_percent
from app.artifacts.text_width import truncate_text, width_pt
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

MAX_SLICES = 8
_SMALLEST_LABELLED = 0.06
_SIZE = 11.5
_PALETTE = HOUSE_THEME.palette
_NAME_STYLE = TextStyle(size=_SIZE, colour=_PALETTE.text)
_VALUE_STYLE = TextStyle(size=_SIZE, colour=_PALETTE.strong, anchor="end", bold=True)
_SHARE_STYLE = TextStyle(size=_SIZE, colour=_PALETTE.white, anchor="middle", bold=True)
_NONE_STYLE = TextStyle(size=13, colour=_PALETTE.muted, anchor="middle")


def pie_slices(spec: ChartSpec, language: Language) -> tuple[tuple[str, float], ...]:
    """Return the slices of a pie: the positive values of the first series, in their order.

    Beyond eight, the smallest are added up to one slice called "Other", at the end.
    """
    values = map(drawable, spec.series[0].values if spec.series else ())
    slices = [
        (clean_line(name), value)
        for name, value in zip(spec.categories, values, strict=False)
        if value is not None and value > 0
    ]
    if len(slices) <= MAX_SLICES:
        return tuple(slices)
    largest = set(sorted(range(len(slices)), key=lambda at: -slices[at][1])[: MAX_SLICES - 1])
    rest = sum(value for at, (_, value) in enumerate(slices) if at not in largest)
    kept = [part for at, part in enumerate(slices) if at in largest]
    return (*kept, (OTHER[language], rest))


def draw_pie(canvas: SvgCanvas, area: Box, spec: ChartSpec, language: Language) -> None:
    """Draw a pie chart into `area`."""
    slices = pie_slices(spec, language)
    total = sum(value for _, value in slices)
    if total <= 0:
        draw_no_data(canvas, area, language)
        return
    radius = max(min(area.height / 2 - 8, area.width * 0.24), 20.0)
    centre = (area.x + area.width * 0.28, area.y + area.height / 2)
    start = 0.0
    for index, (_, value) in enumerate(slices):
        share = value / total
        _draw_slice(canvas, centre, radius, (start, start + share), index)
        if share >= _SMALLEST_LABELLED:
            reach = radius * 0.66 if share < 1 else 0.0
            x, y = _on_circle(centre, reach, start + share / 2)
            canvas.text((x, y + _SIZE * 0.36), format_percent(share), _SHARE_STYLE)
        start += share
    list_box = Box(
        x=area.x + area.width * 0.58, y=area.y, width=area.width * 0.4, height=area.height
    )
    _draw_list(canvas, list_box, slices, spec)


def draw_no_data(canvas: SvgCanvas, area: Box, language: Language) -> None:
    """Say that there is nothing to draw."""
    place = (area.x + area.width / 2, area.y + area.height / 2)
    canvas.text(place, no_data_text(language), _NONE_STYLE)


def _draw_slice(
    canvas: SvgCanvas, centre: Point, radius: float, turn: tuple[float, float], index: int
) -> None:
    colour = HOUSE_THEME.series_colour(index)
    start, end = turn
    if end - start >= 0.9999:
        canvas.circle(centre, radius, colour)
        return
    (x1, y1), (x2, y2) = _on_circle(centre, radius, start), _on_circle(centre, radius, end)
    large = 1 if end - start > 0.5 else 0
    canvas.path(
        f"M{centre[0]:.2f} {centre[1]:.2f}L{x1:.2f} {y1:.2f}"
        f"A{radius:.2f} {radius:.2f} 0 {large} 1 {x2:.2f} {y2:.2f}Z",
        colour,
    )


def _on_circle(centre: Point, radius: float, turn: float) -> Point:
    angle = 2 * math.pi * turn - math.pi / 2
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _draw_list(
    canvas: SvgCanvas, box: Box, slices: tuple[tuple[str, float], ...], spec: ChartSpec
) -> None:
    pitch = min(26.0, box.height / len(slices))
    top = box.y + (box.height - pitch * len(slices)) / 2 + pitch / 2
    for index, (name, value) in enumerate(slices):
        y = top + index * pitch
        shown = format_by_code(value, spec.number_format)
        room_em = (box.width - 26 - width_pt(shown, _SIZE)) / _SIZE
        swatch = Box(x=box.x, y=y - 5, width=10, height=10)
        canvas.rectangle(swatch, HOUSE_THEME.series_colour(index))
        place = (box.x + 17, y + _SIZE * 0.36)
        canvas.text(place, truncate_text(name, max(room_em, 2.0)), _NAME_STYLE)
        canvas.text((box.right, y + _SIZE * 0.36), shown, _VALUE_STYLE)
