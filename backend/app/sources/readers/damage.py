"""What the libraries raise over damaged files: they check little before they read on."""

import struct
import zipfile
import zlib
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from docx.opc.exceptions import OpcError as WordPackageError
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException
from pptx.exc import PythonPptxError
from pypdf.errors import PyPdfError

DAMAGE: tuple[type[Exception], ...] = (
    PyPdfError,
    WordPackageError,
    PythonPptxError,
    InvalidFileException,
    etree.LxmlError,
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    ParseError,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
