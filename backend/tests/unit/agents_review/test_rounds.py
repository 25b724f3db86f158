"""The rounds of a review: sent back at most twice, the best version kept."""

from collections.abc import Sequence

from app.agents.builtin import BuiltinComposer
from app.agents.errors import ModelAnswerInvalid
from app.agents.ports import Ask, Composer, Revision
from app.agents.results import AgentResult
from app.agents.review import MAX_RETURNS, Made, Rules, review_rounds
from app.agents.review.wording import judged
from app.artifacts.blocks import ChartSlide, Document, SourcesSlide, TitleSlide
from app.artifacts.report import GateReport
from app.schemas.plan import AgentName
from app.schemas.review import Fault, FaultKind, ReviewReport
from tests.factories.reviews import (
    QUOTE,
    VersionsComposer,
    a_claim,
    a_deck,
    a_document,
    a_workbook,
    cited,
    rendered,
    review_ask,
)


def with_invented(ask: Ask, count: int, *, mark: str = "") -> Document:
    """Return a document with that many invented numbers."""
    claims = [a_claim(ask, f"Ports{mark} saved {771 + place} at once.") for place in range(count)]
    made = a_document(ask, *claims).document
    assert made is not None
    return made


async def run(ask: Ask, composer: Composer) -> tuple[Made, ReviewReport, list[int]]:
    told: list[int] = []

    async def make(asked: Ask) -> AgentResult:
        document = await composer.write_document(asked)
        return AgentResult(summary=document.title, document=document)

    async def report(faults: tuple[Fault, ...]) -> None:
        told.append(len(faults))

    kept, review = await review_rounds(ask, composer, make=make, render=rendered, report=report)
    return kept, review, told


def scores(review: ReviewReport) -> list[int]:
    return [version.score for version in review.rounds]


class TestRounds:
    async def test_a_good_first_version_is_not_sent_back(self) -> None:
        ask = review_ask()
        composer = VersionsComposer([with_invented(ask, 0)])
        _, review, told = await run(ask, composer)
        assert (scores(review), told, len(composer.asks)) == ([100], [], 1)

    async def test_the_named_faults_go_back_with_the_version(self) -> None:
        ask = review_ask()
        composer = VersionsComposer([with_invented(ask, 1), with_invented(ask, 0)])
        kept, review, told = await run(ask, composer)
        assert (scores(review), review.kept_round, told) == ([90, 100], 2, [1])
        revision = composer.asks[1].revision
        assert revision is not None
        assert [fault.written for fault in revision.faults] == ["771"]
        assert revision.previous.document == with_invented(ask, 1)
        assert kept.result.document == with_invented(ask, 0)

    async def test_it_goes_back_at_most_twice(self) -> None:
        ask = review_ask()
        versions = [with_invented(ask, 2, mark=str(place)) for place in "abcdef"]
        composer = VersionsComposer(versions)
        _, review, told = await run(ask, composer)
        assert len(composer.asks) == len(review.rounds) == 1 + MAX_RETURNS == 3
        assert told == [2, 2]

    async def test_a_later_worse_version_loses(self) -> None:
        ask = review_ask()
        versions = [with_invented(ask, count) for count in (2, 1, 3)]
        kept, review, _ = await run(ask, VersionsComposer(versions))
        assert scores(review) == [80, 90, 70]
        assert (review.kept_round, review.score) == (2, 90)
        assert kept.result.document == versions[1]

    async def test_of_equals_the_first_is_kept(self) -> None:
        ask = review_ask()
        versions = [with_invented(ask, 1, mark=mark) for mark in "abc"]
        _, review, _ = await run(ask, VersionsComposer(versions))
        assert review.kept_round == 1

    async def test_an_unchanged_version_ends_the_rounds(self) -> None:
        ask = review_ask()
        composer = VersionsComposer([with_invented(ask, 1)])
        _, review, _ = await run(ask, composer)
        assert (len(composer.asks), len(review.rounds)) == (2, 1)

    async def test_what_the_model_judges_counts(self) -> None:
        ask = review_ask()
        doubt = judged(FaultKind.FACTS, "A forecast is told as a result.", "Demand")
        versions = [with_invented(ask, 0), _retitled(with_invented(ask, 0))]
        composer = VersionsComposer(versions, [[doubt]])
        _, review, _ = await run(ask, composer)
        assert (scores(review), review.kept_round) == ([95, 100], 2)

    async def test_a_revision_that_cannot_be_made_leaves_the_first_version(self) -> None:
        ask = review_ask()
        _, review, _ = await run(ask, FailsToRevise([with_invented(ask, 1)]))
        assert (scores(review), review.kept_round) == ([90], 1)

    async def test_a_judgement_that_cannot_be_read_leaves_the_rules(self) -> None:
        ask = review_ask()
        _, review, _ = await run(ask, CannotJudge([with_invented(ask, 0)]))
        assert scores(review) == [100]


