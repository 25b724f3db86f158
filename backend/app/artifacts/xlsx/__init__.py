"""Workbooks as .xlsx: typed tables, live formulas with their values, native charts, a gate."""

from app.artifacts.xlsx.errors import WorkbookTooLargeError, WorkbookUnevenError
from app.artifacts.xlsx.gate import check_xlsx
from app.artifacts.xlsx.rendering import MEDIA_TYPE, render

__all__ = [
    "MEDIA_TYPE",
    "WorkbookTooLargeError",
    "WorkbookUnevenError",
    "check_xlsx",
    "render",
]
