"""The sources inside a Word file: the part that carries them, and the properties it must have."""

import uuid

from docx.document import Document as DocxFile
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from app.artifacts.embedded_sources import SOURCES_NAMESPACE, sources_xml
from app.schemas.source import Source

_PROPERTIES_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_ITEM_ID = str(uuid.uuid5(uuid.NAMESPACE_URL, SOURCES_NAMESPACE)).upper()


def embed_sources(file: DocxFile, sources: tuple[Source, ...]) -> None:
    """Attach the sources to the file as a custom XML part."""
    package = file.part.package
    item = Part(PackURI("/customXml/item1.xml"), CONTENT_TYPE.XML, sources_xml(sources), package)
    properties = Part(
        PackURI("/customXml/itemProps1.xml"),
        CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES,
        _item_properties(),
        package,
    )
    item.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    file.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def _item_properties() -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<ds:datastoreItem ds:itemID="{{{_ITEM_ID}}}" xmlns:ds="{_PROPERTIES_NAMESPACE}">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{SOURCES_NAMESPACE}"/></ds:schemaRefs>'
        "</ds:datastoreItem>"
    ).encode()
