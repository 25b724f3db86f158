"""Write a document: key points, figures, themes, disagreements, limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.agents.builtin.charts import report_charts
from app.agents.builtin.document_words import DocumentWords, document_words
from app.agents.builtin.insight import Insight
from app.agents.builtin.material import Fact, Material, Theme
from app.agents.builtin.naming import table_title
from app.agents.builtin.request import Request
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.text_tables import small_table
from app.agents.builtin.titles import kind_label
from app.agents.builtin.vocabulary import DocumentKind
from app.artifacts.blocks import (
    Block,
    Callout,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Run,
    Table,
)
from app.schemas.source import SourceTable

_KEY_POINTS = 3
_MOST_WORD_ROWS = 14
_MOST_LINES = 20
_MOST_DISPUTE_CHARS = 260
_SHORT_KINDS = frozenset({DocumentKind.ONE_PAGER, DocumentKind.ANSWER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How much a document may hold."""

    tables: int
    figures: int
    insights: int
    themes: int
    facts: int
    has_table: bool = True


def length_of(request: Request, pages: int | None) -> Length:
    """Return the room for a document of so many pages; two to four when the goal does not say."""
    wanted = pages or (1 if request.document_kind in _SHORT_KINDS else 3)
    if wanted <= 1:
        return Length(tables=1, figures=1, insights=2, themes=2, facts=2, has_table=False)
    if wanted == 2:
        return Length(tables=1, figures=1, insights=4, themes=4, facts=3)
    if wanted <= 4:
        return Length(tables=2, figures=3, insights=4, themes=5, facts=4)
    return Length(tables=4, figures=6, insights=6, themes=10, facts=6)


