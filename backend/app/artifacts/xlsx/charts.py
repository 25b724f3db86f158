"""Native charts that read the tables: they change when a user changes a figure."""

from collections.abc import Mapping, Sequence

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from app.artifacts.blocks import ChartKind, Formula, SheetChart
from app.artifacts.characters import clean_line
from app.artifacts.formatting import number_format_code
from app.artifacts.text_width import truncate_text
from app.artifacts.themes import HOUSE_THEME, css
from app.artifacts.xlsx.layout import (
    FIRST_COLUMN,
    ChartRange,
    PlacedSheet,
    PlacedWorkbook,
    chart_range,
)
from app.artifacts.xlsx.styles import FONTS
from app.artifacts.xlsx.widths import MARGIN_WIDTH
from app.schemas.source import Language, TableColumn

_PALETTE = HOUSE_THEME.palette
_FROM_ZERO = frozenset({ChartKind.COLUMN, ChartKind.BAR})
_LABELLED_POINTS = 12
_LABELLED_SERIES = 2
_TITLE_EM = 45.0
_WIDE_TABLE = 105.0
_LONG_TABLE = 60
_ROW_PX = 24
_WIDTH_PX, _HEIGHT_PX, _WIDEST_PX, _TALLEST_PX = 580, 330, 900, 720
_PX_PER_CHARACTER = 7.0
Options = dict[str, object]


