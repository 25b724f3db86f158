"""Cutting a sheet into its tables along blank rows and blank columns (recursive X-Y cut).

After Nagy and Seth, Hierarchical representation of optically scanned documents, ICPR 1984.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.sources.tables import RawCell
from app.sources.tables.headers import count_header_rows, is_number_cell

_MIN_SHARED_ROWS = 0.6


@dataclass(slots=True)
class Region:
    """A block of cells; `top` counts from 1 and `left` from 0."""

    top: int
    left: int
    rows: list[list[RawCell]]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(row) for row in self.rows), default=0)

    @property
    def bottom(self) -> int:
        """The number of the last row."""
        return self.top + len(self.rows) - 1

    @property
    def is_remark(self) -> bool:
        """Whether it is one cell of text alone: a title, a unit line, a note."""
        return len(self.rows) == 1 and self.width == 1 and isinstance(self.rows[0][0], str)


def find_regions(rows: Sequence[Sequence[RawCell]]) -> list[Region]:
    """Return the regions of a sheet, from top to bottom, then from left to right."""
    whole = Region(1, 0, [list(row) for row in rows])
    return _join_continued(sorted(_cut(whole), key=lambda r: (r.top, r.left)))


def _cut(region: Region) -> Iterator[Region]:
    bands = list(_bands(region))
    for band in bands:
        blocks = list(_columns(band))
        if len(blocks) == 1:
            yield blocks[0]
        else:
            for block in blocks:
                yield from _cut(block)


def _bands(region: Region) -> Iterator[Region]:
    rows: list[list[RawCell]] = []
    top = region.top
    for number, row in enumerate(region.rows, start=region.top):
        if any(cell != "" for cell in row):
            if not rows:
                top = number
            rows.append(row)
        elif rows:
            yield Region(top, region.left, rows)
            rows = []
    if rows:
        yield Region(top, region.left, rows)


def _columns(band: Region) -> Iterator[Region]:
    """Split a band at blank columns; a lone column stays with what is to its right."""
    spans = list(_spans(_filled_columns(band)))
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and _is_label_column(band, merged[-1]):
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    for first, last in merged:
        rows = [row[first : last + 1] for row in band.rows]
        trimmed = list(_bands(Region(band.top, band.left + first, rows)))
        if len(merged) == 1 or len(trimmed) != 1:
            yield Region(band.top, band.left + first, rows)
        else:
            yield trimmed[0]


def _filled_columns(band: Region) -> list[int]:
    filled = {i for row in band.rows for i, cell in enumerate(row) if cell != ""}
    return sorted(filled)


def _spans(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = columns[0]
    for column in columns[1:]:
        if column != last + 1:
            yield first, last
            first = column
        last = column
    yield first, last


def _is_label_column(band: Region, span: tuple[int, int]) -> bool:
    first, last = span
    if first != last or len(band.rows) < 2:
        return False
    cells = [row[first] for row in band.rows if len(row) > first and row[first] != ""]
    is_text = all(isinstance(cell, str) for cell in cells)
    return is_text and len(cells) >= len(band.rows) * _MIN_SHARED_ROWS


def _join_continued(regions: list[Region]) -> list[Region]:
    """Put together a table that blank rows only space out: the lower part has no header."""
    joined: list[Region] = []
    for region in regions:
        above = next((r for r in reversed(joined) if _is_above(r, region)), None)
        if above is not None and _continues(above, region):
            gap = region.top - above.bottom - 1
            above.rows.extend([[] for _ in range(gap)])
            shift = region.left - above.left
            pad: list[RawCell] = [""] * shift
            above.rows.extend([pad + row for row in region.rows])
        else:
            joined.append(region)
    return joined


def _is_above(above: Region, below: Region) -> bool:
    return above.left <= below.left < above.left + above.width


def _continues(above: Region, below: Region) -> bool:
    if above.width < 2 or below.width < 2 or len(above.rows) < 2:
        return False
    if below.left + below.width > above.left + above.width or below.top - above.bottom > 3:
        return False
    has_numbers = any(is_number_cell(cell) for cell in below.rows[0])
    return has_numbers and count_header_rows(below.rows, has_header=None) == 0
