"""Prose keeps to the facts: references become citations, unsupported numbers go."""

from app.agents.llm.facts import Fact, Facts
from app.agents.llm.grounding import (
    Evidence,
    cited_runs,
    number_problems,
    reference_problems,
    without_references,
)
from app.schemas.source import Source

SOURCES = {
    name: Source(id=name, title=name, quote="Orders rose by 38% to 96.", sha256="0")
    for name in ("a", "b")
}
FACTS = Facts(
    by_reference={
        "F1": Fact(topic="", text="Orders rose by 38%.", source_ids=("a",)),
        "F2": Fact(topic="", text="There were 96 orders.", source_ids=("b",)),
    },
    sources=SOURCES,
)
EVIDENCE = Evidence(FACTS.evidence())


def shown(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(run.text, run.source_ids) for run in cited_runs(text, FACTS, EVIDENCE)]


class TestCitedRuns:
    def test_cites_the_sentence_before_the_full_stop(self) -> None:
        assert shown("Orders rose by 38% [F1]. This matters.") == [
            ("Orders rose by 38%.", ("a",)),
            (" This matters.", ()),
        ]

    def test_cites_the_sentence_after_its_full_stop(self) -> None:
        assert shown("Orders rose by 38%. [F1] This matters.") == [
            ("Orders rose by 38%.", ("a",)),
            (" This matters.", ()),
        ]

    def test_takes_several_references(self) -> None:
        assert shown("Orders rose to 96 [F1, F2].") == [("Orders rose to 96.", ("a", "b"))]

    def test_works_in_korean(self) -> None:
        assert shown("주문은 38% 늘었다 [F1]. 이유는 많다.") == [
            ("주문은 38% 늘었다.", ("a",)),
            (" 이유는 많다.", ()),
        ]

    def test_drops_a_sentence_with_a_number_of_nowhere(self) -> None:
        assert shown("Orders rose by 38% [F1]. They will rise by 60% [F2].") == [
            ("Orders rose by 38%.", ("a",))
        ]

    def test_leaves_out_a_reference_to_nothing(self) -> None:
        assert shown("Orders rose [F9].") == [("Orders rose.", ())]

    def test_takes_markdown_out(self) -> None:
        assert shown("**Orders** rose [F1].") == [("Orders rose.", ("a",))]


class TestKeepSupported:
    def test_keeps_what_is_borne_out(self) -> None:
        assert EVIDENCE.keep_supported("96 orders came [F2]. 12 failed.") == "96 orders came."

    def test_can_leave_nothing(self) -> None:
        assert EVIDENCE.keep_supported("12 failed.") == ""


class TestProblems:
    def test_name_the_number_and_its_text(self) -> None:
        (problem,) = number_problems(["It grew by 60%."], EVIDENCE)
        assert "'60%'" in problem

    def test_name_the_reference(self) -> None:
        assert reference_problems(["A [F1]. B [F7]."], FACTS.references) == (
            "There is no fact F7.",
        )

    def test_are_none_for_sound_text(self) -> None:
        assert number_problems(["It rose by 38% [F1]."], EVIDENCE) == ()


class TestWithoutReferences:
    def test_leaves_other_brackets(self) -> None:
        assert without_references("A [F1] and [sic] B [T2].") == "A and [sic] B."