class ChartWriter:
    """Writes the charts of one sheet."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: Worksheet, language: Language) -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._font: Options = {"name": FONTS[language], "size": 9, "color": css(_PALETTE.text)}

    def write(
        self, placed: PlacedWorkbook, sheet: PlacedSheet, widths: Mapping[int, float]
    ) -> None:
        """Write every chart that has something to show; the gate reports the others."""
        spots = ChartSpots(sheet, widths)
        for chart in sheet.sheet.charts:
            shown = chart_range(placed, sheet, chart)
            if shown is None:
                continue
            size = _size(chart, shown)
            row, column = spots.next_spot(*size)
            drawn = self._chart(chart, shown)
            drawn.set_size({"width": size[0], "height": size[1]})
            self._sheet.insert_chart(
                row,
                column,
                drawn,
                {"description": clean_line(chart.alt_text), "object_position": 2},
            )

    def _chart(self, chart: SheetChart, shown: ChartRange) -> Chart:
        drawn = self._new_chart(chart.kind)
        second = _second_axis(chart, shown)
        main = [place for place in shown.values if place not in second]
        labelled = shown.points <= _LABELLED_POINTS and len(shown.values) <= _LABELLED_SERIES
        for index, place in enumerate(main):
            drawn.add_series(self._series(chart, shown, place, index, labelled=labelled))
        if second:
            self._add_second_axis(drawn, chart, shown, second)
        self._style(drawn, chart, shown)
        return drawn

    def _new_chart(self, kind: ChartKind) -> Chart:
        drawn = self._workbook.add_chart({"type": kind.value})
        if drawn is None:
            message = f"XlsxWriter draws no {kind.value} chart"
            raise TypeError(message)
        return drawn

    def _add_second_axis(
        self, drawn: Chart, chart: SheetChart, shown: ChartRange, second: Sequence[int]
    ) -> None:
        line = self._new_chart(ChartKind.LINE)
        lines = chart.model_copy(update={"kind": ChartKind.LINE})
        first_index = len(shown.values) - len(second)
        for index, place in enumerate(second, start=first_index):
            series = self._series(lines, shown, place, index, labelled=False)
            line.add_series({**series, "y2_axis": True})
        line.set_y2_axis(
            {
                **self._value_axis(shown.table.columns[second[0]]),
                "major_gridlines": {"visible": False},
            }
        )
        drawn.combine(line)

    def _series(
        self, chart: SheetChart, shown: ChartRange, place: int, index: int, *, labelled: bool
    ) -> Options:
        table = shown.table
        last_row = table.first_row + shown.points - 1
        column = FIRST_COLUMN + place
        categories = FIRST_COLUMN + shown.category
        series: Options = {
            "name": [table.sheet_name, table.header_row, column],
            "categories": [table.sheet_name, table.first_row, categories, last_row, categories],
            "values": [table.sheet_name, table.first_row, column, last_row, column],
            **_series_look(chart.kind, index, shown.points),
        }
        if chart.kind is ChartKind.PIE:
            series["data_labels"] = self._labels(percentage=True, position="outside_end")
        elif labelled:
            code = number_format_code(table.columns[place])
            position = "above" if chart.kind is ChartKind.LINE else "outside_end"
            series["data_labels"] = self._labels(value=True, num_format=code, position=position)
        return series

    def _labels(self, **options: object) -> Options:
        return {**options, "font": self._font}

    def _style(self, drawn: Chart, chart: SheetChart, shown: ChartRange) -> None:
        title = truncate_text(clean_line(chart.title), _TITLE_EM)
        if title:
            bold = {**self._font, "size": 12, "bold": True, "color": css(_PALETTE.title)}
            drawn.set_title({"name": title, "name_font": bold, "overlay": False})
        else:
            drawn.set_title({"none": True})
        drawn.set_chartarea({"border": {"color": css(_PALETTE.grid)}, "fill": {"color": "#FFFFFF"}})
        if chart.kind is ChartKind.PIE:
            drawn.set_legend({"position": "right", "font": self._font})
            return
        if len(shown.values) > 1:
            drawn.set_legend({"position": "bottom", "font": self._font})
        else:
            drawn.set_legend({"none": True})
        self._style_axes(drawn, chart, shown)

    def _style_axes(self, drawn: Chart, chart: SheetChart, shown: ChartRange) -> None:
        category: Options = {
            "num_font": self._font,
            "line": {"color": css(_PALETTE.rule)},
            "major_tick_mark": "none",
            "label_position": "low",
            "num_format": number_format_code(shown.table.columns[shown.category]),
            "text_axis": True,
        }
        if chart.kind is ChartKind.BAR:
            category |= {"reverse": True, "crossing": "max"}
        value = self._value_axis(shown.table.columns[shown.values[0]])
        if chart.kind in _FROM_ZERO and _all_positive(shown):
            value |= {"min": 0}
        if chart.kind is ChartKind.BAR:  # XlsxWriter names the axes of bars by where they lie
            category, value = value, category
        drawn.set_x_axis(category)
        drawn.set_y_axis(value)

    def _value_axis(self, column: TableColumn) -> Options:
        axis: Options = {
            "num_font": self._font,
            "num_format": number_format_code(column),
            "line": {"none": True},
            "major_tick_mark": "none",
            "major_gridlines": {
                "visible": True,
                "line": {"color": css(_PALETTE.grid), "width": 0.75},
            },
        }
        unit = clean_line(column.unit or "")
        if unit and "%" not in number_format_code(column):
            small = {**self._font, "bold": False, "color": css(_PALETTE.muted)}
            axis |= {"name": unit, "name_font": small}
        return axis


class ChartSpots:
    """Finds a place for each chart: beside the tables, below wide ones, two across if alone."""

    def __init__(self, sheet: PlacedSheet, widths: Mapping[int, float]) -> None:
        self._widths = widths
        table_width = sum(
            widths.get(FIRST_COLUMN + place, MARGIN_WIDTH) for place in range(sheet.width)
        )
        long = sheet.end_row - sheet.body_row > _LONG_TABLE
        self._beside = bool(sheet.tables) and (table_width <= _WIDE_TABLE or long)
        if self._beside:
            self._row = sheet.tables[0].first_row
            self._column = FIRST_COLUMN + sheet.width + 1
        else:
            self._row = sheet.end_row + 2 if sheet.tables else sheet.body_row
            self._column = FIRST_COLUMN
        self._is_left = True
        self._left_size = (0, 0)

    def next_spot(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Return the row and column of the next chart's corner."""
        rows = -(-height_px // _ROW_PX) + 1
        if self._beside:
            spot = self._row, self._column
            self._row += rows
            return spot
        if self._is_left:
            self._is_left = False
            self._left_size = (width_px, rows)
            return self._row, self._column
        spot = self._row, self._column_after(self._left_size[0])
        self._is_left = True
        self._row += max(self._left_size[1], rows)
        return spot

    def _column_after(self, width_px: int) -> int:
        column, used = self._column, 0.0
        while used < width_px + 16:
            used += self._widths.get(column, 8.43) * _PX_PER_CHARACTER + 5
            column += 1
        return column


def _all_positive(shown: ChartRange) -> bool:
    """Say whether every value shown is zero or more: then bars start at zero.

    Calculated columns are not known here to be positive, and are left to the office program.
    """
    written = len(shown.table.table.columns)
    rows = list(shown.table.rows())
    cells = [row[place] for row in rows for place in shown.values if place < written]
    values = [cell.value if isinstance(cell, Formula) else cell for cell in cells]
    numbers = [value for value in values if isinstance(value, int | float)]
    is_known = all(place < written for place in shown.values)
    return is_known and bool(numbers) and min(numbers) >= 0


def _second_axis(chart: SheetChart, shown: ChartRange) -> tuple[int, ...]:
    """Return the columns measured in another unit than the first: they get an axis of their own."""
    if chart.kind is not ChartKind.COLUMN:
        return ()
    measures = {place: _measure(shown.table.columns[place]) for place in shown.values}
    first = measures[shown.values[0]]
    others = tuple(place for place in shown.values if measures[place] != first)
    return others if len({measures[place] for place in others}) == 1 else ()


def _measure(column: TableColumn) -> tuple[str | None, bool]:
    return column.unit, "%" in number_format_code(column)


def _series_look(kind: ChartKind, index: int, points: int) -> Options:
    colour = css(HOUSE_THEME.series_colour(index))
    if kind is ChartKind.LINE:
        return {
            "line": {"color": colour, "width": 2.25},
            "marker": {
                "type": "circle" if points <= 40 else "none",
                "size": 6,
                "fill": {"color": colour},
                "border": {"color": "#FFFFFF"},
            },
        }
    if kind is ChartKind.PIE:
        slices = [{"fill": {"color": _slice_colour(place)}} for place in range(min(points, 60))]
        return {"points": slices, "border": {"color": "#FFFFFF"}}
    return {"fill": {"color": colour}, "border": {"none": True}, "gap": 60, "overlap": 0}


def _slice_colour(place: int) -> str:
    light = place // len(_PALETTE.series) % 2 == 1
    return css(HOUSE_THEME.series_colour(place, light=light))


def _size(chart: SheetChart, shown: ChartRange) -> tuple[int, int]:
    marks = shown.points * len(shown.values)
    if chart.kind is ChartKind.BAR:
        return _WIDTH_PX, min(max(_HEIGHT_PX, 90 + marks * 18), _TALLEST_PX)
    if chart.kind is ChartKind.PIE:
        return _WIDTH_PX, min(max(_HEIGHT_PX, 90 + shown.points * 18), _TALLEST_PX)
    return min(max(_WIDTH_PX, 120 + marks * 14), _WIDEST_PX), _HEIGHT_PX
