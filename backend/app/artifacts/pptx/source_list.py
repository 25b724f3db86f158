"""The slides that list the sources."""

from app.artifacts.pptx.bullets import body_frame, remove_bullet
from app.artifacts.pptx.fitting import fit_text
from app.artifacts.pptx.shapes import Look, write_lines
from app.artifacts.pptx.source_space import SOURCE_GAP, entry_lines, source_space
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.themes import HOUSE_THEME

_PALETTE = HOUSE_THEME.palette


def write_source_list(writing: SlideWriting) -> None:
    """Write the entries of one slide."""
    frame = body_frame(writing)
    if frame is None:
        return
    fitted = fit_text(entry_lines(writing.page.entries), source_space())
    for place, line in enumerate(fitted.lines):
        look = Look(
            size=fitted.size,
            gap=fitted.size * SOURCE_GAP if place else 0,
            mark_colour=_PALETTE.accent,
        )
        for paragraph in write_lines(frame, [line], look, writing.language):
            remove_bullet(paragraph)
