"""The styles of written documents: the whole style sheet, with nothing left from a template."""

from collections.abc import Iterator
from dataclasses import dataclass

from docx.oxml.xmlchemy import BaseOxmlElement

from app.artifacts.docx.numbering import BULLET_NUMBERING, DECIMAL_NUMBERING, list_properties
from app.artifacts.docx.ooxml import border, element, fonts, half_points, shading, twips, valued
from app.artifacts.themes import HOUSE_THEME

TABLE_STYLE = "MadangTable"
CALLOUT_STYLE = "MadangCallout"
CITATION_STYLE = "Citation"
LINK_STYLE = "Hyperlink"
_PALETTE = HOUSE_THEME.palette
_SIZES = HOUSE_THEME.document


@dataclass(frozen=True, slots=True, kw_only=True)
class _ParagraphStyle:
    """One paragraph style. Spaces are in points, `line` in 240ths of a line."""

    id: str
    name: str
    size: float = _SIZES.body
    colour: str = _PALETTE.text
    bold: bool = False
    before: float = 0.0
    after: float = 0.0
    line: int = 240
    outline_level: int | None = None
    keep_next: bool = False
    keep_lines: bool = False
    indent: float = 0.0
    hanging: float = 0.0
    next_id: str = "Normal"
    numbering: int | None = None


_PARAGRAPH_STYLES = (
    _ParagraphStyle(
        id="Eyebrow",
        name="Eyebrow",
        size=_SIZES.eyebrow,
        colour=_PALETTE.accent,
        bold=True,
        after=4,
        keep_next=True,
        next_id="Title",
    ),
    _ParagraphStyle(
        id="Title",
        name="Title",
        size=_SIZES.title,
        colour=_PALETTE.title,
        bold=True,
        after=4,
        line=276,
        keep_next=True,
        keep_lines=True,
        next_id="Subtitle",
    ),
    _ParagraphStyle(
        id="Subtitle",
        name="Subtitle",
        size=_SIZES.subtitle,
        colour=_PALETTE.muted,
        after=10,
        line=288,
        keep_lines=True,
    ),
    _ParagraphStyle(
        id="Heading1",
        name="heading 1",
        size=_SIZES.heading_1,
        colour=_PALETTE.title,
        bold=True,
        before=20,
        after=6,
        line=264,
        outline_level=0,
        keep_next=True,
        keep_lines=True,
    ),
    _ParagraphStyle(
        id="Heading2",
        name="heading 2",
        size=_SIZES.heading_2,
        colour=_PALETTE.title,
        bold=True,
        before=14,
        after=4,
        line=264,
        outline_level=1,
        keep_next=True,
        keep_lines=True,
    ),
    _ParagraphStyle(
        id="Heading3",
        name="heading 3",
        size=_SIZES.heading_3,
        colour=_PALETTE.accent,
        bold=True,
        before=10,
        after=3,
        line=264,
        outline_level=2,
        keep_next=True,
        keep_lines=True,
    ),
    _ParagraphStyle(
        id="ListBullet",
        name="List Bullet",
        after=4,
        line=300,
        indent=18,
        hanging=14,
        next_id="ListBullet",
        numbering=BULLET_NUMBERING,
    ),
    _ParagraphStyle(
        id="ListNumber",
        name="List Number",
        after=4,
        line=300,
        indent=22,
        hanging=18,
        next_id="ListNumber",
        numbering=DECIMAL_NUMBERING,
    ),
    _ParagraphStyle(
        id="Caption",
        name="caption",
        size=_SIZES.caption,
        colour=_PALETTE.muted,
        before=2,
        after=14,
        keep_lines=True,
    ),
    _ParagraphStyle(
        id="TableCaption",
        name="Table Caption",
        size=_SIZES.caption,
        colour=_PALETTE.muted,
        before=10,
        after=4,
        keep_next=True,
        keep_lines=True,
    ),
    _ParagraphStyle(
        id="FigureTitle",
        name="Figure Title",
        size=_SIZES.body,
        colour=_PALETTE.title,
        bold=True,
        before=10,
        after=2,
        keep_next=True,
        keep_lines=True,
        next_id="Figure",
    ),
    _ParagraphStyle(id="Figure", name="Figure", after=2, keep_next=True, next_id="Caption"),
    _ParagraphStyle(
        id="TableText", name="Table Text", size=_SIZES.table, line=252, next_id="TableText"
    ),
    _ParagraphStyle(
        id="TableHead",
        name="Table Head",
        size=_SIZES.table,
        colour=_PALETTE.strong,
        bold=True,
        line=252,
        keep_next=True,
        next_id="TableText",
    ),
    _ParagraphStyle(
        id="CalloutText",
        name="Callout Text",
        colour=_PALETTE.strong,
        line=300,
        next_id="CalloutText",
    ),
    _ParagraphStyle(
        id="SourceFile", name="Source File", size=_SIZES.source, before=8, after=3, keep_next=True
    ),
    _ParagraphStyle(
        id="SourceEntry",
        name="Source Entry",
        size=_SIZES.source,
        after=4,
        line=264,
        keep_lines=True,
        indent=30,
        hanging=30,
        next_id="SourceEntry",
    ),
    _ParagraphStyle(
        id="Footer", name="footer", size=_SIZES.footer, colour=_PALETTE.muted, next_id="Footer"
    ),
    _ParagraphStyle(id="Spacer", name="Spacer", size=4, after=0, line=240),
)


