"""Titles at the size and length at which they fit."""

from app.artifacts.pptx.fitting import FittedText, TextSpace, fit_text
from app.artifacts.pptx.geometry import COVER_TITLE, TITLE
from app.artifacts.pptx.pieces import plain, with_mark
from app.artifacts.themes import HOUSE_THEME

_SIZES = HOUSE_THEME.deck
_SMALLEST, _SMALLEST_COVER = 18.0, 24.0


def fit_title(title: str, mark: str, *, is_cover: bool) -> FittedText:
    """Fit a title; its mark ("(2/2)") stays whole."""
    box = COVER_TITLE if is_cover else TITLE
    space = TextSpace(
        width=box.width,
        height=box.height,
        largest=_SIZES.cover_title if is_cover else _SIZES.title,
        smallest=_SMALLEST_COVER if is_cover else _SMALLEST,
        bold=True,
    )
    return fit_text([with_mark(plain(title), mark)], space)
