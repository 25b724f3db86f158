"""What a deliverable's numbers and quotes are held against: sources, tables, computed cells."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from app.agents.builtin.readable_sources import readable_sources
from app.agents.builtin.request import understand
from app.agents.builtin.table_choice import rank_tables
from app.agents.ports import Ask
from app.agents.review.derived import PER_CENT, derived_numbers
from app.agents.review.grids import workbook_grids
from app.agents.review.known_numbers import KnownNumbers
from app.artifacts.blocks import Workbook
from app.schemas.source import ColumnKind, Source, SourceTable
from app.sources import SourceLibrary, quantities_in, stands_in


class Evidence:
    """All that the numbers and quotes of one step's deliverable may come from."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.library: SourceLibrary = readable_sources(ask.goal, ask.sources)

    def stands(self, source: Source) -> bool:
        """Say whether a source's quote stands word for word; pages of the web were checked then."""
        return source.kind == "web" or self.library.verify(source)

    def holds(self, words: str) -> bool:
        """Say whether some passage has these words, one after the other."""
        return any(stands_in(words, passage.text) for passage in self.library.passages)

    def untraced(self, text: str, computed: KnownNumbers) -> Iterator[str]:
        """Yield the numbers of `text`, as written, that come from nowhere."""
        for quantity in quantities_in(text):
            is_known = computed.has(quantity) or self._sources.has(quantity)
            if not is_known and not self._analysed.has(quantity):
                yield quantity.written

    def has_value(self, value: float, computed: KnownNumbers) -> bool:
        """Say whether a cell's value (39 for 39%) is in the sources or follows from them."""
        is_known = computed.has_value(value) or self._sources.has_value(value)
        return is_known or self._analysed.has_value(value)

    @cached_property
    def _sources(self) -> KnownNumbers:
        # "Based on a.md, b.md and 2 more files."
        plain = set(map(float, range(len(self.library.extracts) + 1)))
        percents: set[float] = set()
        for table in self.library.tables:
            amounts, shares = derived_numbers(table)
            plain |= amounts | set(_cells(table))
            percents |= shares
        return KnownNumbers(self._texts(), plain, percents)

    def _texts(self) -> Iterator[str]:
        ask, library = self._ask, self.library
        yield from (ask.goal, ask.step.title, ask.step.instructions, ask.today.isoformat())
        # The date as it is printed: without its leading zeros.
        yield f"{ask.today.year} {ask.today.month} {ask.today.day}"
        for extract in library.extracts:
            yield f"{extract.file_name} {extract.title}"
        for passage in library.passages:
            yield f"{passage.section} {passage.locator} {passage.text}"
        for table in library.tables:
            yield f"{table.title} {table.locator} {' '.join(c.name for c in table.columns)}"

    @cached_property
    def _analysed(self) -> KnownNumbers:
        """What an analysis of the tables says; made only for what plain arithmetic leaves open."""
        request = understand(self._ask.goal, self._ask.language)
        reports = rank_tables(self.library, request.in_language(self._ask.language))
        said = [
            f"{insight.text} {insight.headline} {insight.value} {insight.label}"
            for report in reports
            for insight in report.insights
        ]
        values = [p.value for report in reports for s in report.series for p in s.points]
        values += [part.value for report in reports for b in report.breakdowns for part in b.slices]
        return KnownNumbers(said, values)


def computed_numbers(books: Iterable[Workbook], counts: Iterable[int] = ()) -> KnownNumbers:
    """Return the cells of workbooks as known numbers, with counts that a file makes of itself."""
    cells = [cell for book in books for grid in workbook_grids(book) for cell in grid.cells]
    valued = [cell for cell in cells if cell.value is not None]
    plain = [float(cell.value or 0) for cell in valued if not cell.is_fraction]
    percents = [float(cell.value or 0) * PER_CENT for cell in valued if cell.is_fraction]
    return KnownNumbers([c.shown for c in cells], [*plain, *map(float, counts)], percents)


def _cells(table: SourceTable) -> Iterator[float]:
    for row in table.rows:
        for cell, column in zip(row, table.columns, strict=False):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                yield abs(cell) * (PER_CENT if column.kind is ColumnKind.PERCENT else 1.0)
