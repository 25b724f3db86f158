"""Build WordprocessingML elements by their prefixed names."""

from collections.abc import Mapping
from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.artifacts.themes import HOUSE_THEME

_NAMESPACED = ("w:", "r:", "xml:")


def element(
    tag: str, attributes: Mapping[str, str] | None = None, *children: BaseOxmlElement
) -> BaseOxmlElement:
    """Build an element; attribute names carry their prefix ("w:val")."""
    built = cast("BaseOxmlElement", OxmlElement(tag))
    for name, value in (attributes or {}).items():
        built.set(qn(name) if name.startswith(_NAMESPACED) else name, value)
    built.extend(children)
    return built


def valued(tag: str, value: str | int) -> BaseOxmlElement:
    """Build an element with only a `w:val`."""
    return element(tag, {"w:val": str(value)})


def fonts() -> BaseOxmlElement:
    """Name the house fonts for every script, so that no theme font shows through."""
    latin, east_asian = HOUSE_THEME.latin_font, HOUSE_THEME.east_asian_font
    return element(
        "w:rFonts",
        {"w:ascii": latin, "w:hAnsi": latin, "w:eastAsia": east_asian, "w:cs": latin},
    )


def half_points(size_pt: float) -> str:
    """Write a type size as WordprocessingML does."""
    return str(round(size_pt * 2))


def twips(points: float) -> str:
    """Write a length in twentieths of a point."""
    return str(round(points * 20))


def border(side: str, colour: str, eighths: int = 4) -> BaseOxmlElement:
    """Build a single-line border; `eighths` is its width in eighths of a point."""
    return element(
        f"w:{side}",
        {"w:val": "single", "w:sz": str(eighths), "w:space": "0", "w:color": colour},
    )


def shading(colour: str) -> BaseOxmlElement:
    """Build a plain fill."""
    return element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": colour})
