"""Facts against sources: every quote word for word, every number from somewhere."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.agents.results import AgentResult
from app.agents.review.content import Content
from app.agents.review.evidence import Evidence, computed_numbers
from app.agents.review.known_numbers import KnownNumbers
from app.agents.review.wording import fault
from app.artifacts.blocks import Formula, QuoteSlide, SheetTable, Workbook
from app.schemas.review import Fault, FaultCode
from app.sources import stands_in, tokens

_QUOTED = re.compile("“([^”]+)”")
_LEAST_QUOTED_WORDS = 5
_PER_CENT = 100


def fact_faults(
    made: AgentResult, content: Content, evidence: Evidence, books: Sequence[Workbook]
) -> Iterator[Fault]:
    """Yield changed quotes and numbers without origin; `books` are those handed to the step."""
    changed = (*_source_quotes(content, evidence), *_slide_quotes(made, content))
    for place, quote in (*changed, *_prose_quotes(content, evidence)):
        yield fault(FaultCode.QUOTE_CHANGED, content.language, place=place, written=quote)
    own = [_formulas_of(made.workbook)] if made.workbook is not None else []
    computed = computed_numbers([*books, *own], _counts(content))
    told: dict[str, str] = {}
    for place, written in (
        *_spoken(content, evidence, computed),
        *_shown(content, evidence, computed),
    ):
        told.setdefault(written, place)
    for written, place in told.items():
        yield fault(FaultCode.NUMBER_UNTRACED, content.language, place=place, written=written)


def _source_quotes(content: Content, evidence: Evidence) -> Iterator[tuple[str, str]]:
    for source in content.sources:
        if not evidence.stands(source):
            yield source.locator or source.title, source.quote


def _slide_quotes(made: AgentResult, content: Content) -> Iterator[tuple[str, str]]:
    known = {source.id: source for source in content.sources}
    for slide in made.deck.slides if made.deck is not None else ():
        if isinstance(slide, QuoteSlide):
            cited = (known[id].quote for id in slide.quote.source_ids if id in known)
            if not any(stands_in(slide.quote.text, quote) for quote in cited):
                yield slide.title, slide.quote.text


def _prose_quotes(content: Content, evidence: Evidence) -> Iterator[tuple[str, str]]:
    for statement in content.statements:
        if statement.source_ids and not statement.is_quote:
            for words in _QUOTED.findall(statement.text):
                if len(tokens(words)) >= _LEAST_QUOTED_WORDS and not evidence.holds(words):
                    yield statement.place, words


def _spoken(
    content: Content, evidence: Evidence, computed: KnownNumbers
) -> Iterator[tuple[str, str]]:
    for statement in content.statements:
        if not statement.is_quote:
            for written in evidence.untraced(statement.text, computed):
                yield statement.place, written


def _shown(
    content: Content, evidence: Evidence, computed: KnownNumbers
) -> Iterator[tuple[str, str]]:
    for grid in content.grids:
        for cell in grid.cells:
            if cell.value is None:
                continue
            value = cell.value * _PER_CENT if cell.is_fraction else cell.value
            if not evidence.has_value(value, computed):
                yield grid.title or cell.row, cell.shown


def _counts(content: Content) -> Iterable[int]:
    """Yield what a file may say of itself: how many rows, sources and files it has."""
    yield len(content.sources)
    yield len({source.file_id for source in content.sources})
    for grid in content.grids:
        rows = {cell.row for cell in grid.cells}
        yield len(rows)


def _formulas_of(book: Workbook) -> Workbook:
    """Return the workbook with its formulas alone: what was typed in has to be traced."""
    sheets = [
        sheet.model_copy(
            update={
                "tables": tuple(map(_formulas, sheet.tables)),
                "kpis": tuple(kpi for kpi in sheet.kpis if isinstance(kpi.value, Formula)),
            }
        )
        for sheet in book.sheets
    ]
    return book.model_copy(update={"sheets": tuple(sheets)})


def _formulas(table: SheetTable) -> SheetTable:
    rows = tuple(
        tuple(cell if isinstance(cell, Formula) else None for cell in row) for row in table.rows
    )
    return table.model_copy(update={"rows": rows})
