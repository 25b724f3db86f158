"""The last word: what was made, the main points, what is missing."""

from app.agents.builtin import BuiltinComposer
from app.agents.results import AgentResult
from app.schemas.plan import AgentName, PlanStep
from tests.unit.agents_builtin.material_files import EVERYTHING, ORDERS_CSV, ask_for, deck_step

REVIEW = PlanStep(key="review", agent=AgentName.REVIEW, title="Check")


class TestSynthesise:
    async def test_names_what_was_made_and_three_points(self) -> None:
        composer = BuiltinComposer()
        goal = "Write a brief on home batteries"
        written = await composer.write_document(ask_for(goal, EVERYTHING))
        results = {"docs": AgentResult(summary="done", document=written)}
        said = await composer.synthesise(
            ask_for(goal, EVERYTHING, step=REVIEW, results=results), {}
        )
        assert said.summary.startswith("Made ")
        assert "sections" in said.summary
        assert len(said.highlights) == 3

    async def test_says_what_failed_and_why(self) -> None:
        ask = ask_for("Write a brief on home batteries", EVERYTHING, step=REVIEW)
        said = await BuiltinComposer().synthesise(ask, {"docs": "the disk is full"})
        assert said.missing[0] == "Step docs was not finished: the disk is full"
        assert "No file was made" in said.summary

    async def test_says_when_a_deck_is_shorter_than_asked(self) -> None:
        composer = BuiltinComposer()
        goal = "Make a 30-slide deck on orders"
        files = {"orders.csv": ORDERS_CSV}
        made = await composer.design_deck(ask_for(goal, files, step=deck_step(30)))
        results = {"slides": AgentResult(summary="done", deck=made)}
        said = await composer.synthesise(ask_for(goal, files, step=REVIEW, results=results), {})
        assert said.missing[0].startswith("30 slides were asked for")
