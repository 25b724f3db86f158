"""The sources inside a file: a custom XML part that a verifier reads without model or server."""

import zipfile

from lxml import etree

from app.artifacts.characters import clean_model
from app.artifacts.ooxml import Package, parse_part, read_part, write_part
from app.core.errors import Invalid
from app.schemas.source import Source

SOURCES_NAMESPACE = "urn:madang:sources:1"
_PART = "customXml/item1.xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_RELATIONSHIP_ID = "rIdSources"
_MAX_PART_BYTES = 20_000_000


class NotAPackage(Invalid):
    """The bytes are no office file."""

    code = "not_a_package"


def source_parts(content: bytes, sources: tuple[Source, ...], main_part: str) -> dict[str, bytes]:
    """Return the parts to write into a package so that it carries the sources.

    They are the sources and the relationships of the main part, which then links to them.
    """
    if not sources:
        return {}
    folder, _, file = main_part.rpartition("/")
    rels_part = f"{folder}/_rels/{file}.rels"
    rels = parse_part(read_part(content, rels_part) or b"")
    link = etree.SubElement(rels, f"{{{_RELATIONSHIPS}}}Relationship")
    link.set("Id", _RELATIONSHIP_ID)
    link.set("Type", _CUSTOM_XML)
    link.set("Target", f"../{_PART}")
    return {rels_part: write_part(rels), _PART: sources_xml(sources)}


def read_embedded_sources(content: bytes) -> tuple[Source, ...]:
    """Read the sources back from a package; none if it carries none.

    Raises:
        NotAPackage: The bytes are no zip package, or a part of it is not XML.
    """
    try:
        package = Package(content)
        for name in sorted(package.names):
            if name.startswith("customXml/item") and package.size(name) <= _MAX_PART_BYTES:
                root = package.root(name)
                if root.tag == f"{{{SOURCES_NAMESPACE}}}sources":
                    return tuple(map(_source, root))
    except (zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        message = "The file is not a readable office file, so its sources cannot be checked."
        raise NotAPackage(message) from error
    return ()


def sources_xml(sources: tuple[Source, ...]) -> bytes:
    """Write the part that carries the sources."""
    root = etree.Element(f"{{{SOURCES_NAMESPACE}}}sources", nsmap={"madang": SOURCES_NAMESPACE})
    for source in map(clean_model, sources):
        entry = etree.SubElement(root, f"{{{SOURCES_NAMESPACE}}}source")
        for name, value in source.model_dump(mode="json", exclude_none=True).items():
            etree.SubElement(entry, f"{{{SOURCES_NAMESPACE}}}{name}").text = str(value)
    return write_part(root)


def _source(entry: etree._Element) -> Source:
    return Source.model_validate(
        {etree.QName(child).localname: child.text or "" for child in entry}
    )
