"""The line above a document's title: what kind of paper it is, and when it was made."""

from app.artifacts.blocks import Document
from app.artifacts.characters import clean_line
from app.artifacts.formatting import format_date


def eyebrow_line(document: Document) -> str:
    """Return "Market brief · November 24, 2026"; an eyebrow with the year in it stands alone."""
    eyebrow = clean_line(document.eyebrow)
    made_on = format_date(document.created_on, document.language, width="long")
    if not eyebrow:
        return made_on
    if str(document.created_on.year) in eyebrow:
        return eyebrow
    return f"{eyebrow} · {made_on}"
