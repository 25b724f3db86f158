"""Tables in PDFs, taken only where the alignment of the text leaves no doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.sources.readers.pdf_lines import Line
from app.sources.tables import RawCell
from app.sources.tables.cells import is_blank, parse_number
from app.sources.tables.headers import count_header_rows

_MIN_LINES = 3
_LEFT_TOLERANCE_PT = 4.0
_RIGHT_TOLERANCE_PT = 14.0
_MIN_NUMBER_SHARE = 0.5
_MAX_CELL_CHARS = 60
_MAX_HEADER_LINES = 24
_MAX_NAME_CHARS = 40
_SENTENCE_ENDS = ".!?:;,"
_HEADER_REACH_EM = 6.0


@dataclass(frozen=True, slots=True)
class TableArea:
    """A table among the lines of a page: `start` to `end`, its header included."""

    start: int
    end: int
    rows: list[list[RawCell]]


def find_tables(lines: Sequence[Line]) -> Iterator[TableArea]:
    """Yield the tables of a page, in order.

    All lines of a table have the same number of cells, all columns are aligned left, right or
    centred, and below the first line half of the cells beside the first column are numbers.
    """
    index = 0
    while index < len(lines):
        count = _count_lines(lines[index:])
        if not count:
            index += 1
            continue
        rows: list[list[RawCell]] = [
            [cell.text for cell in line.cells] for line in lines[index : index + count]
        ]
        start = index
        if count_header_rows(rows, has_header=None) == 0:
            start, header = _header_above(lines, index)
            rows = [header, *rows] if header else rows
        yield TableArea(start, index + count, rows)
        index += count


def _count_lines(lines: Sequence[Line]) -> int:
    count = 0
    width = len(lines[0].cells)
    for line in lines:
        is_alike = len(line.cells) == width and line.page == lines[0].page
        is_below = count == 0 or line.y < lines[count - 1].y
        if not (width > 1 and is_alike and is_below and _is_short(line)):
            break
        count += 1
    found = lines[:count]
    if count < _MIN_LINES or not _has_numbers(found[1:]):
        return 0
    return count if all(_is_aligned(found, column) for column in range(width)) else 0


def _is_short(line: Line) -> bool:
    return all(len(cell.text) <= _MAX_CELL_CHARS for cell in line.cells)


def _has_numbers(lines: Sequence[Line]) -> bool:
    cells = [cell.text for line in lines for cell in line.cells[1:]]
    numbers = [text for text in cells if is_blank(text) or parse_number(text) is not None]
    return len(numbers) >= len(cells) * _MIN_NUMBER_SHARE


def _is_aligned(lines: Sequence[Line], column: int) -> bool:
    """Column headings may be centred, so the body alone decides."""
    lefts = [line.cells[column].x for line in lines[1:]]
    rights = [line.cells[column].end for line in lines[1:]]
    centres = [(left + right) / 2 for left, right in zip(lefts, rights, strict=True)]
    return (
        max(lefts) - min(lefts) <= _LEFT_TOLERANCE_PT
        or max(rights) - min(rights) <= _RIGHT_TOLERANCE_PT
        or max(centres) - min(centres) <= _RIGHT_TOLERANCE_PT / 2
    )


def _header_above(lines: Sequence[Line], table: int) -> tuple[int, list[RawCell]]:
    """Gather a header whose cells run over several lines, drawn cell by cell."""
    first = lines[table]
    starts = [cell.x for cell in first.cells]
    names: list[list[str]] = [[] for _ in starts]
    index = table
    while index > max(0, table - _MAX_HEADER_LINES) and _is_header(lines[index - 1], first):
        index -= 1
    for line in lines[index:table]:
        column = 0
        for span in line.spans:
            near = _column_at(starts, span.x)
            column = near if abs(starts[near] - span.x) <= _LEFT_TOLERANCE_PT else column
            names[column].append(span.text)
        for parts in names:
            parts.append("" if "".join(parts).endswith(("/", "(")) else " ")
    header: list[RawCell] = [" ".join("".join(parts).split()) for parts in names]
    return (index, header) if all(header) else (table, [])


def _is_header(line: Line, first: Line) -> bool:
    is_near = 0 < line.y - first.y <= first.size * _HEADER_REACH_EM
    starts = [cell.x for cell in first.cells]
    return (
        is_near
        and line.page == first.page
        and all(len(cell.text) <= _MAX_NAME_CHARS for cell in line.cells)
        and line.text[-1] not in _SENTENCE_ENDS
        and all(
            abs(starts[_column_at(starts, cell.x)] - cell.x) <= _LEFT_TOLERANCE_PT
            for cell in line.cells
        )
    )


def _column_at(starts: Sequence[float], x: float) -> int:
    return min(range(len(starts)), key=lambda column: abs(starts[column] - x))
