"""Research without a model: choose what the sources say, compute what their tables show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.agents.builtin.cell_screening import line_has_orders
from app.agents.builtin.citing import Citations
from app.agents.builtin.contradictions import Contradiction, Side, find_contradictions
from app.agents.builtin.declared import declared_disagreements
from app.agents.builtin.directives import is_imperative
from app.agents.builtin.naming import column_title
from app.agents.builtin.planning import COMPARE_KEY, FIGURES_KEY, RESEARCH_KEY
from app.agents.builtin.ranking import Floats, centrality, diverse, normalised, text_vectors
from app.agents.builtin.request import Request
from app.agents.builtin.research_words import ResearchWords, research_words
from app.agents.builtin.screening import is_about_method
from app.agents.builtin.statements import Reading, Statement, read_statements
from app.agents.builtin.table_choice import rank_tables
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.titles import files_topic
from app.agents.builtin.topics import Topic, group_by_topic
from app.agents.results import Finding, Findings
from app.artifacts.text_width import em_width
from app.schemas.locator import shown_locator
from app.schemas.plan import PlanStep
from app.schemas.source import Extract, Passage, PassageKind
from app.sources import Embedder, SourceLibrary, detect_language, tokens

_MOST_STATEMENTS = 800
_MOST_PASSAGES = 220
_MOST_FACTS, _MOST_FIGURES, _PER_TOPIC = 30, 12, 5
_NUMBER = re.compile(r"\d")
# Weights of centrality, nearness to the goal, a number, the first place in a section.
_BROAD, _FOCUSED = (0.35, 0.12, 0.18, 0.22), (0.25, 0.5, 0.13, 0.1)
_SHORT_EM = 20.0
_WEIGHTY = re.compile(
    r"\b(?:most|largest|biggest|highest|greatest|main|mainly|record|engine|key|overall)\b"
    r"|가장|최대|최고|핵심|주된|중심은|주요",
    re.IGNORECASE,
)
_SLIGHT = re.compile(r"\b(?:only|just|merely)\b|그쳤|그친|뿐이|불과", re.IGNORECASE)
_FOUND_BELOW = 0.35
_FEWEST_FILES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one research step is to do."""

    reads_text: bool = True
    reads_tables: bool = True
    compares: bool = True


def scope_of(step: PlanStep) -> Scope:
    """Read a step's part from its key; a key of the user's own does everything."""
    if step.key == FIGURES_KEY:
        return Scope(reads_text=False, compares=False)
    if step.key == COMPARE_KEY:
        return Scope(reads_text=False, reads_tables=False)
    is_part = step.key.startswith(f"{RESEARCH_KEY}-") or "Read only these" in step.instructions
    is_part = is_part or "다음 파일만" in step.instructions
    return Scope(reads_tables=not is_part, compares=not is_part)


def named_files(step: PlanStep, library: SourceLibrary) -> SourceLibrary:
    """Narrow the library to the files that the step's instructions name, if any."""
    chosen = [e for e in library.extracts if e.file_name and e.file_name in step.instructions]
    return SourceLibrary(chosen) if chosen else library


