"""Typed tables out of grids of cells."""

from app.sources.tables.build import CELL_JOIN, NAME_JOIN, BuiltTable, Line, build_table
from app.sources.tables.columns import column_head
from app.sources.tables.grid import Grid, RawCell, TypedCell, cell_text, plain_grid
from app.sources.tables.totals import is_total_row

__all__ = [
    "CELL_JOIN",
    "NAME_JOIN",
    "BuiltTable",
    "Grid",
    "Line",
    "RawCell",
    "TypedCell",
    "build_table",
    "cell_text",
    "column_head",
    "is_total_row",
    "plain_grid",
]
