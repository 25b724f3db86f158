"""List numbering: one bullet definition, and a fresh count for every numbered list."""

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.artifacts.docx.ooxml import element, twips, valued
from app.artifacts.themes import HOUSE_THEME

BULLET_NUMBERING = 1
DECIMAL_NUMBERING = 2
_BULLET_INDENTS_PT = (18, 14)
_DECIMAL_INDENTS_PT = (22, 18)


def base_numbering() -> tuple[BaseOxmlElement, ...]:
    """Return the children of `w:numbering`: what the two list styles name."""
    return (
        _definition(BULLET_NUMBERING, "bullet", "•", "ListBullet"),
        _definition(DECIMAL_NUMBERING, "decimal", "%1.", "ListNumber"),
        _numbering(BULLET_NUMBERING),
        _numbering(DECIMAL_NUMBERING),
    )


def add_fresh_numbering(numbering: BaseOxmlElement, id: int) -> None:
    """Add numbering for one more numbered list, counting from 1.

    It has a definition of its own: not every program restarts a count that two lists share.
    """
    first = numbering.find(qn("w:num"))
    if first is not None:
        first.addprevious(_definition(id, "decimal", "%1.", None))
    numbering.append(_numbering(id))


def list_properties(numbering_id: int) -> BaseOxmlElement:
    """Return the paragraph property that puts an item in a list."""
    return element("w:numPr", None, valued("w:ilvl", 0), valued("w:numId", numbering_id))


def _numbering(id: int) -> BaseOxmlElement:
    return element("w:num", {"w:numId": str(id)}, valued("w:abstractNumId", id))


def _definition(id: int, form: str, text: str, style_id: str | None) -> BaseOxmlElement:
    indent, hanging = _BULLET_INDENTS_PT if form == "bullet" else _DECIMAL_INDENTS_PT
    place = element(
        "w:pPr", None, element("w:ind", {"w:left": twips(indent), "w:hanging": twips(hanging)})
    )
    level = element("w:lvl", {"w:ilvl": "0"}, valued("w:start", 1), valued("w:numFmt", form))
    if style_id is not None:
        level.append(valued("w:pStyle", style_id))
    colour = valued("w:color", HOUSE_THEME.palette.accent)
    level.extend(
        [
            valued("w:lvlText", text),
            valued("w:lvlJc", "left"),
            place,
            element("w:rPr", None, colour),
        ]
    )
    return element(
        "w:abstractNum",
        {"w:abstractNumId": str(id)},
        valued("w:multiLevelType", "singleLevel"),
        level,
    )
