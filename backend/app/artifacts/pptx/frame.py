"""What every slide but the cover has: eyebrow, title, sources line, number, notes."""

from collections.abc import Sequence

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.text.text import TextFrame

from app.artifacts.characters import clean_line, clean_text
from app.artifacts.citations import SourceEntry, sources_title
from app.artifacts.pptx.fitting import TextSpace, fit_text
from app.artifacts.pptx.geometry import EYEBROW, FOOTER
from app.artifacts.pptx.pieces import plain
from app.artifacts.pptx.shapes import Look, add_text_box, prepared, write_line, write_lines
from app.artifacts.pptx.source_space import shorten
from app.artifacts.pptx.titles import fit_title
from app.artifacts.pptx.writing import SlideWriting
from app.artifacts.text_width import width_pt
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

_PALETTE = HOUSE_THEME.palette
_SIZES = HOUSE_THEME.deck
_NAMES = {PP_PLACEHOLDER.FOOTER: "Sources", PP_PLACEHOLDER.SLIDE_NUMBER: "Slide number"}
_NAME_LENGTHS = (80, 48, 30, 20, 12)


def write_head(writing: SlideWriting, eyebrow: str) -> None:
    """Write eyebrow and title."""
    _write_eyebrow(writing, eyebrow)
    _write_title(writing)


def write_foot(writing: SlideWriting) -> None:
    """Write sources line and slide number, after the content: readers hear it in this order."""
    _write_footer(writing)
    _write_number(writing)


def write_notes(writing: SlideWriting, words: str) -> None:
    """Write the speaker's words, then the slide's sources in full."""
    text = notes_text(words, writing.cited, writing.language)
    if text:
        frame = writing.slide.notes_slide.notes_text_frame
        if frame is not None:
            frame.text = text


def notes_text(words: str, cited: Sequence[SourceEntry], language: Language) -> str:
    """Return the notes of a slide."""
    parts = [clean_text(words).strip()]
    if cited:
        parts.append("\n".join((sources_title(language), *map(_full_entry, cited))))
    return "\n\n".join(part for part in parts if part)


def footer_text(cited: Sequence[SourceEntry], language: Language) -> str:
    """Return the line of sources: "Sources: [1] …, [2] …"; names shrink until it fits."""
    if not cited:
        return ""
    for length in _NAME_LENGTHS:
        text = _footer(cited, language, length)
        if width_pt(text, _SIZES.footer) <= FOOTER.width:
            return text
    marks = "".join(f"[{entry.number}]" for entry in cited)
    return f"{sources_title(language)}: {marks}"


def _footer(cited: Sequence[SourceEntry], language: Language, length: int) -> str:
    names = (f"[{entry.number}] {shorten(entry.title, length)}" for entry in cited)
    return f"{sources_title(language)}: {', '.join(names)}"


def _full_entry(entry: SourceEntry) -> str:
    head = f"[{entry.number}] {entry.title}"
    rest = (entry.place, entry.url or "", entry.quote)
    return ". ".join((head, *(part for part in rest if part)))


def _write_eyebrow(writing: SlideWriting, eyebrow: str) -> None:
    words = clean_line(eyebrow)
    if not words:
        return
    space = TextSpace(
        width=EYEBROW.width,
        height=EYEBROW.height,
        largest=_SIZES.eyebrow,
        smallest=_SIZES.eyebrow,
        bold=True,
    )
    fitted = fit_text([plain(words)], space)
    frame = add_text_box(writing.slide, EYEBROW, "Eyebrow")
    look = Look(size=fitted.size, colour=_PALETTE.accent, bold=True)
    write_lines(frame, fitted.lines, look, writing.language)


def _write_title(writing: SlideWriting) -> None:
    fitted = fit_title(writing.page.title, writing.page.mark, is_cover=False)
    look = Look(size=fitted.size, colour=_PALETTE.title, bold=True, mark_colour=_PALETTE.muted)
    write_lines(title_frame(writing.slide), fitted.lines, look, writing.language)


def title_frame(slide: Slide) -> TextFrame:
    """Return the text frame of the title placeholder."""
    title = slide.shapes.title
    if title is None:
        message = "the layout has no title"
        raise TypeError(message)
    return prepared(title.text_frame)


def _write_footer(writing: SlideWriting) -> None:
    text = footer_text(writing.cited, writing.language)
    frame = _cloned(writing.slide, PP_PLACEHOLDER.FOOTER) if text else None
    if frame is None:
        return
    space = TextSpace(
        width=FOOTER.width,
        height=FOOTER.height,
        largest=_SIZES.footer,
        smallest=_SIZES.footer,
    )
    fitted = fit_text([plain(text)], space)
    look = Look(size=fitted.size, colour=_PALETTE.muted)
    write_lines(frame, fitted.lines, look, writing.language)


def _write_number(writing: SlideWriting) -> None:
    frame = _cloned(writing.slide, PP_PLACEHOLDER.SLIDE_NUMBER)
    if frame is None:
        return
    paragraph = frame.paragraphs[0]
    look = Look(size=_SIZES.footer, colour=_PALETTE.muted, align=PP_ALIGN.RIGHT)
    write_line(paragraph, plain(str(writing.number)), look, writing.language)
    run = paragraph.runs[0]._r  # noqa: SLF001 - python-pptx makes no fields
    run.tag = qn("a:fld")
    run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    run.set("type", "slidenum")


def _cloned(slide: Slide, kind: PP_PLACEHOLDER) -> TextFrame | None:
    """Copy a layout's placeholder to the slide, which python-pptx leaves out for footers."""
    for shape in list(slide.slide_layout.placeholders):
        if shape.placeholder_format.type is kind:
            slide.shapes.clone_placeholder(shape)
            added = slide.shapes[-1]
            added.name = _NAMES[kind]
            return prepared(added.text_frame) if isinstance(added, Shape) else None
    return None
