"""List numbering: one bullet definition, and a fresh count for every numbered list."""

from docx.oxml.xmlchemy import BaseOxmlElement

from app.artifacts.docx.ooxml import element, twips, valued
from app.artifacts.themes import HOUSE_THEME

BULLET_NUMBERING = 1
_BULLET_DEFINITION = 0
_DECIMAL_DEFINITION = 1


def base_numbering() -> tuple[BaseOxmlElement, ...]:
    """Return the children of `w:numbering` before any numbered list is written."""
    return (
        _definition(_BULLET_DEFINITION, "bullet", "•", "ListBullet", (18, 14)),
        _definition(_DECIMAL_DEFINITION, "decimal", "%1.", "ListNumber", (22, 18)),
        _numbering(BULLET_NUMBERING, _BULLET_DEFINITION),
    )


def fresh_numbering(id: int) -> BaseOxmlElement:
    """Return numbering for one more numbered list, counting from 1."""
    restart = element("w:lvlOverride", {"w:ilvl": "0"}, valued("w:startOverride", 1))
    numbering = _numbering(id, _DECIMAL_DEFINITION)
    numbering.append(restart)
    return numbering


def list_properties(numbering_id: int) -> BaseOxmlElement:
    """Return the paragraph property that puts an item in a list."""
    return element("w:numPr", None, valued("w:ilvl", 0), valued("w:numId", numbering_id))


def _numbering(id: int, definition: int) -> BaseOxmlElement:
    return element("w:num", {"w:numId": str(id)}, valued("w:abstractNumId", definition))


def _definition(
    id: int, form: str, text: str, style: str, indents_pt: tuple[int, int]
) -> BaseOxmlElement:
    indent, hanging = indents_pt
    place = element(
        "w:pPr", None, element("w:ind", {"w:left": twips(indent), "w:hanging": twips(hanging)})
    )
    colour = valued("w:color", HOUSE_THEME.palette.accent)
    level = element(
        "w:lvl",
        {"w:ilvl": "0"},
        valued("w:start", 1),
        valued("w:numFmt", form),
        valued("w:pStyle", style),
        valued("w:lvlText", text),
        valued("w:lvlJc", "left"),
        place,
        element("w:rPr", None, colour),
    )
    return element(
        "w:abstractNum",
        {"w:abstractNumId": str(id)},
        valued("w:multiLevelType", "singleLevel"),
        level,
    )
