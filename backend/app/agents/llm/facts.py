"""What a writing operation may say: facts with short references, and the figures behind them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.agents.builtin.table_report import TableReport
from app.agents.llm.tables import shown_title, source_of
from app.agents.ports import Ask
from app.agents.results import Finding, Findings
from app.artifacts.blocks import Formula, Kpi, Workbook
from app.artifacts.formatting import format_cell
from app.schemas.source import Language, Source, SourceTable, TableColumn

MAX_FACTS = 80
MAX_FACT_LENGTH = 600
FACTS_PER_TABLE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A statement that may be repeated, and where it comes from."""

    topic: str
    text: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts by reference ("F1"), and the sources they cite, by id."""

    by_reference: Mapping[str, Fact]
    sources: Mapping[str, Source]

    @property
    def references(self) -> tuple[str, ...]:
        """All references, in order of weight."""
        return tuple(self.by_reference)

    def lines(self, share: float) -> Iterator[str]:
        """Show the facts, the first `share` of them."""
        shown = list(self.by_reference.items())
        for reference, fact in shown[: max(1, int(len(shown) * share))]:
            topic = f" ({fact.topic})" if fact.topic else ""
            yield f"[{reference}]{topic} {fact.text[:MAX_FACT_LENGTH]}"

    def evidence(self) -> list[str]:
        """Return the texts whose numbers may be repeated: the facts and the quotes below them."""
        texts = [fact.text for fact in self.by_reference.values()]
        return texts + [source.quote for source in self.sources.values()]

    def source_ids(self, references: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the sources that these references cite, each once."""
        facts = (self.by_reference[r] for r in references if r in self.by_reference)
        return tuple(dict.fromkeys(id for fact in facts for id in fact.source_ids))


def facts_of(ask: Ask, tables: Iterable[SourceTable] = ()) -> Facts:
    """Gather the facts of an order: verified findings, the workbooks' figures, then what was
    computed from `tables`.
    """
    facts = [fact for findings in ask.findings for fact in _from_findings(findings)]
    facts += [fact for book in ask.workbooks for fact in _from_workbook(book, ask.language)]
    sources = {s.id: s for findings in ask.findings for s in findings.sources}
    sources |= {s.id: s for book in ask.workbooks for s in book.sources}
    for table in tables:
        source = source_of(ask.sources, table)
        if source is not None:
            facts += _from_table(table, source, ask)
            sources[source.id] = source
    known = [_with_known_sources(fact, sources) for fact in facts[:MAX_FACTS]]
    numbered = {f"F{number}": fact for number, fact in enumerate(known, start=1)}
    return Facts(by_reference=numbered, sources=sources)


def cited_sources(facts: Facts, used: Sequence[str], extra: Iterable[Source]) -> tuple[Source, ...]:
    """Return the sources that were used, in order of first use."""
    known = {source.id: source for source in extra} | dict(facts.sources)
    return tuple(known[id] for id in dict.fromkeys(used) if id in known)


def _from_findings(findings: Findings) -> Iterator[Fact]:
    for finding in findings.findings:
        if finding.verified:
            yield _fact(finding)


def _fact(finding: Finding) -> Fact:
    return Fact(topic=finding.topic, text=finding.text, source_ids=finding.source_ids)


def _from_workbook(book: Workbook, language: Language) -> Iterator[Fact]:
    for sheet in book.sheets:
        for kpi in sheet.kpis:
            shown = _shown(kpi, language)
            text = f"{kpi.label}: {shown}"
            yield Fact(topic=sheet.title, text=text, source_ids=kpi.source_ids)


def _from_table(table: SourceTable, source: Source, ask: Ask) -> Iterator[Fact]:
    report = TableReport(table, ask.language, f"{ask.goal} {ask.step.instructions}")
    for insight in report.insights[:FACTS_PER_TABLE]:
        yield Fact(topic=shown_title(table), text=insight.text, source_ids=(source.id,))


def _shown(kpi: Kpi, language: Language) -> str:
    value = kpi.value.value if isinstance(kpi.value, Formula) else kpi.value
    column = TableColumn(name=kpi.label, kind=kpi.kind, unit=kpi.unit, decimals=kpi.decimals)
    return format_cell(value, column, language, with_unit=True)


def _with_known_sources(fact: Fact, sources: Mapping[str, Source]) -> Fact:
    known = tuple(id for id in fact.source_ids if id in sources)
    return Fact(topic=fact.topic, text=fact.text, source_ids=known)
