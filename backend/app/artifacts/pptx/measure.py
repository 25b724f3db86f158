"""Measure the text of a finished slide: does it fit the shape that it stands in?"""

from collections.abc import Iterator
from dataclasses import dataclass

from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Length

from app.artifacts.pptx.geometry import LINE_HEIGHT
from app.artifacts.text_width import line_count

_POINT = 12_700
_USUAL_SIZE = 18.0
_TOLERANCE = 1.5
_SIDE_INSET, _TOP_INSET = 91_440, 45_720


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """Where a shape stands, in points."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Rectangle") -> bool:
        """Whether two rectangles share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > _TOLERANCE and down > _TOLERANCE

    def is_inside(self, width: float, height: float) -> bool:
        """Whether it lies on the slide."""
        low, high = -_TOLERANCE, _TOLERANCE
        return (
            self.left >= low
            and self.top >= low
            and self.right <= width + high
            and self.bottom <= height + high
        )

    @property
    def area(self) -> float:
        """The area, in square points."""
        return max(self.right - self.left, 0) * max(self.bottom - self.top, 0)


def rectangle(shape: BaseShape) -> Rectangle:
    """Return where a shape stands."""
    left, top = points(shape.left), points(shape.top)
    return Rectangle(
        left=left, top=top, right=left + points(shape.width), bottom=top + points(shape.height)
    )


def points(length: Length | int | None) -> float:
    """Return a length in points."""
    return (length or 0) / _POINT


def text_shapes(slide: Slide) -> Iterator[tuple[BaseShape, TextFrame]]:
    """Yield the shapes of a slide that hold text."""
    for shape in slide.shapes:
        if isinstance(shape, Shape) and shape.text_frame.text.strip():
            yield shape, shape.text_frame


def has_content(shape: BaseShape) -> bool:
    """Whether a shape is read: text, a table or a chart, not decoration."""
    if isinstance(shape, Shape):
        return bool(shape.text_frame.text.strip())
    return isinstance(shape, GraphicFrame)


def overflow(frame: TextFrame, width: float, height: float) -> float:
    """Return by how many points the text is higher than its shape; 0 where it fits."""
    left, top, right, bottom = _insets(frame)
    needed = frame_height(frame, width - left - right)
    excess = needed - (height - top - bottom)
    return excess if excess > _TOLERANCE else 0.0


def frame_height(frame: TextFrame, width: float) -> float:
    """Return the height of a frame's text at a width, in points."""
    heights = (
        _paragraph_height(paragraph, width, is_first=place == 0)
        for place, paragraph in enumerate(frame.paragraphs)
    )
    return sum(heights)


def table_overflow(frame: GraphicFrame) -> float:
    """Return by how many points a table grows when its rows take their text."""
    grown = 0.0
    table = frame.table
    widths = [points(table.columns[place].width) for place in range(len(table.columns))]
    for row in table.rows:
        needed = max(
            frame_height(
                cell.text_frame,
                width - points(cell.margin_left) - points(cell.margin_right),
            )
            + points(cell.margin_top)
            + points(cell.margin_bottom)
            for cell, width in zip(row.cells, widths, strict=True)
        )
        grown += max(needed - points(row.height), 0.0)
    return grown if grown > _TOLERANCE else 0.0


def bullet_count(frame: TextFrame) -> int:
    """Return how many paragraphs have a bullet."""
    return sum(
        paragraph._p.find(f"{qn('a:pPr')}/{qn('a:buChar')}") is not None  # noqa: SLF001 - see bullets
        for paragraph in frame.paragraphs
    )


def _paragraph_height(paragraph: _Paragraph, width: float, *, is_first: bool) -> float:
    element = paragraph._p  # noqa: SLF001 - runs leave out fields
    sizes = [int(size) / 100 for size in element.xpath("./*/a:rPr/@sz")]
    size = max(sizes, default=_USUAL_SIZE)
    text = "".join(str(piece) for piece in element.xpath("./*/a:t/text()"))
    lines = line_count(text, max(width - _indent(paragraph), size) / size)
    before = 0.0 if is_first else points(paragraph.space_before)
    return lines * _line_height(paragraph, size) + before + points(paragraph.space_after)


def _line_height(paragraph: _Paragraph, size: float) -> float:
    spacing = paragraph.line_spacing
    if spacing is None:
        return size * LINE_HEIGHT
    if isinstance(spacing, float):
        return size * LINE_HEIGHT * spacing
    return max(points(spacing), size)


def _indent(paragraph: _Paragraph) -> float:
    properties = paragraph._p.pPr  # noqa: SLF001 - python-pptx has no public way to indents
    return points(int(properties.get("marL", "0"))) if properties is not None else 0.0


def _insets(frame: TextFrame) -> tuple[float, float, float, float]:
    body = frame._txBody.bodyPr  # noqa: SLF001 - the public margins hide inherited ones
    usual = {"lIns": _SIDE_INSET, "tIns": _TOP_INSET, "rIns": _SIDE_INSET, "bIns": _TOP_INSET}
    values = [points(int(body.get(side, str(inset)))) for side, inset in usual.items()]
    return values[0], values[1], values[2], values[3]
