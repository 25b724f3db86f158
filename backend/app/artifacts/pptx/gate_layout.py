"""Checks of what a viewer sees: titles, text in its boxes, nothing over anything else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.picture import Picture
from pptx.slide import Slide

from app.artifacts.pptx.geometry import SLIDE_HEIGHT, SLIDE_WIDTH
from app.artifacts.pptx.measure import (
    bullet_count,
    has_content,
    overflow,
    points,
    rectangle,
    table_overflow,
    text_shapes,
)
from app.artifacts.pptx.pages import MOST_BULLETS

_FULL_SLIDE = 0.8


def size_problems(file: Presentation) -> Iterator[str]:
    """Yield what is wrong with the slide's size."""
    width, height = points(file.slide_width), points(file.slide_height)
    if abs(width - SLIDE_WIDTH) > 1 or abs(height - SLIDE_HEIGHT) > 1:
        yield f"the slides are {width:.0f} by {height:.0f} points, not 960 by 540 (16:9)"


def title_problems(slides: Sequence[Slide]) -> Iterator[str]:
    """Yield the slides without a title, and titles that stand on two slides."""
    titles = [_title(slide) for slide in slides]
    for number, title in enumerate(titles, start=1):
        if not title:
            yield f"slide {number} has no title"
    for title, count in Counter(titles).items():
        if title and count > 1:
            yield f"{count} slides have the title {title!r}"


def text_problems(slides: Sequence[Slide]) -> Iterator[str]:
    """Yield the shapes whose text is too much for them, and those that leave the slide."""
    for number, slide in enumerate(slides, start=1):
        for shape in slide.shapes:
            if has_content(shape) and not rectangle(shape).is_inside(SLIDE_WIDTH, SLIDE_HEIGHT):
                yield f"slide {number}: {shape.name!r} leaves the slide"
        for shape, frame in text_shapes(slide):
            excess = overflow(frame, points(shape.width), points(shape.height))
            if excess:
                yield f"slide {number}: the text of {shape.name!r} is {excess:.0f} pt too high"
        yield from _table_problems(number, slide)


def overlap_problems(slides: Sequence[Slide]) -> Iterator[str]:
    """Yield the shapes that lie over each other's text."""
    for number, slide in enumerate(slides, start=1):
        shapes = [shape for shape in slide.shapes if has_content(shape)]
        for one, other in combinations(shapes, 2):
            if rectangle(one).overlaps(rectangle(other)):
                yield f"slide {number}: {one.name!r} and {other.name!r} overlap"


def bullet_problems(slides: Sequence[Slide]) -> Iterator[str]:
    """Yield the slides with too many bullets."""
    for number, slide in enumerate(slides, start=1):
        count = sum(bullet_count(frame) for _, frame in text_shapes(slide))
        if count > MOST_BULLETS:
            yield f"slide {number} has {count} bullets, more than {MOST_BULLETS}"


def picture_problems(slides: Sequence[Slide]) -> Iterator[str]:
    """Yield the slides that are a picture instead of editable content."""
    for number, slide in enumerate(slides, start=1):
        for shape in slide.shapes:
            if not isinstance(shape, Picture):
                continue
            if rectangle(shape).area > _FULL_SLIDE * SLIDE_WIDTH * SLIDE_HEIGHT:
                yield f"slide {number} is a picture of a slide"
            if not _alt_text(shape):
                yield f"slide {number}: {shape.name!r} has no alt text"


def _table_problems(number: int, slide: Slide) -> Iterator[str]:
    for shape in slide.shapes:
        if isinstance(shape, GraphicFrame) and shape.has_table:
            grown = table_overflow(shape)
            if grown:
                yield f"slide {number}: the table grows {grown:.0f} pt beyond its rows"


def _title(slide: Slide) -> str:
    title = slide.shapes.title
    return title.text_frame.text.strip() if title is not None else ""


def _alt_text(shape: BaseShape) -> str:
    return str(shape.element.xpath(".//p:cNvPr/@descr")[0]) if _has_descr(shape) else ""


def _has_descr(shape: BaseShape) -> bool:
    return bool(shape.element.xpath(".//p:cNvPr/@descr"))
