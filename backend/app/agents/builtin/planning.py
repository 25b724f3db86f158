"""From a goal to its steps: what to read, compute and make, and what runs side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.agents.builtin.counts import DEFAULT_SLIDES, MOST_SLIDES
from app.agents.builtin.file_names import file_name
from app.agents.builtin.plan_words import PlanWords, plan_words
from app.agents.builtin.prototypes import makes_sense
from app.agents.builtin.refusals import (
    nothing_left,
    nothing_to_work_from,
    refuse_what_is_no_order,
    unclear,
)
from app.agents.builtin.request import Request
from app.agents.builtin.titles import subject_title, task_title
from app.agents.builtin.vocabulary import SUMMARISE, Deliverable
from app.agents.ports import PlanDraft
from app.schemas.plan import AgentName, Complexity, PlanStep
from app.schemas.source import Extract, PassageKind
from app.sources import SourceLibrary, tokens

_FILES_PER_READER = 3
_MOST_READERS = 4
_LEAST_PROSE = 400
_CLOSE = 0.06
_LIKE = 0.3
RESEARCH_KEY, FIGURES_KEY, COMPARE_KEY = "research", "figures", "compare"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which kinds of file to make, and what to tell the user about the choice."""

    kinds: frozenset[Deliverable]
    notices: tuple[str, ...] = ()


def draft_plan(
    request: Request, library: SourceLibrary, scores: Mapping[Deliverable, float]
) -> PlanDraft:
    """Propose the steps of a goal.

    Raises:
        GoalUnclear: It asks for nothing that Madang makes.
        NothingToWorkFrom: There is nothing to read.
    """
    refuse_what_is_no_order(request)
    if not any(extract.passages or extract.tables for extract in library.extracts):
        raise nothing_to_work_from(request.language, has_files=bool(library.extracts))
    words = plan_words(request.language)
    choice = choose_kinds(request, library, scores, words)
    subject = subject_title(request, library)
    steps = _Steps(request, library, choice, words, subject)
    return PlanDraft(
        title=task_title(request, subject),
        language=request.language,
        steps=steps.all(),
        notices=(*choice.notices, *_notices(request, library, choice, words)),
    )


def choose_kinds(
    request: Request,
    library: SourceLibrary,
    scores: Mapping[Deliverable, float],
    words: PlanWords,
) -> Choice:
    """Choose what to make: what the goal names; else what it is like, rather one too many."""
    if request.wanted:
        return Choice(request.wanted)
    guessed = _guess(request, library, scores) - request.excluded
    if guessed:
        is_plain = request.is_question or guessed == {Deliverable.DOCUMENT}
        return Choice(frozenset(guessed), () if is_plain else (words.guessed,))
    if request.excluded == frozenset(Deliverable):
        raise nothing_left(request.language)
    if request.excluded:
        rest = frozenset(Deliverable) - request.excluded - {Deliverable.DECK}
        return Choice(rest or frozenset(Deliverable) - request.excluded, (words.guessed,))
    raise unclear(request.language)


def _guess(
    request: Request, library: SourceLibrary, scores: Mapping[Deliverable, float]
) -> set[Deliverable]:
    is_about_files = _shares_words(request, library)
    is_order = bool(request.hinted) or request.is_question or bool(request.excluded)
    if not is_order and not is_about_files and not makes_sense(scores):
        return set()
    if request.is_question and Deliverable.DECK not in request.hinted:
        return {Deliverable.DOCUMENT}
    guessed = {
        kind for kind in request.hinted if kind is not Deliverable.WORKBOOK or library.tables
    }
    best = max(scores.values(), default=0.0)
    guessed |= {k for k, score in scores.items() if score >= max(_LIKE, best - _CLOSE)}
    if Deliverable.WORKBOOK in guessed and not library.tables:
        guessed.discard(Deliverable.WORKBOOK)
    if not guessed & {Deliverable.DECK, Deliverable.WORKBOOK} or not guessed:
        guessed.add(Deliverable.DOCUMENT)
    if Deliverable.DOCUMENT in guessed and library.tables and Deliverable.DECK not in guessed:
        guessed.add(Deliverable.WORKBOOK)
    is_summary = SUMMARISE.search(request.text) is not None and any(
        map(_has_prose, library.extracts)
    )
    return {Deliverable.DOCUMENT} if is_summary and Deliverable.DECK not in guessed else guessed


def _shares_words(request: Request, library: SourceLibrary) -> bool:
    own = set(tokens(request.text))
    return any(own & set(tokens(f"{p.section} {p.text}")) for p in library.passages[:2000])


def _notices(
    request: Request, library: SourceLibrary, choice: Choice, words: PlanWords
) -> list[str]:
    found = []
    if request.is_unsupported:
        found.append(words.partly)
    if Deliverable.WORKBOOK in choice.kinds and not library.tables:
        found.append(words.no_tables)
    if Deliverable.DECK in choice.kinds:
        found += _slide_notices(request, words)
    foreign = [e for e in library.extracts if e.passages and e.language != request.language]
    if foreign and len(foreign) == len(library.extracts):
        found.append(words.foreign)
    return found


