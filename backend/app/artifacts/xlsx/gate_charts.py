"""Check of charts: all there, with words for readers who cannot see them, over real figures."""

from collections.abc import Iterator

from openpyxl.utils.cell import range_to_tuple

from app.artifacts.xlsx.layout import PlacedWorkbook, chart_range
from app.artifacts.xlsx.read import ReadChart, ReadWorkbook


def chart_problems(file: ReadWorkbook, placed: PlacedWorkbook) -> Iterator[str]:
    """Yield the charts that are missing, without alt text, or over empty ranges."""
    for sheet in placed.sheets:
        found = sum(chart.sheet == sheet.name for chart in file.charts)
        for chart in sheet.sheet.charts:
            if chart_range(placed, sheet, chart) is None:
                yield f"the chart {chart.title!r} has no table, columns or rows to show"
        drawn = sum(chart_range(placed, sheet, one) is not None for one in sheet.sheet.charts)
        if found != drawn:
            yield f"the sheet {sheet.name!r} has {found} charts instead of {drawn}"
    for drawing in file.charts:
        yield from _problems(file, drawing)


def _problems(file: ReadWorkbook, chart: ReadChart) -> Iterator[str]:
    name = f"the chart {chart.title!r} on {chart.sheet!r}"
    if not chart.alt_text.strip():
        yield f"{name} has no alt text"
    if not chart.ranges:
        yield f"{name} reads no cells"
    for reference in chart.ranges:
        if not _has_content(file, reference):
            yield f"{name} reads {reference}, where nothing stands"


def _has_content(file: ReadWorkbook, reference: str) -> bool:
    try:
        sheet, bounds = range_to_tuple(reference)
    except ValueError:
        return False
    if not file.has_sheet(sheet):
        return False
    first_column, first_row, last_column, last_row = (bound or 1 for bound in bounds)
    return any(
        file.sheets[sheet].value(row, column) is not None
        for row in range(first_row, last_row + 1)
        for column in range(first_column, last_column + 1)
    )
