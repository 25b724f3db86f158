"""The XML below python-pptx, for what it has no words for."""

from lxml import etree
from pptx.oxml.ns import qn


def child(element: etree._Element, *tags: str) -> etree._Element:
    """Return the element at the end of a path of tags ("p:txBody", "a:bodyPr").

    Raises:
        LookupError: there is none.
    """
    for tag in tags:
        found = element.find(qn(tag))
        if found is None:
            message = f"the part has no {tag}"
            raise LookupError(message)
        element = found
    return element


def remove(element: etree._Element) -> None:
    """Take an element out of its part."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