def style_sheet() -> Iterator[BaseOxmlElement]:
    """Yield the children of `w:styles`."""
    yield _document_defaults()
    yield _normal()
    yield element(
        "w:style",
        {"w:type": "character", "w:default": "1", "w:styleId": "DefaultParagraphFont"},
        valued("w:name", "Default Paragraph Font"),
        valued("w:uiPriority", 1),
        element("w:semiHidden"),
    )
    yield _table_normal()
    for style in _PARAGRAPH_STYLES:
        yield _paragraph_style(style)
    yield _character_style(CITATION_STYLE, "Citation", *_citation_look())
    yield _character_style(LINK_STYLE, "Hyperlink", valued("w:color", _PALETTE.accent))
    yield _data_table_style()
    yield _callout_style()


def _document_defaults() -> BaseOxmlElement:
    size = half_points(_SIZES.body)
    language_tag = element("w:lang", {"w:val": "en-US", "w:eastAsia": "ko-KR", "w:bidi": "ar-SA"})
    run = element(
        "w:rPr",
        None,
        fonts(),
        valued("w:color", _PALETTE.text),
        valued("w:sz", size),
        valued("w:szCs", size),
        language_tag,
    )
    paragraph = element(
        "w:pPr",
        None,
        element("w:widowControl"),
        *_no_auto_space(),
        _spacing(0, 0, 240),
    )
    return element(
        "w:docDefaults",
        None,
        element("w:rPrDefault", None, run),
        element("w:pPrDefault", None, paragraph),
    )


def _normal() -> BaseOxmlElement:
    return element(
        "w:style",
        {"w:type": "paragraph", "w:default": "1", "w:styleId": "Normal"},
        valued("w:name", "Normal"),
        element("w:qFormat"),
        element("w:pPr", None, *_no_auto_space(), _spacing(0, 7, 312)),
        element("w:rPr", None, fonts()),
    )


def _paragraph_style(style: _ParagraphStyle) -> BaseOxmlElement:
    size = half_points(style.size)
    run = element("w:rPr", None, fonts())
    if style.bold:
        run.extend([element("w:b"), element("w:bCs")])
    run.extend([valued("w:color", style.colour), valued("w:sz", size), valued("w:szCs", size)])
    return element(
        "w:style",
        {"w:type": "paragraph", "w:styleId": style.id},
        valued("w:name", style.name),
        valued("w:basedOn", "Normal"),
        valued("w:next", style.next_id),
        element("w:qFormat"),
        _paragraph_properties(style),
        run,
    )


