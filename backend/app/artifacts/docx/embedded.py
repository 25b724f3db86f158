"""The sources inside the file: a custom XML part that a verifier reads without model or server."""

import io
import uuid
import zipfile
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeTree
from docx.document import Document as DocxFile
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from app.artifacts.characters import clean_model
from app.core.errors import Invalid
from app.schemas.source import Source

SOURCES_NAMESPACE = "urn:madang:sources:1"
_ITEM_PREFIX = "customXml/item"
_PROPERTIES_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_ITEM_ID = str(uuid.uuid5(uuid.NAMESPACE_URL, SOURCES_NAMESPACE)).upper()
_MAX_PART_BYTES = 20_000_000


class NotAPackage(Invalid):
    """The bytes are no office file."""

    code = "not_a_package"


def embed_sources(file: DocxFile, sources: tuple[Source, ...]) -> None:
    """Attach the sources to the file as a custom XML part."""
    package = file.part.package
    item = Part(PackURI("/customXml/item1.xml"), CONTENT_TYPE.XML, _to_xml(sources), package)
    properties = Part(
        PackURI("/customXml/itemProps1.xml"),
        CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES,
        _item_properties(),
        package,
    )
    item.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    file.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def read_embedded_sources(content: bytes) -> tuple[Source, ...]:
    """Read the sources back from a file; none if it carries none.

    Raises:
        NotAPackage: The bytes are no zip package, or a part of it is not XML.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                if name.startswith(_ITEM_PREFIX) and _is_small(package, name):
                    root = SafeTree.fromstring(package.read(name))
                    if root.tag == f"{{{SOURCES_NAMESPACE}}}sources":
                        return tuple(map(_source, root))
    except (zipfile.BadZipFile, SafeTree.ParseError) as error:
        message = "The file is not a readable office file, so its sources cannot be checked."
        raise NotAPackage(message) from error
    return ()


def _to_xml(sources: tuple[Source, ...]) -> bytes:
    namespaces = {"madang": SOURCES_NAMESPACE}
    root = etree.Element(f"{{{SOURCES_NAMESPACE}}}sources", nsmap=namespaces)
    for source in map(clean_model, sources):
        entry = etree.SubElement(root, f"{{{SOURCES_NAMESPACE}}}source")
        for name, value in source.model_dump(mode="json", exclude_none=True).items():
            etree.SubElement(entry, f"{{{SOURCES_NAMESPACE}}}{name}").text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _item_properties() -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<ds:datastoreItem ds:itemID="{{{_ITEM_ID}}}" xmlns:ds="{_PROPERTIES_NAMESPACE}">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{SOURCES_NAMESPACE}"/></ds:schemaRefs>'
        "</ds:datastoreItem>"
    ).encode()


def _is_small(package: zipfile.ZipFile, name: str) -> bool:
    return package.getinfo(name).file_size <= _MAX_PART_BYTES


def _source(entry: Element) -> Source:
    prefix = f"{{{SOURCES_NAMESPACE}}}"
    return Source.model_validate(
        {child.tag.removeprefix(prefix): child.text or "" for child in entry}
    )
