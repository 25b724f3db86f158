"""The page, its footer, and the file's properties."""

from datetime import datetime, time
from xml.sax.saxutils import escape

from docx.document import Document as DocxFile
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

from app.artifacts.captions import locale_tag
from app.artifacts.characters import clean_line
from app.artifacts.docx.numbering import base_numbering
from app.artifacts.docx.ooxml import element, twips, valued
from app.artifacts.docx.styles import style_sheet
from app.artifacts.docx.text import add_field, add_text
from app.artifacts.docx.writing import Writing, element_of, set_style
from app.artifacts.text_width import truncate_text
from app.artifacts.themes import HOUSE_THEME
from app.schemas.source import Language

AUTHOR = "Madang"
_PAGE_WIDTH, _PAGE_HEIGHT = Mm(210), Mm(297)
_SIDE_MARGIN, _TOP_MARGIN, _BOTTOM_MARGIN = Mm(23), Mm(22), Mm(22)
TEXT_WIDTH_PT = (_PAGE_WIDTH - 2 * _SIDE_MARGIN) / Pt(1)
_FOOTER_TITLE_EM = 44.0
_MAX_PROPERTY_LENGTH = 255
_STALE_RELATIONSHIPS = ("customXml", "stylesWithEffects", "webSettings", "theme")
_STALE_PACKAGE_RELATIONSHIPS = ("thumbnail", "extended-properties")
_FONT_TABLE_TYPE = "fontTable"
_COMPATIBILITY_URI = "http://schemas.microsoft.com/office/word"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_APP_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Application>{AUTHOR}</Application></Properties>"
)


def prepare_file(writing: Writing) -> None:
    """Replace all that the library's template brings: styles, numbering, settings, page, footer."""
    file = writing.file
    _drop_stale_parts(file)
    _replace_children(file.styles.element, *style_sheet())
    _replace_children(file.part.numbering_part.element, *base_numbering())
    _replace_children(file.settings.element, *_settings(writing.language))
    _set_page(file)
    _write_footer(writing)
    _set_properties(writing)


def _drop_stale_parts(file: DocxFile) -> None:
    for id, relationship in list(file.part.rels.items()):
        if relationship.reltype.endswith((*_STALE_RELATIONSHIPS, _FONT_TABLE_TYPE)):
            del file.part.rels[id]
    package = file.part.package
    for id, relationship in list(package.rels.items()):
        if relationship.reltype.endswith(_STALE_PACKAGE_RELATIONSHIPS):
            del package.rels[id]
    fonts = Part(
        PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, _font_table(), package
    )
    file.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    properties = Part(
        PackURI("/docProps/app.xml"),
        CONTENT_TYPE.OFC_EXTENDED_PROPERTIES,
        _APP_PROPERTIES.encode(),
        package,
    )
    package.relate_to(properties, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)


def _font_table() -> bytes:
    """Describe the fonts; where the Latin font is missing the East Asian one stands in."""
    latin, east_asian = escape(HOUSE_THEME.latin_font), escape(HOUSE_THEME.east_asian_font)
    kind = '<w:charset w:val="81"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:fonts xmlns:w="{_WORD}">'
        f'<w:font w:name="{latin}"><w:altName w:val="{east_asian}"/>{kind}</w:font>'
        f'<w:font w:name="{east_asian}">{kind}</w:font></w:fonts>'
    ).encode()


def _replace_children(parent: BaseOxmlElement, *children: BaseOxmlElement) -> None:
    for child in list(parent):
        parent.remove(child)
    parent.extend(children)


def _settings(language: Language) -> tuple[BaseOxmlElement, ...]:
    mode = {"w:name": "compatibilityMode", "w:uri": _COMPATIBILITY_URI, "w:val": "15"}
    theme_language = {"w:val": locale_tag(language), "w:eastAsia": "ko-KR"}
    return (
        element("w:zoom", {"w:percent": "100"}),
        valued("w:defaultTabStop", 720),
        valued("w:characterSpacingControl", "doNotCompress"),
        element("w:compat", None, element("w:compatSetting", mode)),
        element("w:themeFontLang", theme_language),
        valued("w:decimalSymbol", "."),
        valued("w:listSeparator", ","),
    )


def _set_page(file: DocxFile) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = _PAGE_WIDTH, _PAGE_HEIGHT
    section.left_margin = section.right_margin = _SIDE_MARGIN
    section.top_margin, section.bottom_margin = _TOP_MARGIN, _BOTTOM_MARGIN
    section.header_distance = section.footer_distance = Mm(11)


def _write_footer(writing: Writing) -> None:
    footer = writing.file.sections[0].footer
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = None
    set_style(paragraph, "Footer")
    stop = element("w:tab", {"w:val": "right", "w:pos": twips(TEXT_WIDTH_PT)})
    properties = element_of(paragraph).get_or_add_pPr()
    properties.append(element("w:tabs", None, stop))
    title = truncate_text(clean_line(writing.document.title), _FOOTER_TITLE_EM)
    add_text(paragraph, f"{title}\t")
    add_field(paragraph, "PAGE", "1")


def _set_properties(writing: Writing) -> None:
    document, properties = writing.document, writing.file.core_properties
    created = datetime.combine(document.created_on, time())
    properties.title = clean_line(document.title)[:_MAX_PROPERTY_LENGTH]
    properties.subject = clean_line(document.subtitle)[:_MAX_PROPERTY_LENGTH]
    properties.author = properties.last_modified_by = AUTHOR
    properties.language = locale_tag(document.language)
    properties.created = properties.modified = created
    properties.comments = ""
    properties.revision = 1
