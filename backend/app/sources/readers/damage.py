"""What the libraries raise over damaged files: they check little before they read on."""

import struct
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from docx.opc.exceptions import OpcError as WordPackageError
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException
from pptx.exc import PythonPptxError
from pypdf.errors import PyPdfError

from app.core.zip_damage import ZIP_DAMAGE

DAMAGE: tuple[type[Exception], ...] = (
    PyPdfError,
    WordPackageError,
    PythonPptxError,
    InvalidFileException,
    etree.LxmlError,
    *ZIP_DAMAGE,
    ExpatError,
    ParseError,
    struct.error,
    ArithmeticError,
    AttributeError,
    OSError,
    RecursionError,
    TypeError,
)
