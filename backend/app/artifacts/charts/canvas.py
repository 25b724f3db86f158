"""A small SVG writer: shapes in, one escaped and self-contained `<svg>` element out."""

from dataclasses import dataclass
from html import escape
from typing import Literal

from app.artifacts.characters import clean_line, clean_text
from app.artifacts.themes import HOUSE_THEME, css

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
FONT_FAMILIES = (
    HOUSE_THEME.latin_font,
    HOUSE_THEME.east_asian_font,
    "Apple SD Gothic Neo",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "DejaVu Sans",
    "sans-serif",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels, from its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The bottom edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStyle:
    """How a text is drawn.

    `rotation` is in degrees around the text's own point; a halo keeps it readable on a line.
    """

    size: float = 11.0
    colour: str = HOUSE_THEME.palette.text
    anchor: Anchor = "start"
    bold: bool = False
    rotation: float = 0.0
    has_halo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """How a line is drawn."""

    colour: str
    width: float = 1.0
    dashed: bool = False


class SvgCanvas:
    """Collects shapes and writes them as SVG."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []

    def rectangle(self, box: Box, fill: str) -> None:
        """Draw a filled rectangle."""
        place = f'x="{_px(box.x)}" y="{_px(box.y)}"'
        size = f'width="{_px(max(box.width, 0))}" height="{_px(max(box.height, 0))}"'
        self._parts.append(f'<rect {place} {size} fill="{css(fill)}"/>')

    def line(self, start: Point, end: Point, stroke: Stroke) -> None:
        """Draw a straight line."""
        ends = f'x1="{_px(start[0])}" y1="{_px(start[1])}" x2="{_px(end[0])}" y2="{_px(end[1])}"'
        self._parts.append(f"<line {ends} {_stroke(stroke)}/>")

    def circle(self, centre: Point, radius: float, fill: str) -> None:
        """Draw a filled circle."""
        place = f'cx="{_px(centre[0])}" cy="{_px(centre[1])}" r="{_px(radius)}"'
        self._parts.append(f'<circle {place} fill="{css(fill)}"/>')

    def path(self, outline: str, fill: str) -> None:
        """Draw a filled path, with a thin white edge that parts it from its neighbours."""
        edge = _stroke(Stroke(colour=HOUSE_THEME.palette.white, width=1.5))
        self._parts.append(f'<path d="{outline}" fill="{css(fill)}" {edge}/>')

    def text(self, place: Point, text: str, style: TextStyle) -> None:
        """Draw one line of text; `place` is on its baseline."""
        x, y = _px(place[0]), _px(place[1])
        attributes = [f'x="{x}" y="{y}" font-size="{_px(style.size)}" fill="{css(style.colour)}"']
        if style.anchor != "start":
            attributes.append(f'text-anchor="{style.anchor}"')
        if style.bold:
            attributes.append('font-weight="700"')
        if style.has_halo:
            attributes.append('stroke="#FFFFFF" stroke-width="3" paint-order="stroke"')
        if style.rotation:
            attributes.append(f'transform="rotate({_px(style.rotation)} {x} {y})"')
        self._parts.append(f"<text {' '.join(attributes)}>{escape(clean_line(text))}</text>")

    def to_svg(self, *, title: str, description: str) -> str:
        """Write the element, named by `title` and described in words by `description`."""
        families = ", ".join(f"'{name}'" if " " in name else name for name in FONT_FAMILIES)
        label = escape(clean_text(description).replace("\n", " "), quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" '
            f'viewBox="0 0 {_px(self.width)} {_px(self.height)}" width="{_px(self.width)}" '
            f'height="{_px(self.height)}" font-family="{families}">'
            f"<title>{escape(clean_line(title))}</title>{''.join(self._parts)}</svg>"
        )


def _stroke(stroke: Stroke) -> str:
    dash = ' stroke-dasharray="5 4"' if stroke.dashed else ""
    return f'stroke="{css(stroke.colour)}" stroke-width="{_px(stroke.width)}"{dash}'


def _px(value: float) -> str:
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown
