"""CSV and its relatives: delimiter, encoding and header are found out, not assumed."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from app.sources.detect import suffix_of
from app.sources.encoding import decode
from app.sources.reading import Reading
from app.sources.request import ReadRequest
from app.sources.tables import Grid, RawCell

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200
_SAMPLE_CHARS = 200_000
_SHOWN_ROWS = 5


def read_delimited(request: ReadRequest) -> Reading:
    """Read delimited text as one table; records are numbered from 1, the header included."""
    decoded = decode(request.content)
    reading = Reading()
    if decoded.is_lossy:
        reading.notices.append(request.say("lossy_text"))
    elif not decoded.is_utf8:
        reading.notices.append(request.say("encoding_guessed", encoding=decoded.encoding))
    text = decoded.text.removeprefix("\ufeff")
    delimiter, text = _declared(text)
    delimiter = delimiter or sniff_delimiter(text, is_tab="tsv" in suffix_of(request.file_name))
    grid = _grid(request, text, delimiter, reading.notices)
    reading.blocks.append(grid)
    return reading


def sniff_delimiter(text: str, *, is_tab: bool = False) -> str:
    """Return the delimiter that cuts the first rows most evenly into most columns."""
    if is_tab and "\t" in text[:_SAMPLE_CHARS]:
        return "\t"
    return max(_DELIMITERS, key=lambda d: (_evenness(text, d), -_DELIMITERS.index(d)))


def _declared(text: str) -> tuple[str | None, str]:
    """Excel's own first line "sep=;" names the delimiter."""
    first, _, rest = text.partition("\n")
    line = first.strip().strip('"')
    if line.lower().startswith("sep=") and len(line) == 5:
        return line[4], rest
    return None, text


def _evenness(text: str, delimiter: str) -> float:
    widths = [len(row) for row in _sample(text, delimiter) if any(cell.strip() for cell in row)]
    many = Counter(width for width in widths if width > 1)
    if not many:
        return 0.0
    width, count = max(many.items(), key=lambda pair: (pair[1], pair[0]))
    return count / len(widths) * (1 + min(width, 50) / 100)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text[:_SAMPLE_CHARS], newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= _SAMPLE_ROWS:
                return rows
    except csv.Error:
        return []
    # The last row of a cut sample is cut itself.
    return rows[:-1] if len(text) > _SAMPLE_CHARS else rows


def _rows(request: ReadRequest, text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise request.damaged() from error


def _grid(request: ReadRequest, text: str, delimiter: str, notices: list[str]) -> Grid:
    limits = request.limits
    grid = Grid(rows=[], numbers=[])
    is_wide = False
    for number, row in enumerate(_rows(request, text, delimiter), start=1):
        is_wide = is_wide or len(row) > limits.max_table_columns
        cells: list[RawCell] = list(row[: limits.max_table_columns])
        grid.rows.append(cells)
        grid.numbers.append(number)
        if number > limits.max_table_rows:
            grid.is_complete = False
            break
    if is_wide:
        place, limit = request.file_name, limits.max_table_columns
        notices.append(request.say("too_many_columns", place=place, limit=limit))
    _report_ragged(request, grid, notices)
    return grid


def _report_ragged(request: ReadRequest, grid: Grid, notices: list[str]) -> None:
    """Rows longer than all others usually mean an unquoted delimiter inside a cell."""
    widths = Counter(len(row) for row in grid.rows if any(row))
    if len(widths) < 2:
        return
    usual = widths.most_common(1)[0][0]
    longer = [
        number
        for row, number in zip(grid.rows, grid.numbers, strict=True)
        if len(row) > usual and any(str(cell).strip() for cell in row[usual:])
    ]
    if longer and widths[usual] > len(grid.rows) // 2:
        rows = ", ".join(str(number) for number in longer[:_SHOWN_ROWS])
        place = request.file_name
        notices.append(request.say("ragged_rows", count=len(longer), place=place, rows=rows))
