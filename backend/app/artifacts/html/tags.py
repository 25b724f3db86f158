"""Build HTML from escaped parts: text goes in by `text`, everything else is markup already."""

import re
from html import escape

from app.artifacts.characters import clean_line, clean_text

_VOID = frozenset({"br", "meta", "hr"})
_NAME = re.compile(r"[a-z][a-z0-9-]*")


def text(value: str) -> str:
    """Escape text; line breaks stay line breaks."""
    return escape(clean_text(value), quote=False).replace("\n", "<br>")


def line(value: str) -> str:
    """Escape text and put it on one line."""
    return escape(clean_line(value), quote=False)


def tag(name: str, *children: str, **attributes: str | None) -> str:
    """Build an element. `class_` and `aria_label` become class and aria-label; None is left out."""
    written = "".join(
        f' {_attribute(key)}="{escape(clean_line(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return f"<{name}{written}>"
    return f"<{name}{written}>{''.join(children)}</{name}>"


def _attribute(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(name):
        message = f"{name!r} is no attribute name"
        raise ValueError(message)
    return name
