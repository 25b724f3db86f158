"""Write a document: the model gives texts with references, code gives tables, charts, sources."""

import asyncio
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from app.agents.llm.chart_choice import ChartChoice, chart_of, chart_problems
from app.agents.llm.client import ModelClient, Order
from app.agents.llm.fence import system_prompt
from app.agents.llm.material import Citing, Material
from app.agents.llm.tables import (
    column_indices,
    data_row_positions,
    shown_title,
    unknown_columns,
)
from app.agents.llm.wire import Answer
from app.agents.ports import Ask
from app.artifacts.blocks import (
    Block,
    Callout,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Table,
)
from app.schemas.source import Language

MAX_TABLE_ROWS = 20
MAX_TABLE_COLUMNS = 6
KEY_LABELS: dict[Language, str] = {"en": "In short", "ko": "핵심"}
UNCITED_LABELS: dict[Language, str] = {"en": "No sources", "ko": "출처 없음"}
UNCITED: dict[Language, str] = {
    "en": "No files were given for this document. It cites nothing; check it before you use it.",
    "ko": "이 문서에는 주어진 파일이 없어 출처가 없습니다. 쓰기 전에 내용을 확인하십시오.",
}


class ParagraphAnswer(Answer):
    """Body text."""

    kind: Literal["paragraph"]
    text: str = Field(max_length=2400)


class ListAnswer(Answer):
    """A list of parallel points."""

    kind: Literal["list"]
    ordered: bool
    items: tuple[str, ...] = Field(min_length=1, max_length=10)


class TableAnswer(Answer):
    """A table of the files, by reference; an empty list of columns keeps all."""

    kind: Literal["table"]
    table: str = Field(max_length=8)
    columns: tuple[str, ...] = Field(max_length=MAX_TABLE_COLUMNS)
    caption: str = Field(max_length=200)


class FigureAnswer(ChartChoice):
    """A chart with its caption."""

    kind: Literal["chart"]
    title: str = Field(max_length=160)
    caption: str = Field(max_length=240)


class SubheadingAnswer(Answer):
    """A heading inside a section."""

    kind: Literal["subheading"]
    text: str = Field(max_length=160)


BlockAnswer = ParagraphAnswer | ListAnswer | TableAnswer | FigureAnswer | SubheadingAnswer


class SectionAnswer(Answer):
    """A section."""

    heading: str = Field(min_length=1, max_length=160)
    blocks: tuple[BlockAnswer, ...] = Field(min_length=1, max_length=10)


class DocumentAnswer(Answer):
    """A document."""

    title: str = Field(min_length=1, max_length=200)
    subtitle: str = Field(max_length=240)
    key_message: str = Field(max_length=800)
    sections: tuple[SectionAnswer, ...] = Field(min_length=1, max_length=12)


async def write_document(client: ModelClient, ask: Ask) -> Document:
    """Ask for the document's texts and choices, and build the document from them."""
    material = await asyncio.to_thread(Material.of, ask)
    answer = await client.ask(
        Order(
            operation="document",
            system=system_prompt("document", ask.language),
            prompt=lambda share: material.prompt(ask, share),
            answer=DocumentAnswer,
            problems=lambda written: _problems(written, material),
        )
    )
    return await asyncio.to_thread(_Builder(ask, material).build, answer)


def _problems(answer: DocumentAnswer, material: Material) -> tuple[str, ...]:
    blocks = [block for section in answer.sections for block in section.blocks]
    charts = [block for block in blocks if isinstance(block, FigureAnswer)]
    tables = [block for block in blocks if isinstance(block, TableAnswer)]
    unknown = [
        f"There is no table {t.table!r}." for t in tables if material.tables.find(t.table) is None
    ]
    unknown += [
        f"Table {block.table} has no column {name!r}."
        for block in tables
        if (table := material.tables.find(block.table)) is not None
        for name in unknown_columns(table, block.columns)
    ]
    texts = material.problems(_texts(answer))
    return (*unknown, *chart_problems(charts, material.tables), *texts)