class DocumentWriter:
    """Writes one document. Blocks: run it in a thread."""

    def __init__(
        self, title: str, request: Request, material: Material, today: date, length: Length
    ) -> None:
        self._title = title
        self._request = request
        self._material = material
        self._today = today
        self._length = length
        self._words: DocumentWords = document_words(material.language)
        self._said: set[str] = set()
        self._placed: set[str] = set()

    def write(self) -> Document:
        """Return the document; no sentence stands in it twice and no section is empty."""
        blocks = [
            *self._key_points(),
            *self._figures(),
            *self._themes(),
            *self._word_tables(),
            *self._disagreements(),
            *self._limits(),
        ]
        kind = kind_label(self._request)
        return Document(
            title=self._title,
            subtitle=self._words.based_on(self._material.file_names()),
            eyebrow=f"{kind} · {self._words.month(self._today)}",
            language=self._material.language,
            created_on=self._today,
            blocks=tuple(blocks),
            sources=self._material.citations.sources,
        )

    def _key_points(self) -> list[Block]:
        chosen = self._key_runs()
        if not chosen:
            return []
        label = self._words.key
        if self._request.document_kind is DocumentKind.ANSWER:
            label = self._words.answer
        return [Callout(label=label, runs=_spaced(chosen))]

    def _key_runs(self) -> list[Run]:
        """Take the two weightiest figures of different kinds, then facts of different topics."""
        runs: list[Run] = []
        columns = set()
        for report, insight in self._material.insights:
            if len(runs) < 2 and (report.table.id, insight.columns) not in columns:
                columns.add((report.table.id, insight.columns))
                runs.append(self._insight_run(report, insight))
        runs += self._key_dispute() if not runs else []
        topics: set[str] = set()
        for fact in self._material.key_facts:
            if fact.finding.kind == "context" and runs:
                break
            if len(runs) < _KEY_POINTS and fact.finding.topic not in topics:
                topics.add(fact.finding.topic)
                runs.append(self._fact_run(fact))
        return runs

    def _key_dispute(self) -> list[Run]:
        """Put the first disagreement among the key points, where it is short enough."""
        short = (f for f in self._material.contradictions if len(f.text) <= _MOST_DISPUTE_CHARS)
        finding = next(short, None)
        if finding is None:
            return []
        self._said.add(finding.text)
        return [Run(text=finding.text, source_ids=self._material.cite(finding))]

    def _figures(self) -> list[Block]:
        blocks: list[Block] = []
        figures = 0
        for place, report in enumerate(self._material.reports[: self._length.tables]):
            section, drawn = self._report(report, self._length.figures - figures)
            figures += drawn
            if section:
                blocks += self._section_of(report, section, is_first=place == 0)
        return blocks

    def _section_of(
        self, report: TableReport, section: list[Block], *, is_first: bool
    ) -> list[Block]:
        """Head a table's section, and put the text of the same heading above its table."""
        if is_first:
            return [Heading(level=1, text=self._words.figures), *section]
        themes = self._material.best_themes(self._length.themes)
        theme = next((t for t in themes if t.label == report.title and not t.is_list), None)
        text: list[Block] = []
        if theme is not None:
            self._placed.add(theme.label)
            fresh = [f for f in theme.facts if f.finding.text not in self._said]
            text = self._paragraphs(fresh[: self._length.facts]) if fresh else []
        at = len(section) - isinstance(section[-1], Table)
        return [Heading(level=2, text=report.title), *section[:at], *text, *section[at:]]

    def _report(self, report: TableReport, room: int) -> tuple[list[Block], int]:
        """Say what a table shows, draw it, list it, then say how it divides."""
        fresh = [i for i in report.insights if i.text not in self._said]
        chosen = fresh[: self._length.insights]
        half = max(1, (len(chosen) + 1) // 2)
        blocks: list[Block] = []
        lead = [self._insight_run(report, insight) for insight in chosen[:half]]
        if lead:
            blocks.append(Paragraph(runs=_spaced(lead)))
        charts = report_charts(report)[: max(0, room)]
        cited = self._material.citations.table(report.table)
        blocks += [
            Figure(chart=chart, caption=chart.title, source_ids=cited) for chart in charts[:1]
        ]
        rest = [self._insight_run(report, insight) for insight in chosen[half:]]
        if rest:
            blocks.append(Paragraph(runs=_spaced(rest)))
        blocks += [
            Figure(chart=chart, caption=chart.title, source_ids=cited) for chart in charts[1:]
        ]
        table = small_table(report) if self._length.has_table else None
        if table is not None:
            blocks.append(
                Table(
                    caption=table.caption,
                    columns=table.columns,
                    rows=table.rows,
                    has_total=table.has_total,
                    source_ids=cited,
                )
            )
        return blocks, len(charts)

    def _themes(self) -> list[Block]:
        """Write the topics; those with one statement share a list; risks come last."""
        main: list[Block] = []
        late: list[Block] = []
        thin: list[tuple[Theme, Fact]] = []
        themes = self._material.best_themes(self._length.themes)
        for theme in (t for t in themes if t.label not in self._placed):
            fresh = [f for f in theme.facts if f.finding.text not in self._said]
            kept = fresh[: self._length.facts]
            if len(kept) == 1 and len(self._material.themes) > 2 and not theme.is_late:
                thin.append((theme, kept[0]))
            else:
                part = late if theme.is_late else main
                part += self._list(theme) if theme.is_list else self._section(theme, kept)
        return [*main, *self._thin_themes(thin), *late]

    def _section(self, theme: Theme, facts: Sequence[Fact]) -> list[Block]:
        return [Heading(level=1, text=theme.label), *self._paragraphs(facts)] if facts else []

    def _list(self, theme: Theme) -> list[Block]:
        """Show lines of a file that holds no sentences as the list that they are."""
        items = tuple((self._line_run(fact),) for fact in theme.facts[:_MOST_LINES])
        return [Heading(level=1, text=theme.label), ListBlock(items=items)]

    def _line_run(self, fact: Fact) -> Run:
        return Run(text=fact.finding.text, source_ids=self._material.cite(fact.finding))

    def _paragraphs(self, facts: Sequence[Fact]) -> list[Block]:
        """Make a paragraph of neighbouring statements of one file, in reading order."""
        groups: list[list[Fact]] = []
        for fact in facts:
            if groups and _file_of(groups[-1][-1]) == _file_of(fact) and len(groups[-1]) < 3:
                groups[-1].append(fact)
            else:
                groups.append([fact])
        return [Paragraph(runs=_spaced(self._joined_runs(group))) for group in groups]

    def _joined_runs(self, group: Sequence[Fact]) -> list[Run]:
        """Cite neighbours out of one passage once, by the stretch of text that holds them all."""
        runs: list[Run] = []
        waiting: list[Fact] = []
        for fact in group:
            if waiting and not self._material.stretch([*waiting, fact]):
                runs.append(self._stretch_run(waiting))
                waiting = []
            waiting.append(fact)
        return [*runs, self._stretch_run(waiting)]

    def _stretch_run(self, facts: Sequence[Fact]) -> Run:
        if len(facts) == 1:
            return self._fact_run(facts[0])
        self._said |= {fact.finding.text for fact in facts}
        ids = self._material.cite_stretch(facts)
        return Run(text=" ".join(closed(f.finding.text) for f in facts), source_ids=ids)

    def _thin_themes(self, thin: Sequence[tuple[Theme, Fact]]) -> list[Block]:
        """Gather topics with a single statement in one list."""
        if not thin:
            return []
        items = tuple(
            (Run(text=f"{theme.label}: ", bold=True), self._fact_run(fact)) for theme, fact in thin
        )
        return [Heading(level=1, text=self._words.other), ListBlock(items=items)]

    def _word_tables(self) -> list[Block]:
        """Show the tables of words that are small enough to read."""
        blocks: list[Block] = []
        fitting = (t for t in self._material.word_tables if fits_page(t))
        for table in list(fitting)[: self._length.tables]:
            title = table_title(table)
            blocks += [
                Heading(level=1, text=title),
                Table(
                    caption=title,
                    columns=table.columns,
                    rows=table.rows[:_MOST_WORD_ROWS],
                    source_ids=self._material.citations.table(table),
                ),
            ]
        return blocks

    def _disagreements(self) -> list[Block]:
        items = [
            (Run(text=finding.text, source_ids=self._material.cite(finding)),)
            for finding in self._material.contradictions
            if finding.text not in self._said
        ]
        if not items:
            return []
        heading = Heading(level=1, text=self._words.disagreements)
        return [heading, ListBlock(items=tuple(items))]

    def _limits(self) -> list[Block]:
        blocks: list[Block] = [
            Heading(level=1, text=self._words.limits_of(self._request.document_kind))
        ]
        if self._material.gaps:
            blocks.append(ListBlock(items=tuple((Run(text=gap),) for gap in self._material.gaps)))
        sentences = [self._words.method]
        if self._material.reports:
            sentences.append(self._words.method_rounding)
        languages = {e.language for e in self._material.library.extracts if e.passages}
        if self._material.facts and self._material.language not in languages:
            sentences.append(self._words.foreign)
        blocks.append(Paragraph(runs=(Run(text=" ".join(sentences)),)))
        return blocks

    def _insight_run(self, report: TableReport, insight: Insight) -> Run:
        self._said.add(insight.text)
        return Run(text=insight.text, source_ids=self._material.citations.table(report.table))

    def _fact_run(self, fact: Fact) -> Run:
        self._said.add(fact.finding.text)
        return Run(text=closed(fact.finding.text), source_ids=self._material.cite(fact.finding))


def fits_page(table: SourceTable) -> bool:
    """Say whether a table of words is short and narrow enough for a page."""
    longest = max((len(str(cell)) for row in table.rows for cell in row if cell), default=0)
    return len(table.rows) <= _MOST_WORD_ROWS and len(table.columns) <= 5 and longest <= 160


def closed(text: str) -> str:
    """End a list item that lacks its full stop."""
    return text if text.rstrip().endswith((".", "!", "?", "”", '"', ")")) else f"{text.rstrip()}."


def _file_of(fact: Fact) -> str:
    return fact.passage.file_id if fact.passage is not None else ""


def _spaced(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Set runs apart by a space, which belongs to the run after it."""
    return tuple(
        run if place == 0 else run.model_copy(update={"text": f" {run.text}"})
        for place, run in enumerate(runs)
    )