def _paragraph_properties(style: _ParagraphStyle) -> BaseOxmlElement:
    properties = element("w:pPr")
    if style.keep_next:
        properties.append(element("w:keepNext"))
    if style.keep_lines:
        properties.append(element("w:keepLines"))
    if style.numbering is not None:
        properties.append(list_properties(style.numbering))
    properties.append(_spacing(style.before, style.after, style.line))
    if style.indent:
        indent = {"w:left": twips(style.indent), "w:hanging": twips(style.hanging)}
        properties.append(element("w:ind", indent))
    if style.outline_level is not None:
        properties.append(valued("w:outlineLvl", style.outline_level))
    return properties


def _no_auto_space() -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """Add no space between Hangul and digits: "2026년", not "2026 년"."""
    return valued("w:autoSpaceDE", 0), valued("w:autoSpaceDN", 0)


def _spacing(before: float, after: float, line: int) -> BaseOxmlElement:
    return element(
        "w:spacing",
        {
            "w:before": twips(before),
            "w:after": twips(after),
            "w:line": str(line),
            "w:lineRule": "auto",
        },
    )


def _citation_look() -> tuple[BaseOxmlElement, ...]:
    return (
        valued("w:color", _PALETTE.accent),
        valued("w:sz", 17),
        valued("w:szCs", 17),
    )


def _character_style(id: str, name: str, *look: BaseOxmlElement) -> BaseOxmlElement:
    return element(
        "w:style",
        {"w:type": "character", "w:styleId": id},
        valued("w:name", name),
        valued("w:basedOn", "DefaultParagraphFont"),
        element("w:qFormat"),
        element("w:rPr", None, *look),
    )


def _table_normal() -> BaseOxmlElement:
    return element(
        "w:style",
        {"w:type": "table", "w:default": "1", "w:styleId": "TableNormal"},
        valued("w:name", "Normal Table"),
        element("w:semiHidden"),
        element("w:tblPr", None, valued_width("w:tblInd", 0), cell_margins(0, 5.4)),
    )


def _data_table_style() -> BaseOxmlElement:
    borders = element(
        "w:tblBorders",
        None,
        border("top", _PALETTE.rule, 6),
        border("bottom", _PALETTE.rule, 6),
        border("insideH", _PALETTE.grid, 4),
    )
    return element(
        "w:style",
        {"w:type": "table", "w:styleId": TABLE_STYLE},
        valued("w:name", "Madang Table"),
        valued("w:basedOn", "TableNormal"),
        element("w:qFormat"),
        element("w:tblPr", None, borders, cell_margins(3.2, 6.5)),
        element(
            "w:tblStylePr",
            {"w:type": "firstRow"},
            element("w:tcPr", None, shading(_PALETTE.header_fill)),
        ),
    )


def _callout_style() -> BaseOxmlElement:
    return element(
        "w:style",
        {"w:type": "table", "w:styleId": CALLOUT_STYLE},
        valued("w:name", "Madang Callout"),
        valued("w:basedOn", "TableNormal"),
        element("w:qFormat"),
        element("w:tblPr", None, cell_margins(8, 10)),
    )


def cell_margins(vertical_pt: float, horizontal_pt: float) -> BaseOxmlElement:
    """Build the inner margins of a table's cells."""
    sides = (
        ("top", vertical_pt),
        ("left", horizontal_pt),
        ("bottom", vertical_pt),
        ("right", horizontal_pt),
    )
    return element(
        "w:tblCellMar",
        None,
        *(element(f"w:{side}", {"w:w": twips(points), "w:type": "dxa"}) for side, points in sides),
    )


def valued_width(tag: str, width_twips: int) -> BaseOxmlElement:
    """Build a width in twips."""
    return element(tag, {"w:w": str(width_twips), "w:type": "dxa"})