def _texts(answer: DocumentAnswer) -> Iterator[str]:
    yield from (answer.title, answer.subtitle, answer.key_message)
    for section in answer.sections:
        yield section.heading
        for block in section.blocks:
            yield from _block_texts(block)


def _block_texts(block: BlockAnswer) -> tuple[str, ...]:
    if isinstance(block, ListAnswer):
        return block.items
    if isinstance(block, TableAnswer):
        return (block.caption,)
    if isinstance(block, FigureAnswer):
        return (block.title, block.caption)
    return (block.text,)


class _Builder:
    """Builds the document, and remembers which sources it used."""

    def __init__(self, ask: Ask, material: Material) -> None:
        self.ask = ask
        self.material = material
        self.cite = Citing(material)

    def build(self, answer: DocumentAnswer) -> Document:
        """Return the document."""
        blocks = [*self._opening(answer), *self._sections(answer)]
        title = self.material.plain(answer.title, self.ask.step.title)
        return Document(
            title=title,
            subtitle=self.material.plain(answer.subtitle),
            language=self.ask.language,
            created_on=self.ask.today,
            blocks=tuple(blocks),
            sources=self.cite.sources,
        )

    def _opening(self, answer: DocumentAnswer) -> Iterator[Block]:
        language = self.ask.language
        runs = self.cite.runs(answer.key_message)
        if runs:
            yield Callout(label=KEY_LABELS[language], runs=runs)
        if not self.material.facts.references and not self.material.tables.by_reference:
            warning = self.material.runs(UNCITED[language])
            yield Callout(label=UNCITED_LABELS[language], runs=warning, tone="warning")

    def _sections(self, answer: DocumentAnswer) -> Iterator[Block]:
        for section in answer.sections:
            built = list(self._blocks(section))
            heading = self.material.plain(section.heading)
            if built and heading:
                yield Heading(level=1, text=heading)
            yield from built

    def _blocks(self, section: SectionAnswer) -> Iterator[Block]:
        pending: Heading | None = None
        for answer in section.blocks:
            if isinstance(answer, SubheadingAnswer):
                text = self.material.plain(answer.text)
                pending = Heading(level=2, text=text) if text else None
                continue
            block = self._block(answer)
            if block is None:
                continue
            if pending is not None:
                yield pending
                pending = None
            yield block

    def _block(
        self, answer: ParagraphAnswer | ListAnswer | TableAnswer | FigureAnswer
    ) -> Block | None:
        if isinstance(answer, ParagraphAnswer):
            runs = self.cite.runs(answer.text)
            return Paragraph(runs=runs) if runs else None
        if isinstance(answer, ListAnswer):
            items = tuple(runs for text in answer.items if (runs := self.cite.runs(text)))
            return ListBlock(ordered=answer.ordered, items=items) if items else None
        return self._table(answer) if isinstance(answer, TableAnswer) else self._figure(answer)

    def _table(self, answer: TableAnswer) -> Table | None:
        table = self.material.tables.find(answer.table)
        if table is None:
            return None
        kept = column_indices(table, answer.columns) or tuple(range(len(table.columns)))
        kept = kept[:MAX_TABLE_COLUMNS]
        positions = data_row_positions(table)[:MAX_TABLE_ROWS]
        return Table(
            caption=self.material.plain(answer.caption, shown_title(table)),
            columns=tuple(table.columns[i] for i in kept),
            rows=tuple(tuple(table.rows[p][i] for i in kept) for p in positions),
            source_ids=self.cite.table(table),
        )

    def _figure(self, answer: FigureAnswer) -> Figure | None:
        table = self.material.tables.find(answer.table)
        title = self.material.plain(answer.title, shown_title(table) if table is not None else "")
        chart = chart_of(answer, title, self.material.tables)
        if chart is None or table is None:
            return None
        caption = self.material.plain(answer.caption, title)
        return Figure(chart=chart, caption=caption, source_ids=self.cite.table(table))
