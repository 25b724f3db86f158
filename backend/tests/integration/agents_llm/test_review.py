"""The model's part of a review, over real HTTP."""

from app.agents.llm import LangChainComposer
from app.agents.ports import Ask
from app.agents.results import AgentResult
from app.agents.review import Made, review_rounds
from app.schemas.review import Fault, FaultCode, FaultKind, ReviewReport
from tests.factories.reviews import a_document, rendered, review_ask
from tests.factories.scripted_behaviour import Act
from tests.factories.scripted_server import ScriptedModelServer
from tests.integration.agents_llm.conftest import Rig

PROBLEM = "The draft calls an order a delivery."


def judgement(kind: str = "facts") -> dict[str, object]:
    return {"faults": [{"kind": kind, "place": "Demand", "problem": PROBLEM}]}


def prompts(server: ScriptedModelServer, word: str) -> list[str]:
    """Return the prompts that hold a word, in order."""
    texts = [str(message["content"]) for _, body in server.requests for message in body["messages"]]
    return [text for text in texts if word in text]


async def run(ask: Ask, rig: Rig) -> tuple[Made, ReviewReport]:
    composer = LangChainComposer(rig.client)

    async def make(asked: Ask) -> AgentResult:
        document = await composer.write_document(asked)
        return AgentResult(summary=document.title, document=document)

    async def report(_faults: tuple[Fault, ...]) -> None:
        return

    return await review_rounds(ask, composer, make=make, render=rendered, report=report)


class TestReview:
    async def test_returns_the_faults_that_the_model_names(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.answer("review", judgement())
        ask = review_ask()
        (fault,) = await LangChainComposer(rig.client).review(ask, a_document(ask), ())
        assert (fault.kind, fault.code) == (FaultKind.FACTS, FaultCode.JUDGED)
        assert (fault.message, fault.place, fault.points) == (PROBLEM, "Demand", 5)

    async def test_shows_the_draft_as_data(self, rig: Rig, server: ScriptedModelServer) -> None:
        ask = review_ask()
        assert await LangChainComposer(rig.client).review(ask, a_document(ask), ()) == ()
        (shown,) = prompts(server, "Draft, text: ")
        order, data = shown.split("=== BEGIN DATA", 1)
        assert "Draft, text: Orders for electric ferries rose by 38% in 2024." in data
        assert "Draft" not in order


class TestRounds:
    async def test_a_judged_fault_goes_back_to_the_writer_as_data(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        server.answer_once("review", judgement())
        _, review = await run(review_ask(), rig)
        assert review.judged_by == "openai:scripted"
        assert review.rounds[0].faults[0].message == PROBLEM
        (shown,) = prompts(server, f"Fault: {PROBLEM} (Demand)")
        order, data = shown.split("=== BEGIN DATA", 1)
        assert "Revision: " in order
        assert PROBLEM not in order
        assert PROBLEM in data

    async def test_an_unreadable_judgement_costs_no_file(
        self, rig: Rig, server: ScriptedModelServer
    ) -> None:
        ask = review_ask()
        server.queue(Act.OK, Act.NONSENSE, Act.NONSENSE)
        kept, review = await run(ask, rig)
        assert kept.result.document is not None
        assert review.score == 100
