"""Design a deck: the model tells the story slide by slide, code adds figures, charts, sources."""

import asyncio
from collections.abc import Iterator

from app.agents.llm.chart_choice import chart_of, chart_problems
from app.agents.llm.client import ModelClient, Order
from app.agents.llm.deck_answer import (
    BulletsAnswer,
    CardsAnswer,
    ChartAnswer,
    DeckAnswer,
    KpiAnswer,
    QuoteAnswer,
    SlideAnswer,
    TableSlideAnswer,
    slide_texts,
)
from app.agents.llm.fence import system_prompt
from app.agents.llm.material import Citing, Material
from app.agents.llm.tables import column_indices, data_row_positions
from app.agents.ports import Ask
from app.artifacts.blocks import (
    BulletSlide,
    Card,
    CardSlide,
    ChartSlide,
    Deck,
    DeckKpi,
    QuoteSlide,
    Run,
    Slide,
    SourcesSlide,
    TableSlide,
    TitleSlide,
)
from app.artifacts.citations import sources_title
from app.artifacts.formatting import format_date
from app.schemas.locator import shown_locator

USUAL_SLIDES = 8
FRAME_SLIDES = 2
MAX_TABLE_ROWS, MAX_TABLE_COLUMNS = 8, 6
MAX_QUOTE_LENGTH = 320


async def design_deck(client: ModelClient, ask: Ask) -> Deck:
    """Ask for the slides' texts and choices, and build the deck from them."""
    material = await asyncio.to_thread(Material.of, ask)
    wanted = _inner_slides(ask, material)
    asked = ("Slides to give", str(wanted))
    answer = await client.ask(
        Order(
            operation="deck",
            system=system_prompt("deck", ask.language),
            prompt=lambda share: material.prompt(ask, share, asked),
            answer=DeckAnswer,
            problems=lambda designed: _problems(designed, material, wanted),
        )
    )
    return await asyncio.to_thread(_Builder(ask, material).build, answer, wanted)


def _inner_slides(ask: Ask, material: Material) -> int:
    """Return how many slides the model gives: without the title and the list of sources."""
    can_cite = bool(material.facts.sources) or bool(material.tables.by_reference)
    frame = FRAME_SLIDES if can_cite else FRAME_SLIDES - 1
    return max(1, (ask.step.slide_count or USUAL_SLIDES) - frame)


def _problems(answer: DeckAnswer, material: Material, wanted: int) -> tuple[str, ...]:
    count = len(answer.slides)
    wrong = [f"There are {count} slides; give exactly {wanted}."] if count != wanted else []
    charts = [slide for slide in answer.slides if isinstance(slide, ChartAnswer)]
    texts = [answer.title, answer.subtitle]
    texts += [text for slide in answer.slides for text in slide_texts(slide)]
    known = material.facts.references
    wrong += [
        f"There is no fact {slide.fact}."
        for slide in answer.slides
        if isinstance(slide, QuoteAnswer) and slide.fact.strip("[]") not in known
    ]
    wrong += [
        f"There is no table {slide.table}."
        for slide in answer.slides
        if isinstance(slide, TableSlideAnswer) and material.tables.find(slide.table) is None
    ]
    return (*wrong, *chart_problems(charts, material.tables), *material.problems(texts))


