"""Two columns of prose that a PDF draws line by line across: read one, then the other."""

from collections.abc import Sequence

from app.sources.readers.pdf_lines import Line

_MIN_LINES = 4
_MIN_CELL_CHARS = 18
_TOLERANCE_PT = 6.0


def order_columns(lines: Sequence[Line]) -> list[Line]:
    """Return the lines in reading order."""
    ordered: list[Line] = []
    run: list[Line] = []
    for line in lines:
        if len(line.cells) == 2 and (not run or _is_beside(run[-1], line)):
            run.append(line)
            continue
        ordered.extend(_unfold(run))
        run = [line] if len(line.cells) == 2 else []
        if not run:
            ordered.append(line)
    return ordered + _unfold(run)


def _is_beside(above: Line, line: Line) -> bool:
    return all(
        abs(first.x - second.x) <= _TOLERANCE_PT
        for first, second in zip(above.cells, line.cells, strict=True)
    )


def _unfold(run: Sequence[Line]) -> list[Line]:
    cells = [cell for line in run for cell in line.cells]
    mean = sum(len(cell.text) for cell in cells) / max(1, len(cells))
    if len(run) < _MIN_LINES or mean < _MIN_CELL_CHARS:
        return list(run)
    return [_part(line, side) for side in (0, 1) for line in run]


def _part(line: Line, side: int) -> Line:
    cell = line.cells[side]
    return Line(
        page=line.page,
        x=cell.x,
        y=line.y,
        size=line.size,
        is_bold=line.is_bold,
        height_share=line.height_share,
        cells=[cell],
        has_space_after=line.has_space_after,
    )
