"""Runs, links, citations and fields inside a paragraph."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run as DocxRun

from app.artifacts.blocks import Run, plain_text
from app.artifacts.characters import is_right_to_left
from app.artifacts.citations import citation_mark, cited_numbers
from app.artifacts.docx.ooxml import element, valued
from app.artifacts.docx.styles import CITATION_STYLE, LINK_STYLE
from app.artifacts.links import safe_href

_BOOKMARK = "source_{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a stretch of text differs from its paragraph's style."""

    bold: bool = False
    italic: bool = False
    colour: str | None = None
    style_id: str | None = None


PLAIN = Look()
BOLD = Look(bold=True)


def add_runs(
    paragraph: DocxParagraph, runs: tuple[Run, ...], numbers: Mapping[str, int], part: Part
) -> None:
    """Write runs with their links and citation marks; `part` holds the links' targets."""
    if is_right_to_left(plain_text(runs)):
        mark_right_to_left(paragraph)
    for run in runs:
        href = safe_href(run.href)
        look = Look(bold=run.bold, italic=run.italic, style_id=LINK_STYLE if href else None)
        written = add_text(paragraph, run.text, look)
        if href and written is not None:
            wrap_in_link(written, {"r:id": _link_id(part, href)})
        add_citations(paragraph, run.source_ids, numbers)


def has_content(runs: tuple[Run, ...]) -> bool:
    """Whether runs have anything to show."""
    return any(run.text.strip() or run.source_ids for run in runs)


def add_text(paragraph: DocxParagraph, text: str, look: Look = PLAIN) -> DocxRun | None:
    """Write one run; empty text writes nothing."""
    if not text:
        return None
    run = paragraph.add_run(text)
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - properties in schema order
    properties.extend(_look_elements(look))
    if is_right_to_left(text):
        properties.append(element("w:rtl"))
    return run


def add_citations(
    paragraph: DocxParagraph, source_ids: Iterable[str], numbers: Mapping[str, int]
) -> None:
    """Write the marks of the sources that carry a claim, each linked to its entry."""
    for number in cited_numbers(source_ids, numbers):
        mark = add_text(paragraph, citation_mark((number,)), Look(style_id=CITATION_STYLE))
        if mark is not None:
            wrap_in_link(mark, {"w:anchor": bookmark_name(number), "w:history": "1"})


def bookmark_name(number: int) -> str:
    """Name the bookmark of a source's entry."""
    return _BOOKMARK.format(number=number)


def wrap_in_link(run: DocxRun, target: Mapping[str, str]) -> None:
    """Put a run inside a hyperlink."""
    inner = run._r  # noqa: SLF001 - python-docx reads hyperlinks but cannot make them
    link = element("w:hyperlink", target)
    inner.addprevious(link)
    link.append(inner)


def add_link(paragraph: DocxParagraph, text: str, href: str, part: Part) -> None:
    """Write a link to the outside; a target that is not allowed is written as plain text."""
    allowed = safe_href(href)
    run = add_text(paragraph, text, Look(style_id=LINK_STYLE if allowed else None))
    if run is not None and allowed is not None:
        wrap_in_link(run, {"r:id": _link_id(part, allowed)})


def add_field(paragraph: DocxParagraph, instruction: str, shown: str, look: Look = PLAIN) -> None:
    """Write a field with the text it shows until the program updates it."""
    _add_field_mark(paragraph, "begin")
    code = element("w:instrText", {"xml:space": "preserve"})
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)  # noqa: SLF001 - python-docx has no fields
    _add_field_mark(paragraph, "separate")
    add_text(paragraph, shown, look)
    _add_field_mark(paragraph, "end")


def mark_right_to_left(paragraph: DocxParagraph) -> None:
    """Set a paragraph from right to left."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no such property
    properties.insert_element_before(
        element("w:bidi"),
        *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing"),
        *("w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment"),
        *("w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr"),
    )


def _add_field_mark(paragraph: DocxParagraph, kind: str) -> None:
    mark = element("w:fldChar", {"w:fldCharType": kind})
    paragraph.add_run()._r.append(mark)  # noqa: SLF001 - python-docx has no fields


def _look_elements(look: Look) -> Iterable[BaseOxmlElement]:
    if look.style_id:
        yield valued("w:rStyle", look.style_id)
    if look.bold:
        yield element("w:b")
        yield element("w:bCs")
    if look.italic:
        yield element("w:i")
        yield element("w:iCs")
    if look.colour:
        yield valued("w:color", look.colour)


def _link_id(part: Part, href: str) -> str:
    return str(part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
