"""Which reader reads which type, and what a damaged file makes them raise."""

from collections.abc import Callable

from app.sources.detect import FileType
from app.sources.readers.damage import DAMAGE
from app.sources.readers.delimited import read_delimited
from app.sources.readers.docx import read_docx
from app.sources.readers.html import read_html
from app.sources.readers.markdown import read_markdown
from app.sources.readers.pdf import read_pdf
from app.sources.readers.plain import read_plain
from app.sources.readers.pptx import read_pptx
from app.sources.readers.xlsx import read_xlsx
from app.sources.reading import Reading
from app.sources.request import ReadRequest

_READERS: dict[FileType, Callable[[ReadRequest], Reading]] = {
    FileType.PDF: read_pdf,
    FileType.DOCX: read_docx,
    FileType.XLSX: read_xlsx,
    FileType.PPTX: read_pptx,
    FileType.CSV: read_delimited,
    FileType.TSV: read_delimited,
    FileType.MARKDOWN: read_markdown,
    FileType.HTML: read_html,
    FileType.TEXT: read_plain,
}


def read_as(request: ReadRequest, file_type: FileType) -> Reading:
    """Read a file as the type that its content shows; refuse it when it is damaged."""
    try:
        return _READERS[file_type](request)
    except DAMAGE as error:
        raise request.damaged() from error
