"""Research: findings whose quotes stand word for word in the files, or are not there at all."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from app.agents.errors import NothingToWorkFrom
from app.agents.llm.client import ModelClient, Order
from app.agents.llm.fence import system_prompt, user_prompt
from app.agents.llm.grounding import Evidence
from app.agents.llm.wire import Answer
from app.agents.ports import Ask
from app.agents.results import Finding, Findings
from app.schemas.source import Language, Passage, PassageKind, Source
from app.sources import QuoteNotFound, SourceLibrary

MATERIAL_LENGTH = 24_000
PER_QUERY = 8
MAX_FINDINGS = 16
MAX_PROBLEMS = 10
LEFT_OUT: dict[Language, str] = {
    "en": "Claims left out because their quotes do not stand in the files: {count}.",
    "ko": "파일에서 인용문을 찾을 수 없는 주장 {count}건은 뺐습니다.",
}


class QueriesAnswer(Answer):
    """Search queries."""

    queries: tuple[str, ...] = Field(min_length=1, max_length=8)


class QuoteAnswer(Answer):
    """A quote and the passage it stands in."""

    passage: str = Field(max_length=8, description="Reference of the passage, such as P3.")
    quote: str = Field(min_length=1, max_length=1200)


class FindingAnswer(Answer):
    """One claim with its quotes."""

    topic: str = Field(max_length=120)
    text: str = Field(min_length=1, max_length=800)
    kind: Literal["fact", "figure", "context", "contradiction"]
    evidence: tuple[QuoteAnswer, ...] = Field(min_length=1, max_length=4)


class ResearchAnswer(Answer):
    """What the passages say."""

    summary: str = Field(max_length=1500)
    findings: tuple[FindingAnswer, ...] = Field(max_length=MAX_FINDINGS * 2)
    gaps: tuple[str, ...] = Field(max_length=8)


class _Shown:
    """The passages put before the model, by reference, and the check of its quotes."""

    def __init__(self, passages: Sequence[Passage], library: SourceLibrary) -> None:
        self.library = library
        self.by_reference: Mapping[str, Passage] = {
            f"P{number}": passage for number, passage in enumerate(passages, start=1)
        }

    def lines(self, share: float) -> Iterator[str]:
        left = int(MATERIAL_LENGTH * share)
        for reference, passage in self.by_reference.items():
            left -= len(passage.text)
            if left < 0 and reference != "P1":
                return
            section = f"; {passage.section}" if passage.section else ""
            yield f"[{reference}] {passage.file_name}, {passage.locator}{section}"
            yield f"{passage.text[:MATERIAL_LENGTH]}\n"

    def cite(self, quote: QuoteAnswer) -> Source | None:
        """Return the source of a quote: in the passage named, else in any other one shown."""
        named = self.by_reference.get(quote.passage.strip().strip("[]").upper())
        others = [p for p in self.by_reference.values() if p is not named]
        for passage in ([named] if named is not None else []) + others:
            try:
                return self.library.cite(passage, quote.quote)
            except QuoteNotFound:
                continue
        return None


async def research(client: ModelClient, ask: Ask) -> Findings:
    """Choose passages, ask for findings, and keep what stands.

    Raises:
        NothingToWorkFrom: The task has no file with text.
    """
    if not ask.sources.passages:
        raise NothingToWorkFrom("There is no file with text to research; add files to the task.")
    shown = _Shown(await _passages(client, ask), ask.sources)
    answer = await client.ask(
        Order(
            operation="research",
            system=system_prompt("research", ask.language),
            prompt=lambda share: user_prompt(_order(ask), "\n".join(shown.lines(share))),
            answer=ResearchAnswer,
            problems=lambda found: _problems(found, shown),
        )
    )
    return _findings(answer, shown, ask.language)


async def _passages(client: ModelClient, ask: Ask) -> list[Passage]:
    """Return all passages when they fit, else what several searches find, in reading order."""
    library = ask.sources
    with_text = [p for p in library.passages if p.kind is not PassageKind.HEADING]
    with_text = with_text or list(library.passages)
    if sum(len(p.text) for p in with_text) <= MATERIAL_LENGTH:
        return with_text
    best: dict[str, tuple[float, Passage]] = {}
    for query in await _queries(client, ask):
        for rank, found in enumerate(await library.search(query, PER_QUERY)):
            score, _ = best.get(found.passage.id, (0.0, found.passage))
            best[found.passage.id] = (score + 1.0 / (rank + 1), found.passage)
    ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].id))
    return [passage for _, passage in ranked] or with_text


async def _queries(client: ModelClient, ask: Ask) -> list[str]:
    files = "\n".join(f"{e.file_name}: {e.title} ({e.language})" for e in ask.sources.extracts)
    answer = await client.ask(
        Order(
            operation="queries",
            system=system_prompt("queries", ask.language),
            prompt=lambda _share: user_prompt(_order(ask), files),
            answer=QueriesAnswer,
        )
    )
    own = [ask.step.title, ask.goal[:300]]
    return [q for q in dict.fromkeys([*answer.queries, *own]) if q.strip()]


def _order(ask: Ask) -> tuple[tuple[str, str], ...]:
    return (
        ("Goal", ask.goal),
        ("Step", ask.step.title),
        ("Instructions", ask.step.instructions),
        ("Today", ask.today.isoformat()),
    )


def _problems(answer: ResearchAnswer, shown: _Shown) -> tuple[str, ...]:
    numbered = enumerate(answer.findings, start=1)
    problems = [
        p for number, finding in numbered for p in _finding_problems(number, finding, shown)
    ]
    return tuple(problems[:MAX_PROBLEMS])


def _finding_problems(number: int, finding: FindingAnswer, shown: _Shown) -> Iterator[str]:
    sources = [shown.cite(quote) for quote in finding.evidence]
    for quote, source in zip(finding.evidence, sources, strict=True):
        if source is None:
            said = f"{quote.quote[:160]!r} does not stand word for word in {quote.passage}"
            yield f"Finding {number}: {said}; copy it exactly or leave it out."
    for written in _evidence(sources).unsupported(finding.text):
        yield f"Finding {number}: the number {written!r} stands in none of its quotes."


def _evidence(sources: Sequence[Source | None]) -> Evidence:
    return Evidence(tuple(source.quote for source in sources if source is not None))


def _findings(answer: ResearchAnswer, shown: _Shown, language: Language) -> Findings:
    kept: list[Finding] = []
    sources: dict[str, Source] = {}
    for claim in answer.findings[:MAX_FINDINGS]:
        cited = [s for quote in claim.evidence if (s := shown.cite(quote)) is not None]
        text = _evidence(cited).keep_supported(claim.text) if cited else ""
        if not text:
            continue
        sources |= {source.id: source for source in cited}
        ids = tuple(dict.fromkeys(source.id for source in cited))
        kept.append(Finding(topic=claim.topic, text=text, kind=claim.kind, source_ids=ids))
    left_out = min(len(answer.findings), MAX_FINDINGS) - len(kept)
    gaps = list(answer.gaps)
    if left_out:
        gaps.append(LEFT_OUT[language].format(count=left_out))
    quotes = Evidence(tuple(source.quote for source in sources.values()))
    return Findings(
        summary=quotes.keep_supported(answer.summary),
        findings=tuple(kept),
        sources=tuple(sources.values()),
        gaps=tuple(gaps),
    )
