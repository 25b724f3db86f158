"""The sheet that lists the sources: number, title, file, place, quote, hash."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from app.artifacts.citations import source_entries, sources_title
from app.artifacts.links import safe_href
from app.artifacts.xlsx.layout import FIRST_COLUMN, TITLE_ROW
from app.artifacts.xlsx.styles import Styles
from app.artifacts.xlsx.tables import LINE_HEIGHT
from app.artifacts.xlsx.values import stored_text
from app.artifacts.xlsx.widths import MARGIN_WIDTH, wrapped_lines
from app.schemas.locator import shown_locator
from app.schemas.source import Language, Source

HEADER_ROW = TITLE_ROW + 2
HASH_LENGTH = 12
_HEADERS: dict[Language, tuple[str, ...]] = {
    "en": ("No.", "Title", "File or address", "Place", "Quote", "SHA-256"),
    "ko": ("번호", "제목", "파일 또는 주소", "위치", "인용문", "SHA-256"),
}
_WIDTHS = (7.0, 34.0, 30.0, 26.0, 70.0, 16.0)
_ADDRESS = 2
_LONGEST_LINK = 2_000
_MOST_LINES = 20


def source_rows(
    sources: Sequence[Source], language: Language
) -> tuple[tuple[int | str | None, ...], ...]:
    """Return the cells of the list, one row a source."""
    rows = []
    for source, entry in zip(sources, source_entries(sources, language), strict=True):
        texts = (
            entry.title,
            source.url or source.file_name or "",
            shown_locator(source.locator, language),
            source.quote,
            source.sha256[:HASH_LENGTH],
        )
        rows.append((entry.number, *(stored_text(text).strip() or None for text in texts)))
    return tuple(rows)


def write_sources(
    sheet: Worksheet, styles: Styles, sources: Sequence[Source], language: Language, table: str
) -> None:
    """Write the list as a table."""
    sheet.set_column(0, 0, MARGIN_WIDTH)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(FIRST_COLUMN + place, FIRST_COLUMN + place, width)
    sheet.set_row(TITLE_ROW, 28)
    title = sources_title(language)
    sheet.write_string(TITLE_ROW, FIRST_COLUMN, title, styles.title(wrapped=False))
    header = styles.header(right=False)
    sheet.add_table(
        HEADER_ROW,
        FIRST_COLUMN,
        HEADER_ROW + len(sources),
        FIRST_COLUMN + len(_WIDTHS) - 1,
        {
            "name": table,
            "style": None,
            "description": title,
            "columns": [{"header": text, "header_format": header} for text in _HEADERS[language]],
        },
    )
    sheet.set_row(HEADER_ROW, 20)
    for row, cells in enumerate(source_rows(sources, language), start=HEADER_ROW + 1):
        _write_row(sheet, styles, row, cells)


def _write_row(
    sheet: Worksheet, styles: Styles, row: int, cells: Sequence[int | str | None]
) -> None:
    style = styles.body("General", right=False, wrapped=True)
    lines = 1
    for place, cell in enumerate(cells):
        column = FIRST_COLUMN + place
        if isinstance(cell, int):
            sheet.write_number(row, column, cell, style)
        elif cell is None:
            sheet.write_blank(row, column, None, style)
        elif place == _ADDRESS and (href := safe_href(cell)) and len(href) <= _LONGEST_LINK:
            sheet.write_url(row, column, href, styles.link(), string=cell)
        else:
            sheet.write_string(row, column, cell, style)
        lines = max(lines, wrapped_lines(str(cell or ""), _WIDTHS[place]))
    sheet.set_row(row, min(lines, _MOST_LINES) * LINE_HEIGHT + 3)
