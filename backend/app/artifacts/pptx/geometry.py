"""The slide's grid, in points: 960 by 540, which is 13.333 by 7.5 inches."""

from dataclasses import dataclass

from pptx.util import Emu, Length, Pt

SLIDE_WIDTH, SLIDE_HEIGHT = 960.0, 540.0
LINE_HEIGHT = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    def emu(self) -> tuple[Length, Length, Length, Length]:
        """Return left, top, width and height as the file holds them."""
        return (
            Emu(Pt(self.left)),
            Emu(Pt(self.top)),
            Emu(Pt(self.width)),
            Emu(Pt(self.height)),
        )

    def inner(self, horizontal: float, vertical: float) -> "Box":
        """Return the box inside margins."""
        return Box(
            left=self.left + horizontal,
            top=self.top + vertical,
            width=self.width - 2 * horizontal,
            height=self.height - 2 * vertical,
        )


_LEFT, _WIDTH = 58.0, 844.0
EYEBROW = Box(left=_LEFT, top=32, width=_WIDTH, height=18)
TITLE = Box(left=_LEFT, top=53, width=_WIDTH, height=68)
BODY = Box(left=_LEFT, top=138, width=_WIDTH, height=350)
FOOTER = Box(left=_LEFT, top=504, width=_WIDTH - 80, height=14)
NUMBER = Box(left=_LEFT + _WIDTH - 70, top=504, width=70, height=14)
COVER_BAR = Box(left=68, top=162, width=80, height=6)
COVER_TITLE = Box(left=68, top=192, width=800, height=148)
COVER_FOOTER = Box(left=68, top=468, width=800, height=20)


def columns(box: Box, count: int, gap: float) -> tuple[Box, ...]:
    """Split a box into equal columns."""
    width = (box.width - gap * (count - 1)) / count
    return tuple(
        Box(left=box.left + place * (width + gap), top=box.top, width=width, height=box.height)
        for place in range(count)
    )


def rows(box: Box, count: int, gap: float, most: float) -> tuple[Box, ...]:
    """Split a box into equal rows, none higher than `most`, from the top."""
    height = min((box.height - gap * (count - 1)) / count, most)
    return tuple(
        Box(left=box.left, top=box.top + place * (height + gap), width=box.width, height=height)
        for place in range(count)
    )
