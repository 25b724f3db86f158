"""The tables of a task as a model sees them, and what it may choose from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.agents.builtin.naming import table_title
from app.artifacts.formatting import column_heading, format_cell
from app.schemas.source import CellValue, Language, Source, SourceTable
from app.sources import QuoteNotFound, SourceLibrary, is_total_row

MAX_TABLES = 12
SHOWN_ROWS = 12
EVIDENCE_ROWS = 400
MAX_CELL_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Tables by reference ("T1")."""

    by_reference: Mapping[str, SourceTable]
    language: Language

    def find(self, reference: str) -> SourceTable | None:
        """Return the table that a model means, however it wrote the reference."""
        return self.by_reference.get(reference.strip().strip("[]").upper())

    def lines(self, share: float) -> Iterator[str]:
        """Show each table's columns and first rows, fewer rows for a smaller `share`."""
        for reference, table in self.by_reference.items():
            columns = ", ".join(f"{column_heading(c)} <{c.kind}>" for c in table.columns)
            place = f"{table.file_name}, {table.locator}"
            yield f"[{reference}] {shown_title(table)}; {place}"
            yield f"  columns: {columns}; {len(table.rows)} rows"
            for row in table.rows[: max(2, int(SHOWN_ROWS * share))]:
                yield "  " + " | ".join(self._cells(table, row))

    def evidence(self) -> list[str]:
        """Return each table as one text, values as stored and as shown."""
        return ["\n".join(self._evidence_lines(t)) for t in self.by_reference.values()]

    def _evidence_lines(self, table: SourceTable) -> Iterator[str]:
        yield f"{table.title} {' | '.join(column_heading(c) for c in table.columns)}"
        for row in table.rows[:EVIDENCE_ROWS]:
            yield " | ".join(str(cell) for cell in row)
            yield " | ".join(self._cells(table, row))

    def _cells(self, table: SourceTable, row: Sequence[CellValue]) -> list[str]:
        pairs = zip(row, table.columns, strict=True)
        return [format_cell(v, c, self.language)[:MAX_CELL_LENGTH] for v, c in pairs]


def tables_of(library: SourceLibrary, language: Language) -> Tables:
    """Number the tables of a task that have rows."""
    filled = [table for table in library.tables if table.rows and table.columns]
    numbered = {f"T{n}": table for n, table in enumerate(filled[:MAX_TABLES], start=1)}
    return Tables(by_reference=numbered, language=language)


def shown_title(table: SourceTable) -> str:
    """Return a table's title, made of its file's name where it has none of its own."""
    if table.title.strip() != table.file_name:
        return table_title(table)
    return table_title(table.model_copy(update={"title": ""}))


def column_indices(table: SourceTable, names: Sequence[str]) -> tuple[int, ...]:
    """Return the positions of the named columns, in the order named; unknown names are left out."""
    positions: dict[str, int] = {}
    for position, column in enumerate(table.columns):
        positions.setdefault(_folded(column.name), position)
        positions.setdefault(_folded(column_heading(column)), position)
    found = (positions.get(_folded(name)) for name in names)
    return tuple(dict.fromkeys(position for position in found if position is not None))


def unknown_columns(table: SourceTable, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are no column of the table."""
    return tuple(name for name in names if not column_indices(table, (name,)))


def data_row_positions(table: SourceTable) -> tuple[int, ...]:
    """Return the positions of rows that are no totals."""
    return tuple(i for i, row in enumerate(table.rows) if not is_total_row(row))


def source_of(library: SourceLibrary, table: SourceTable) -> Source | None:
    """Return the source that a whole table is cited by, None when it has no quotable rows."""
    try:
        return library.table_source(table)
    except QuoteNotFound:
        return None


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
