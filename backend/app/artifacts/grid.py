"""A table as text: what every renderer of tables sets."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.artifacts.formatting import column_heading, format_cell, is_right_aligned
from app.schemas.source import CellValue, Language, TableColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Headings and cells as text. `has_total` marks the last row as a total."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right_aligned: tuple[bool, ...]
    has_total: bool = False

    def is_total(self, index: int) -> bool:
        """Whether a row is the total."""
        return self.has_total and index == len(self.rows) - 1

    def columns(self, indices: Sequence[int]) -> "Grid":
        """Return some of the columns, in the order asked for."""
        return Grid(
            headings=tuple(self.headings[index] for index in indices),
            rows=tuple(tuple(row[index] for index in indices) for row in self.rows),
            right_aligned=tuple(self.right_aligned[index] for index in indices),
            has_total=self.has_total,
        )


def table_grid(
    columns: Sequence[TableColumn],
    rows: Sequence[Sequence[CellValue]],
    language: Language,
    *,
    has_total: bool = False,
) -> Grid:
    """Set typed cells as text. Short rows are filled up; a total's missing cells stay blank."""
    last = len(rows) - 1
    return Grid(
        headings=tuple(" ".join(column_heading(column).split()) for column in columns),
        rows=tuple(
            _row(columns, row, language, is_total=has_total and index == last)
            for index, row in enumerate(rows)
        ),
        right_aligned=tuple(map(is_right_aligned, columns)),
        has_total=has_total,
    )


def _row(
    columns: Sequence[TableColumn],
    row: Sequence[CellValue],
    language: Language,
    *,
    is_total: bool,
) -> tuple[str, ...]:
    cells = (*row, *(None for _ in range(len(columns) - len(row))))
    return tuple(
        "" if is_total and value is None else format_cell(value, column, language)
        for value, column in zip(cells, columns, strict=False)
    )
