"""What all Office files share: a zip of parts, a theme, core properties.

Files made from the same blocks are the same bytes: parts keep their order and have no time.
"""

import io
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from app.artifacts.captions import locale_tag
from app.artifacts.themes import HOUSE_THEME, Theme
from app.schemas.source import Language

CORE_PART = "docProps/core.xml"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def rewrite_parts(content: bytes, changes: Mapping[str, bytes]) -> bytes:
    """Return the package with some parts replaced or added, without times."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        added = [name for name in changes if name not in names]
        for name in (*names, *added):
            part = changes[name] if name in changes else old.read(name)
            new.writestr(_zip_entry(name), part)
    return buffer.getvalue()


def read_part(content: bytes, name: str) -> bytes | None:
    """Return a part of the package, or None where it has no such part."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name) if name in package.namelist() else None


def parse_part(xml: bytes) -> etree._Element:
    """Read a part's XML; entities and the network stay closed."""
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def write_part(root: etree._Element) -> bytes:
    """Write a part's XML."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def with_language(core_xml: bytes, language: Language) -> bytes:
    """Return the core properties with the language named."""
    root = parse_part(core_xml)
    tag = f"{{{_DUBLIN_CORE}}}language"
    for old in root.findall(tag):
        root.remove(old)
    etree.SubElement(root, tag).text = locale_tag(language)
    return write_part(root)


def house_theme(theme_xml: bytes, theme: Theme = HOUSE_THEME) -> bytes:
    """Return a theme part with the house's name, colours and fonts."""
    root = parse_part(theme_xml)
    root.set("name", theme.name)
    for scheme in root.iter(f"{{{_DRAWING}}}clrScheme"):
        _set_colours(scheme, theme)
    for scheme in root.iter(f"{{{_DRAWING}}}fontScheme"):
        _set_fonts(scheme, theme)
    return write_part(root)


def theme_colours(theme: Theme = HOUSE_THEME) -> dict[str, str]:
    """Return the colour of each slot of an office theme."""
    palette = theme.palette
    accents = {f"accent{place}": palette.series[place - 1] for place in range(1, 7)}
    return {
        "dk1": palette.strong,
        "lt1": palette.white,
        "dk2": palette.title,
        "lt2": palette.tint,
        **accents,
        "hlink": palette.accent,
        "folHlink": palette.muted,
    }


def _set_colours(scheme: etree._Element, theme: Theme) -> None:
    scheme.set("name", theme.name)
    colours = theme_colours(theme)
    for slot in scheme:
        name = etree.QName(slot).localname
        for old in list(slot):
            slot.remove(old)
        etree.SubElement(slot, f"{{{_DRAWING}}}srgbClr").set("val", colours[name])


def _set_fonts(scheme: etree._Element, theme: Theme) -> None:
    scheme.set("name", theme.name)
    for fonts in scheme:
        for face in list(fonts):
            fonts.remove(face)
        faces = (
            ("latin", theme.latin_font),
            ("ea", theme.east_asian_font),
            ("cs", ""),
        )
        for tag, typeface in faces:
            etree.SubElement(fonts, f"{{{_DRAWING}}}{tag}").set("typeface", typeface)
        hangul = etree.SubElement(fonts, f"{{{_DRAWING}}}font")
        hangul.set("script", "Hang")
        hangul.set("typeface", theme.east_asian_font)


def _zip_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A link from one part to another; `target` is the part's name in the package."""

    id: str
    kind: str
    target: str


class Package:
    """An office file's parts, opened for reading."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self.names: frozenset[str] = frozenset(self._zip.namelist())

    def root(self, name: str) -> etree._Element:
        """Return the root element of a part."""
        return parse_part(self._zip.read(name))

    def size(self, name: str) -> int:
        """Return how many bytes a part is, unpacked."""
        return self._zip.getinfo(name).file_size

    def related(self, name: str, kind: str = "") -> tuple[Relationship, ...]:
        """List the parts that a part points at; `kind` is the end of the relationship type."""
        folder, _, file = name.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if rels not in self.names:
            return ()
        found = (_relationship(element, folder) for element in self.root(rels))
        return tuple(one for one in found if one.kind.endswith(kind))


def _relationship(element: etree._Element, folder: str) -> Relationship:
    target = element.get("Target", "")
    if target.startswith("/"):
        path = target[1:]
    elif element.get("TargetMode") == "External":
        path = target
    else:
        path = posixpath.normpath(posixpath.join(folder, target))
    return Relationship(id=element.get("Id", ""), kind=element.get("Type", ""), target=path)
