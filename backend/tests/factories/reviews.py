"""Deliverables with planted faults, and a composer that gives one version after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.agents.ports import Ask
from app.agents.results import AgentResult
from app.artifacts.blocks import (
    Block,
    BulletSlide,
    ChartSlide,
    Deck,
    DeckKpi,
    Document,
    Formula,
    Heading,
    Kpi,
    Paragraph,
    Run,
    Sheet,
    SheetTable,
    Slide,
    SourcesSlide,
    TitleSlide,
    Workbook,
)
from app.artifacts.report import GateReport, RenderedFile
from app.schemas.plan import AgentName, PlanStep
from app.schemas.review import Fault, FaultCode, FaultKind, ReviewReport, ReviewRound
from app.schemas.source import ColumnKind, Language, Source, TableColumn
from app.sources import SourceLibrary
from tests.factories.artifacts import make_chart
from tests.factories.composers import TODAY, ProposingComposer
from tests.factories.task_files import task_library

GOAL = "Write a report on electric ferries"
QUOTE = "Orders for electric ferries rose by 38% in 2024."
TOTAL_LABEL = "Total revenue"
TOTAL = 2995


def review_ask(
    *,
    agent: AgentName = AgentName.DOCS,
    goal: str = GOAL,
    instructions: str = "",
    slide_count: int | None = None,
    language: Language = "en",
    library: SourceLibrary | None = None,
    results: Mapping[str, AgentResult] | None = None,
) -> Ask:
    """Return an order over the ferries' text and table."""
    step = PlanStep(
        key=agent.value,
        agent=agent,
        title="Ferries",
        instructions=instructions,
        slide_count=slide_count,
    )
    return Ask(
        goal=goal,
        language=language,
        today=TODAY,
        step=step,
        sources=library or task_library(language),
        results=results or {},
    )


def cited(ask: Ask, quote: str = QUOTE) -> Source:
    """Cite a quote where it stands."""
    found = [p for p in ask.sources.passages if quote in p.text]
    return ask.sources.cite(found[0], quote)


def a_document(ask: Ask, *blocks: Block, sources: Sequence[Source] | None = None) -> AgentResult:
    """Return a document of one true claim and the given blocks."""
    source = cited(ask)
    claim = Paragraph(runs=(Run(text=QUOTE, source_ids=(source.id,)),))
    document = Document(
        title="Electric ferries",
        language="en",
        created_on=TODAY,
        blocks=(Heading(level=1, text="Demand"), claim, *blocks),
        sources=(source,) if sources is None else tuple(sources),
    )
    return AgentResult(summary=document.title, document=document)


def a_claim(ask: Ask, text: str) -> Paragraph:
    """Return a paragraph that cites the true quote."""
    return Paragraph(runs=(Run(text=text, source_ids=(cited(ask).id,)),))


def a_workbook(ask: Ask, *, total: float = TOTAL) -> AgentResult:
    """Return a workbook of the revenue by region, with its total as a headline figure."""
    source = ask.sources.table_source(ask.sources.tables[0])
    table = SheetTable(
        name="Revenue",
        title="Revenue by region",
        columns=(
            TableColumn(name="Region"),
            TableColumn(name="Revenue", kind=ColumnKind.INTEGER, unit="USD million"),
        ),
        rows=(("Europe", Formula(expression="=420+610+830", value=1860)), ("Asia", 1135)),
        source_ids=(source.id,),
    )
    kpi = Kpi(
        label=TOTAL_LABEL,
        value=Formula(expression="=SUM(Revenue[Revenue])", value=total),
        kind=ColumnKind.INTEGER,
    )
    sheet = Sheet(name="Revenue", title="Revenue", kpis=(kpi,), tables=(table,))
    book = Workbook(
        title="Ferries", language="en", created_on=TODAY, sheets=(sheet,), sources=(source,)
    )
    return AgentResult(summary=book.title, workbook=book)


def a_deck(
    ask: Ask, *more: Slide, total: str = "2,995", has_source_list: bool = True
) -> AgentResult:
    """Return a deck of a title, a point, a chart with the total, and the sources."""
    source = cited(ask)
    point = BulletSlide(title="Demand rises", items=((Run(text=QUOTE, source_ids=(source.id,)),),))
    chart = ChartSlide(
        title="Revenue",
        chart=make_chart(values=((420, 610, 830),), title="Revenue in Europe"),
        kpis=(DeckKpi(value=total, label=TOTAL_LABEL, source_ids=(source.id,)),),
        source_ids=(source.id,),
    )
    closing = (SourcesSlide(title="Sources"),) if has_source_list else ()
    slides = (TitleSlide(title="Ferries"), point, chart, *more, *closing)
    deck = Deck(title="Ferries", language="en", created_on=TODAY, slides=slides, sources=(source,))
    return AgentResult(summary=deck.title, deck=deck)


class VersionsComposer(ProposingComposer):
    """Gives the next of its documents each time; judges each as the test says.

    `asks` holds every order to write; the last document is given again when there are no more.
    """

    def __init__(
        self, versions: Sequence[Document], judgements: Sequence[Sequence[Fault]] = ()
    ) -> None:
        super().__init__(())
        self._versions = list(versions)
        self._judgements = list(judgements)
        self.asks: list[Ask] = []

    async def write_document(self, ask: Ask) -> Document:
        """Give the next version."""
        self.asks.append(ask)
        return self._versions.pop(0) if len(self._versions) > 1 else self._versions[0]

    async def review(
        self, ask: Ask, made: AgentResult, found: tuple[Fault, ...]
    ) -> tuple[Fault, ...]:
        """Give the next judgement."""
        return tuple(self._judgements.pop(0)) if self._judgements else ()


async def rendered(result: AgentResult) -> RenderedFile:
    """Return a file that passed its gate, without rendering."""
    return RenderedFile(
        name="report.docx",
        media_type="text/plain",
        content=result.model_dump_json().encode(),
        report=GateReport(checks=()),
    )


def without_files(ask: Ask) -> Ask:
    """Return the order without any source."""
    return replace(ask, sources=SourceLibrary([]))


def a_review() -> ReviewReport:
    """Return the review of a file whose second version was kept, with one fault open."""
    fault = Fault(
        kind=FaultKind.FACTS,
        code=FaultCode.NUMBER_UNTRACED,
        message="The number 7 stands in no source and follows from no table.",
        place="Demand",
        written="7",
        points=10,
    )
    rounds = (
        ReviewRound(number=1, score=80, faults=(fault, fault)),
        ReviewRound(number=2, score=90, faults=(fault,)),
    )
    return ReviewReport(score=90, kept_round=2, rounds=rounds)