class FailsToRevise(VersionsComposer):
    """Writes once."""

    async def write_document(self, ask: Ask) -> Document:
        if ask.revision is not None:
            raise ModelAnswerInvalid("no valid answer")
        return await super().write_document(ask)


class CannotJudge(VersionsComposer):
    """Writes, but gives no judgement."""

    async def review(
        self, ask: Ask, made: AgentResult, found: tuple[Fault, ...]
    ) -> tuple[Fault, ...]:
        raise ModelAnswerInvalid("no valid answer")


class TestBuiltinRevision:
    async def test_drops_what_is_not_borne_out(self) -> None:
        ask = review_ask()
        made = AgentResult(summary="", document=with_invented(ask, 2))
        revised = await BuiltinComposer().write_document(_sent_back(ask, made))
        assert revised == with_invented(ask, 0)

    async def test_drops_a_quote_that_does_not_stand_and_its_claim(self) -> None:
        ask = review_ask()
        true = cited(ask, "Norway placed 41 of the 96 orders.")
        changed = cited(ask).model_copy(update={"quote": QUOTE.replace("rose", "fell")})
        made = a_document(ask, sources=(true, changed))
        revised = await BuiltinComposer().write_document(_sent_back(ask, made))
        assert revised.sources == (true,)
        assert revised.blocks == ()

    async def test_puts_a_figure_right_from_the_workbook(self) -> None:
        ask = review_ask(agent=AgentName.SLIDES)
        ask = review_ask(agent=AgentName.SLIDES, results={"sheets": a_workbook(ask)})
        wrong = a_deck(ask, total="1,860")
        deck = await BuiltinComposer().design_deck(_sent_back(ask, wrong))
        charts = [slide for slide in deck.slides if isinstance(slide, ChartSlide)]
        assert [kpi.value for kpi in charts[0].kpis] == ["2,995"]

    async def test_adds_a_missing_list_of_sources(self) -> None:
        ask = review_ask(agent=AgentName.SLIDES)
        wrong = a_deck(ask, has_source_list=False)
        deck = await BuiltinComposer().design_deck(_sent_back(ask, wrong))
        assert isinstance(deck.slides[-1], SourcesSlide)

    async def test_leaves_no_deck_without_content(self) -> None:
        ask = review_ask(agent=AgentName.SLIDES)
        made = a_deck(ask)
        assert made.deck is not None
        bare = made.deck.model_copy(update={"slides": (made.deck.slides[1],)})
        changed = cited(ask).model_copy(update={"quote": QUOTE.replace("rose", "fell")})
        bare = bare.model_copy(update={"sources": (changed,)})
        ordered = _sent_back(ask, AgentResult(summary="", deck=bare))
        deck = await BuiltinComposer().design_deck(ordered)
        assert any(not isinstance(s, TitleSlide | SourcesSlide) for s in deck.slides)


def _sent_back(ask: Ask, made: AgentResult) -> Ask:
    faults: Sequence[Fault] = Rules(ask).faults(made, GateReport(checks=()))
    assert faults
    return _with(ask, Revision(previous=made, faults=tuple(faults)))


def _with(ask: Ask, revision: Revision) -> Ask:
    return Ask(
        goal=ask.goal,
        language=ask.language,
        today=ask.today,
        step=ask.step,
        sources=ask.sources,
        results=ask.results,
        revision=revision,
    )


def _retitled(document: Document) -> Document:
    return document.model_copy(update={"title": "Ferries with batteries"})