class _Builder:
    """Builds the deck, and remembers which sources it used."""

    def __init__(self, ask: Ask, material: Material) -> None:
        self.ask = ask
        self.material = material
        self.cite = Citing(material)

    def build(self, answer: DeckAnswer, wanted: int) -> Deck:
        """Return the deck, with at most `wanted` slides inside its frame."""
        title = self.material.plain(answer.title, self.ask.step.title)
        inner = [slide for a in answer.slides[:wanted] if (slide := self._slide(a)) is not None]
        sources = self.cite.sources
        language = self.ask.language
        closing = [SourcesSlide(title=sources_title(language))] if sources else []
        opening = TitleSlide(
            title=title,
            subtitle=self.material.plain(answer.subtitle),
            footer=format_date(self.ask.today, language, width="long"),
        )
        return Deck(
            title=title,
            language=language,
            created_on=self.ask.today,
            slides=(opening, *inner, *closing),
            sources=sources,
        )

    def _slide(self, answer: SlideAnswer) -> Slide | None:
        slide: Slide | None
        match answer:
            case BulletsAnswer():
                slide = self._bullets(answer)
            case CardsAnswer():
                slide = self._cards(answer)
            case ChartAnswer():
                slide = self._chart(answer)
            case TableSlideAnswer():
                slide = self._table(answer)
            case QuoteAnswer():
                slide = self._quote(answer)
        return slide

    def _bullets(self, answer: BulletsAnswer) -> Slide | None:
        items = tuple(runs for text in answer.items if (runs := self.cite.runs(text)))
        if not items:
            return None
        return BulletSlide(
            eyebrow=self.material.plain(answer.eyebrow),
            title=self._title(answer),
            items=items,
            notes=self.material.plain(answer.notes),
        )

    def _cards(self, answer: CardsAnswer) -> Slide | None:
        cards = tuple(
            Card(title=title, runs=runs)
            for card in answer.cards
            if (runs := self.cite.runs(card.text)) and (title := self.material.plain(card.title))
        )
        if len(cards) < 2:
            items = tuple(card.runs for card in cards)
            return BulletSlide(title=self._title(answer), items=items) if items else None
        return CardSlide(
            eyebrow=self.material.plain(answer.eyebrow),
            title=self._title(answer),
            cards=cards,
            notes=self.material.plain(answer.notes),
        )

    def _chart(self, answer: ChartAnswer) -> Slide | None:
        chart_title = self.material.plain(answer.chart_title, self._title(answer))
        chart = chart_of(answer, chart_title, self.material.tables)
        table = self.material.tables.find(answer.table)
        if chart is None or table is None:
            return None
        return ChartSlide(
            eyebrow=self.material.plain(answer.eyebrow),
            title=self._title(answer),
            chart=chart,
            kpis=tuple(self._kpis(answer)),
            source_ids=self.cite.table(table),
            notes=self.material.plain(answer.notes),
        )

    def _kpis(self, answer: ChartAnswer) -> Iterator[DeckKpi]:
        for kpi in answer.kpis:
            value, label = self._checked(kpi)
            if value and label:
                ids = self.cite.use(self.material.facts.source_ids([kpi.fact.strip("[]")]))
                yield DeckKpi(value=value, label=label, source_ids=ids)

    def _checked(self, kpi: KpiAnswer) -> tuple[str, str]:
        """Return value and label, empty where a number in them stands in no fact."""
        is_sound = not self.material.evidence.unsupported(f"{kpi.value}. {kpi.label}")
        return (kpi.value, self.material.plain(kpi.label)) if is_sound else ("", "")

    def _table(self, answer: TableSlideAnswer) -> Slide | None:
        table = self.material.tables.find(answer.table)
        if table is None:
            return None
        kept = column_indices(table, answer.columns) or tuple(range(len(table.columns)))
        kept = kept[:MAX_TABLE_COLUMNS]
        positions = data_row_positions(table)[:MAX_TABLE_ROWS]
        return TableSlide(
            eyebrow=self.material.plain(answer.eyebrow),
            title=self._title(answer),
            columns=tuple(table.columns[i] for i in kept),
            rows=tuple(tuple(table.rows[p][i] for i in kept) for p in positions),
            source_ids=self.cite.table(table),
            notes=self.material.plain(answer.notes),
        )

    def _quote(self, answer: QuoteAnswer) -> Slide | None:
        ids = self.material.facts.source_ids([answer.fact.strip("[]")])
        source = self.material.facts.sources.get(ids[0]) if ids else None
        if source is None:
            return None
        located = shown_locator(source.locator, self.ask.language)
        place = ", ".join(part for part in (source.title, located) if part)
        quoted = source.quote
        if len(quoted) > MAX_QUOTE_LENGTH:
            return None
        return QuoteSlide(
            eyebrow=self.material.plain(answer.eyebrow),
            title=self._title(answer),
            quote=Run(text=quoted, source_ids=self.cite.use(ids[:1])),
            attribution=place,
            notes=self.material.plain(answer.notes),
        )

    def _title(self, answer: SlideAnswer) -> str:
        return self.material.plain(answer.title, self.ask.step.title)
