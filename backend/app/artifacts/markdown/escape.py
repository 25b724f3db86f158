"""Text as Markdown that reads back as the same text."""

import re

from app.artifacts.characters import clean_line, clean_text

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d{1,9}(?=[.)]))")
_CLOSING_SIGNS = re.compile(r"(#+)$")
_LINK_SPECIAL = {"<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C", "\n": ""}


def escape_inline(text: str) -> str:
    """Escape text that stands inside a line; line breaks become hard breaks."""
    lines = clean_text(text).replace("\t", " ").split("\n")
    return "\\\n".join(_escape_line(line) for line in lines)


def escape_line(text: str) -> str:
    """Escape text and put it on one line."""
    return _escape_line(clean_line(text))


def escape_heading(text: str) -> str:
    """Escape a heading's text; number signs at its end would be read as its end."""
    return _CLOSING_SIGNS.sub(r"\\\1", escape_line(text))


def guard_line_start(line: str) -> str:
    """Escape what would make a line a heading, a list item or a rule."""
    match = _LINE_START.match(line)
    if match is None:
        return line.lstrip()
    mark = match.group(2)
    rest = line[match.end() :]
    return f"{mark}\\{rest}" if mark.isdigit() else f"\\{mark}{rest}"


def link_target(href: str) -> str:
    """Write a link target so that nothing in it ends the link."""
    return "<" + "".join(_LINK_SPECIAL.get(character, character) for character in href) + ">"


def _escape_line(line: str) -> str:
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", line))