def _slide_notices(request: Request, words: PlanWords) -> list[str]:
    slides = request.slides
    if slides.minutes is not None:
        return [words.minutes.format(minutes=slides.minutes, slides=slides.slides)]
    if slides.asked is None or slides.asked == slides.slides:
        return []
    if slides.asked > MOST_SLIDES:
        return [words.too_many.format(asked=slides.asked, most=MOST_SLIDES)]
    return [words.too_few.format(slides=slides.slides)]


class _Steps:
    """Builds the steps of one plan."""

    def __init__(
        self,
        request: Request,
        library: SourceLibrary,
        choice: Choice,
        words: PlanWords,
        subject: str,
    ) -> None:
        self._request = request
        self._library = library
        self._kinds = choice.kinds
        self._words = words
        self._subject = subject

    def all(self) -> tuple[PlanStep, ...]:
        """Return research, the files to make, and the review at the end."""
        research = self._research()
        keys = tuple(step.key for step in research)
        made = self._made(keys)
        review = PlanStep(
            key="review",
            agent=AgentName.REVIEW,
            title=self._words.review,
            after=(*keys, *(step.key for step in made)),
            complexity=Complexity.LOW,
        )
        return (*research, *made, review)

    def _research(self) -> list[PlanStep]:
        readable = [e for e in self._library.extracts if e.passages or e.tables]
        if len(readable) <= _FILES_PER_READER:
            title = self._words.read(tuple(e.file_name for e in readable))
            return [self._reading(RESEARCH_KEY, title, "")]
        groups = _balanced([e for e in readable if _has_prose(e)])
        steps = []
        for place, group in enumerate(groups, start=1):
            names = tuple(e.file_name for e in group)
            key = f"{RESEARCH_KEY}-{place}" if len(groups) > 1 else RESEARCH_KEY
            instructions = self._words.only_files.format(files="; ".join(names))
            steps.append(self._reading(key, self._words.read(names), instructions))
        if self._library.tables:
            steps.append(self._reading(FIGURES_KEY, self._words.figures, ""))
        steps.append(self._reading(COMPARE_KEY, self._words.compare, ""))
        return steps

    def _reading(self, key: str, title: str, instructions: str) -> PlanStep:
        return PlanStep(
            key=key,
            agent=AgentName.RESEARCH,
            title=title,
            instructions=instructions,
            complexity=Complexity.LOW if key != RESEARCH_KEY else Complexity.MEDIUM,
        )

    def _made(self, research: tuple[str, ...]) -> list[PlanStep]:
        made = []
        is_from_tables = bool(self._library.tables)
        if Deliverable.WORKBOOK in self._kinds:
            needs = () if is_from_tables else research
            made.append(self._file("sheets", AgentName.SHEETS, Deliverable.WORKBOOK, needs, ()))
        first = tuple(step.key for step in made)
        if Deliverable.DOCUMENT in self._kinds:
            made.append(self._file("docs", AgentName.DOCS, Deliverable.DOCUMENT, research, first))
        if Deliverable.DECK in self._kinds:
            deck = self._file("slides", AgentName.SLIDES, Deliverable.DECK, research, first)
            made.append(deck)
        return made

    def _file(
        self,
        key: str,
        agent: AgentName,
        made: Deliverable,
        needs: Sequence[str],
        after: Sequence[str],
    ) -> PlanStep:
        is_deck = made is Deliverable.DECK
        slides = self._request.slides.slides or DEFAULT_SLIDES
        kind = self._request.document_kind
        return PlanStep(
            key=key,
            agent=agent,
            title=self._words.make(made, kind, slides),
            instructions=self._instructions(made),
            depends_on=tuple(needs),
            after=tuple(after),
            complexity=Complexity.HIGH if is_deck and slides > 10 else Complexity.MEDIUM,
            file_name=file_name(self._subject, made, kind, self._request.language),
            slide_count=slides if is_deck else None,
        )

    def _instructions(self, made: Deliverable) -> str:
        if made is not Deliverable.DOCUMENT or not self._request.pages:
            return ""
        return self._words.length.format(pages=self._request.pages)


def _has_prose(extract: Extract) -> bool:
    prose = sum(len(p.text) for p in extract.passages if p.kind is not PassageKind.TABLE)
    return prose >= _LEAST_PROSE or (prose > 0 and not extract.tables)


def _balanced(extracts: Sequence[Extract]) -> list[list[Extract]]:
    """Divide files among a few readers, by the amount of text, in the order given."""
    if not extracts:
        return []
    readers = min(_MOST_READERS, -(-len(extracts) // _FILES_PER_READER))
    groups: list[list[Extract]] = [[] for _ in range(readers)]
    sizes = [0] * readers
    for extract in extracts:
        place = min(range(readers), key=lambda i: (sizes[i], i))
        groups[place].append(extract)
        sizes[place] += sum(len(p.text) for p in extract.passages)
    return [group for group in groups if group]