class Researcher:
    """Reads the sources for one goal. Blocks: run it in a thread."""

    def __init__(
        self,
        request: Request,
        library: SourceLibrary,
        embedder: Embedder | None,
        hits: Sequence[Passage],
        around: SourceLibrary | None = None,
    ) -> None:
        """`around` holds all files of the task, where `library` is only a part of them."""
        self._request = request
        self._library = library
        self._embedder = embedder
        self._hits = hits
        self._around = around or library
        self._words: ResearchWords = research_words(request.language)
        self._citations = Citations(library)

    def run(self, scope: Scope) -> Findings:
        """Return findings by weight: figures, then statements by topic, then disagreements."""
        reading = (
            self._read()
            if scope.reads_text or scope.compares
            else Reading(statements=(), left_out=())
        )
        vectors = text_vectors([s.text for s in reading.statements], self._embedder)
        findings: list[Finding] = []
        if scope.reads_tables:
            findings += self._figures()
        if scope.reads_text:
            findings += self._facts(reading.statements, vectors)
        if scope.compares:
            findings += self._disagreements(reading.statements, vectors)
        gaps = self._gaps(reading, vectors) if scope.reads_text else []
        return Findings(
            summary=self._words.summary(findings, len(self._library.extracts)),
            findings=tuple(findings),
            sources=self._citations.sources,
            gaps=tuple(gaps),
        )

    @cached_property
    def _reports(self) -> list[TableReport]:
        return rank_tables(self._library, self._request, self._embedder)

    def _read(self) -> Reading:
        prose = sum(len(e.passages) for e in self._library.extracts)
        passages = None if prose <= _MOST_PASSAGES else self._preselected()
        extracts = [e for e in self._library.extracts if e.file_id not in self._off_topic]
        reading = read_statements(extracts, passages, by_lines=not self._reports)
        return Reading(
            statements=reading.statements[:_MOST_STATEMENTS],
            left_out=(*reading.left_out, *_with_cell_orders(extracts)),
        )

    @cached_property
    def _off_topic(self) -> frozenset[str]:
        """The files that share no word with the subject, where nearly all others are about it."""
        wanted = set(tokens(self._request.subject))
        language = detect_language(self._request.subject)
        prose = [e for e in self._around.extracts if not e.tables and e.language == language]
        about = [e for e in prose if _is_about(e, wanted)]
        if not wanted or len(prose) < _FEWEST_FILES or len(about) * 3 < len(prose) * 2:
            return frozenset()
        silent = (e for e in prose if e not in about and not _names_any(e, wanted))
        return frozenset(extract.file_id for extract in silent)

    def _preselected(self) -> list[Passage]:
        """Of very long files read what the search found and the beginning of each section."""
        openers: dict[tuple[str, str], Passage] = {}
        for passage in self._library.passages:
            openers.setdefault((passage.file_id, passage.section), passage)
        return [*self._hits, *list(openers.values())[:_MOST_PASSAGES]]

    def _figures(self) -> list[Finding]:
        found: list[tuple[float, Finding]] = []
        for place, report in enumerate(self._reports):
            for insight in report.insights[:6]:
                finding = Finding(
                    topic=report.title,
                    text=insight.text,
                    kind="figure",
                    source_ids=self._citations.rows(report.table, insight.rows),
                )
                found.append((insight.weight * 0.8**place, finding))
        found.sort(key=lambda pair: -pair[0])
        return [finding for _, finding in found if finding.source_ids][:_MOST_FIGURES]

    def _facts(self, statements: Sequence[Statement], vectors: Floats) -> list[Finding]:
        if not statements:
            return []
        if self._is_by_lines:
            return self._lines(statements)
        scores = self._scores(statements, vectors)
        chosen = sorted(diverse(scores, vectors, _MOST_FACTS * 2))
        kept = [statements[i] for i in chosen]
        weights = [float(scores[i]) for i in chosen]
        fallback = files_topic(self._library) or self._words.key_points
        found: list[tuple[float, Finding]] = []
        for topic in group_by_topic(kept, fallback, self._embedder, self._request.subject):
            found += self._of_topic(topic, kept, weights)
        found.sort(key=lambda pair: -pair[0])
        return [finding for _, finding in found[:_MOST_FACTS]]

    @property
    def _is_by_lines(self) -> bool:
        """Whether the files hold no sentence and no figures, only lines."""
        return not self._reports and not read_statements(self._library.extracts).statements

    def _lines(self, statements: Sequence[Statement]) -> list[Finding]:
        """Take the lines as they stand, in reading order."""
        found = []
        for statement in statements[:_MOST_FACTS]:
            ids = self._citations.quote(statement.passage, statement.text)
            topic = statement.topic or self._words.key_points
            found.append(Finding(topic=topic, text=statement.text, kind="context", source_ids=ids))
        return [finding for finding in found if finding.source_ids]

    def _of_topic(
        self, topic: Topic, kept: Sequence[Statement], scores: Sequence[float]
    ) -> list[tuple[float, Finding]]:
        best = sorted(topic.members, key=lambda i: (-scores[i], i))[: self._per_topic(len(kept))]
        found = []
        for index in sorted(best, key=lambda i: kept[i].ordinal):
            ids = self._citations.quote(kept[index].passage, kept[index].text)
            if ids:
                finding = Finding(topic=topic.label, text=kept[index].text, source_ids=ids)
                found.append((scores[index], finding))
        return found

    def _per_topic(self, count: int) -> int:
        return _PER_TOPIC if count > 8 else _MOST_FACTS

    def _scores(self, statements: Sequence[Statement], vectors: Floats) -> Floats:
        """Weigh centrality, nearness to the goal, place in the file, and figures."""
        near = self._nearness(statements, vectors)
        has_number = np.array([bool(_NUMBER.search(s.text)) for s in statements], dtype=np.float32)
        leads = np.array([_lead(statements, i) for i in range(len(statements))], dtype=np.float32)
        standing = np.array([_standing(s) for s in statements], dtype=np.float32)
        weights = _BROAD if self._is_broad else _FOCUSED
        parts = (centrality(vectors), near, has_number, leads)
        weighed = sum(weight * part for weight, part in zip(weights, parts, strict=True))
        return np.asarray(weighed + standing, dtype=np.float32)

    @property
    def _is_broad(self) -> bool:
        """Whether most files are about the subject anyway, so that it singles nothing out."""
        wanted = set(tokens(self._request.subject))
        extracts = self._library.extracts
        about = [e for e in extracts if _is_about(e, wanted)]
        return not wanted or len(about) * 2 >= len(extracts)

    def _nearness(self, statements: Sequence[Statement], vectors: Floats) -> Floats:
        """Compare statements with the goal's subject and aspects, by meaning and by words."""
        queries = [q for q in (self._request.subject, *self._request.aspects) if q]
        if not queries:
            return np.ones(len(statements), dtype=np.float32)
        words = [set(tokens(query)) for query in queries]
        by_words = np.array([_overlap(s, words) for s in statements], dtype=np.float32)
        if self._embedder is None:
            return normalised(by_words)
        asked = text_vectors(queries, self._embedder)
        return np.asarray(0.6 * normalised((vectors @ asked.T).max(axis=1)) + 0.4 * by_words)

    def _disagreements(self, statements: Sequence[Statement], vectors: Floats) -> list[Finding]:
        if len(self._library.extracts) < 2:
            return []
        reports = self._reports
        found = []
        declared = declared_disagreements(statements, vectors)
        for item in (*declared, *find_contradictions(statements, vectors, reports)):
            sides = [side for side in (item.first, item.second) if side is not None]
            cited = [self._cite(side) for side in sides]
            ids = tuple(id for side in cited for id in side)
            if all(cited):
                found.append(
                    Finding(
                        topic=self._words.disagreement,
                        text=self._words.contradiction(item),
                        kind="contradiction",
                        source_ids=ids,
                    )
                )
        return found

    def _cite(self, side: Side) -> tuple[str, ...]:
        if side.passage is not None:
            return self._citations.quote(side.passage, side.text)
        return self._citations.rows(side.table, side.rows) if side.table is not None else ()

    def _gaps(self, reading: Reading, vectors: Floats) -> list[str]:
        gaps = [
            self._words.nothing_on.format(aspect=aspect)
            for aspect in self._request.aspects
            if not self._is_covered(aspect, reading.statements, vectors)
        ]
        gaps += [
            self._words.off_topic.format(file=e.file_name, subject=self._request.subject)
            for e in self._library.extracts
            if e.file_id in self._off_topic
        ]
        gaps += [
            self._words.left_out.format(
                file=p.file_name, locator=shown_locator(p.locator, self._request.language)
            )
            for p in reading.left_out
        ]
        gaps += [
            self._words.empty_cells.format(
                table=report.title, column=column_title(measure.column), count=count
            )
            for report in self._reports
            for measure in report.measures
            if (count := report.view.empty_cells(measure))
        ]
        return list(dict.fromkeys(gaps))

    def _is_covered(self, aspect: str, statements: Sequence[Statement], vectors: Floats) -> bool:
        wanted = set(tokens(aspect))
        texts = [f"{p.section} {p.text}" for p in self._library.passages]
        if any(wanted & set(tokens(text)) for text in texts):
            return True
        if self._embedder is None or not len(statements):
            return False
        likeness = vectors @ text_vectors([aspect], self._embedder)[0]
        return float(likeness.max()) >= _FOUND_BELOW


