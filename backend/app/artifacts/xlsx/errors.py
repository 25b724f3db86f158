"""Workbooks that no spreadsheet can hold."""

from app.core.errors import Invalid


class WorkbookTooLargeError(Invalid):
    """A table is larger than a sheet."""

    code = "workbook_too_large"

    def __init__(self, table: str, rows: int, columns: int) -> None:
        super().__init__(
            f"The table {table!r} has {rows:,} rows and {columns:,} columns. A sheet holds about "
            "1,048,000 rows and 16,000 columns. Split the table.",
            table=table,
            rows=rows,
            columns=columns,
        )


class WorkbookUnevenError(Invalid):
    """A row has more cells than its table has columns."""

    code = "workbook_uneven"

    def __init__(self, table: str, cells: int, columns: int) -> None:
        super().__init__(
            f"The table {table!r} has a row of {cells} cells for {columns} columns. "
            "Name every column.",
            table=table,
            cells=cells,
            columns=columns,
        )