def _with_cell_orders(extracts: Sequence[Extract]) -> list[Passage]:
    return [
        passage
        for extract in extracts
        for passage in extract.passages
        if passage.kind is PassageKind.TABLE
        and any(map(line_has_orders, passage.text.splitlines()))
    ]


def _standing(statement: Statement) -> float:
    """Raise what a file itself calls its summary; lower its method and what is left to do."""
    text = statement.text
    raised = 0.12 * statement.is_summary + 0.08 * bool(_WEIGHTY.search(text))
    lowered = 0.3 * is_about_method(text) + 0.08 * bool(_SLIGHT.search(text))
    lowered += 0.2 * is_imperative(text)
    early = 0.05 * (1 - statement.place)
    return raised + early - lowered - 0.06 * (em_width(text) < _SHORT_EM)


def _is_about(extract: Extract, wanted: set[str]) -> bool:
    """Say whether a file's title, or every third passage, names most of the subject."""
    least = max(1, len(wanted) // 2 + len(wanted) % 2)
    if len(wanted & set(tokens(f"{extract.title} {extract.file_name}"))) >= least:
        return True
    named = sum(len(wanted & set(tokens(p.text))) >= least for p in extract.passages)
    return named * 3 >= max(1, len(extract.passages))


def _names_any(extract: Extract, wanted: set[str]) -> bool:
    """Say whether a file uses any word of the subject."""
    texts = (extract.title, extract.file_name, *(p.text for p in extract.passages))
    return any(wanted & set(tokens(text)) for text in texts)


def _lead(statements: Sequence[Statement], index: int) -> float:
    """Score the first statement of a section 1, the others less the later they come."""
    if index == 0:
        return 1.0
    previous, own = statements[index - 1].passage, statements[index].passage
    is_first = (previous.file_id, previous.section) != (own.file_id, own.section)
    return 1.0 if is_first else 0.3


def _overlap(statement: Statement, queries: Sequence[set[str]]) -> float:
    own = set(tokens(f"{statement.topic} {statement.text}"))
    return max((len(own & query) / len(query) for query in queries if query), default=0.0)


__all__ = ["Contradiction", "Researcher", "Scope", "named_files", "scope_of"]
