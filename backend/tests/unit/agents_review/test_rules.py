"""Each check of a review, with one fault planted; and the same deliverable without it."""

import pytest

from app.agents.ports import Ask
from app.agents.results import AgentResult
from app.agents.review import Rules, inconsistencies, score_of
from app.agents.review.completeness import asked_sections
from app.artifacts.blocks import BulletSlide, Figure, Paragraph, Run, Table
from app.artifacts.report import GateCheck, GateReport
from app.schemas.plan import AgentName
from app.schemas.review import Fault, FaultCode, FaultKind
from tests.factories.artifacts import make_chart, make_column
from tests.factories.reviews import (
    QUOTE,
    TOTAL_LABEL,
    a_claim,
    a_deck,
    a_document,
    a_workbook,
    cited,
    review_ask,
    without_files,
)

PASSED = GateReport(checks=())


def faults(ask: Ask, made: AgentResult, gate: GateReport = PASSED) -> list[Fault]:
    return list(Rules(ask).faults(made, gate))


def codes(ask: Ask, made: AgentResult, gate: GateReport = PASSED) -> list[FaultCode]:
    return [fault.code for fault in faults(ask, made, gate)]


class TestFacts:
    def test_has_nothing_against_a_true_document(self) -> None:
        ask = review_ask()
        assert faults(ask, a_document(ask)) == []

    def test_finds_a_quote_changed_by_one_word(self) -> None:
        ask = review_ask()
        changed = cited(ask).model_copy(update={"quote": QUOTE.replace("rose", "fell")})
        found = faults(ask, a_document(ask, sources=(changed,)))
        assert [fault.code for fault in found] == [FaultCode.QUOTE_CHANGED]
        assert "fell by 38%" in found[0].written

    def test_finds_words_in_quotation_marks_that_stand_nowhere(self) -> None:
        ask = review_ask()
        claim = a_claim(ask, "They say “Norway placed none of the many orders at all”.")
        assert codes(ask, a_document(ask, claim)) == [FaultCode.QUOTE_CHANGED]

    @pytest.mark.parametrize("number", ["57%", "412", "USD 9.4 million"])
    def test_finds_an_invented_number(self, number: str) -> None:
        ask = review_ask()
        found = faults(ask, a_document(ask, a_claim(ask, f"Operators saved {number} at once.")))
        assert [fault.code for fault in found] == [FaultCode.NUMBER_UNTRACED]
        assert found[0].kind is FaultKind.FACTS

    @pytest.mark.parametrize(
        "claim",
        [
            "Norway placed 41 of the 96 orders.",
            "Revenue came to USD 2,995 million in all.",
            "Europe earned 62.1% of it.",
            "Revenue in Europe was 1,860.",
            "Orders rose by 38% in 2024.",
        ],
    )
    def test_traces_what_stands_in_the_files_or_follows_from_a_table(self, claim: str) -> None:
        ask = review_ask()
        assert codes(ask, a_document(ask, a_claim(ask, claim))) == []

    def test_finds_an_invented_value_in_a_table(self) -> None:
        ask = review_ask()
        columns = (make_column("Region"), make_column("Revenue"))
        numeric = (columns[0], columns[1].model_copy(update={"kind": "integer"}))
        table = Table(
            caption="Revenue",
            columns=numeric,
            rows=(("Europe", 1860), ("Asia", 777)),
            source_ids=(cited(ask).id,),
        )
        found = faults(ask, a_document(ask, table))
        assert [fault.written for fault in found] == ["777"]

    def test_finds_an_invented_value_in_a_chart(self) -> None:
        ask = review_ask()
        chart = make_chart(values=((420, 610, 831),))
        figure = Figure(chart=chart, caption="Revenue", source_ids=(cited(ask).id,))
        assert codes(ask, a_document(ask, figure)) == [FaultCode.NUMBER_UNTRACED]

    def test_trusts_a_workbooks_formulas_but_not_what_was_typed_in(self) -> None:
        ask = review_ask(agent=AgentName.SHEETS)
        made = a_workbook(ask)
        assert codes(ask, made) == []
        assert made.workbook is not None
        sheet = made.workbook.sheets[0]
        typed = sheet.tables[0].model_copy(update={"rows": (("Europe", 1861), ("Asia", 1135))})
        book = made.workbook.model_copy(
            update={"sheets": (sheet.model_copy(update={"tables": (typed,)}),)}
        )
        wrong = AgentResult(summary="", workbook=book)
        assert codes(ask, wrong) == [FaultCode.NUMBER_UNTRACED]


class TestConsistency:
    def test_finds_a_figure_of_the_deck_that_the_workbook_gives_otherwise(self) -> None:
        ask = review_ask(agent=AgentName.SLIDES)
        ask = review_ask(agent=AgentName.SLIDES, results={"sheets": a_workbook(ask)})
        assert codes(ask, a_deck(ask)) == []
        found = [f for f in faults(ask, a_deck(ask, total="2,895")) if f.kind == "consistency"]
        assert [fault.code for fault in found] == [FaultCode.FIGURES_DIFFER]
        assert found[0].message == f"{TOTAL_LABEL}: 2,895 here, 2,995 in sheets."

    @pytest.mark.parametrize("total", ["3.0k", "2,995", "about 2,995 million"])
    def test_lets_the_same_amount_be_printed_in_another_way(self, total: str) -> None:
        ask = review_ask(agent=AgentName.SLIDES)
        ask = review_ask(agent=AgentName.SLIDES, results={"sheets": a_workbook(ask)})
        found = faults(ask, a_deck(ask, total=total))
        assert [f for f in found if f.kind is FaultKind.CONSISTENCY] == []

    def test_finds_it_in_prose(self) -> None:
        ask = review_ask()
        ask = review_ask(results={"sheets": a_workbook(ask)})
        claim = a_claim(ask, "Total revenue was USD 2,024 million.")
        assert FaultCode.FIGURES_DIFFER in codes(ask, a_document(ask, claim))

    def test_finds_one_cell_that_differs_in_the_same_table(self) -> None:
        ask = review_ask()
        right = a_document(ask, _regions(ask, 58))
        wrong = a_document(ask, _regions(ask, 31))
        results = {"report": right, "brief": wrong}
        said = inconsistencies(results, "en")
        assert len(said) == 1
        assert "2024" in said[0]
        assert inconsistencies({"report": right, "brief": right}, "en") == ()

    def test_says_it_in_korean(self) -> None:
        ask = review_ask()
        results = {"sheets": a_workbook(ask), "deck": a_deck(ask, total="2,895")}
        said = inconsistencies(results, "ko")
        assert said == ("Total revenue: deck에는 2,895, sheets에는 2,995입니다.",)


class TestCompleteness:
    def test_finds_a_missing_slide(self) -> None:
        ask = review_ask(agent=AgentName.SLIDES, slide_count=5)
        found = faults(ask, a_deck(ask))
        assert [fault.code for fault in found] == [FaultCode.SLIDE_COUNT]
        assert (found[0].written, found[0].expected) == ("4", "5")
        extra = BulletSlide(title="Norway leads", items=((_cited_run(ask),),))
        assert codes(ask, a_deck(ask, extra)) == []

    def test_finds_a_missing_section(self) -> None:
        ask = review_ask(instructions="Write the sections: Demand, Financing and Outlook.")
        found = faults(ask, a_document(ask))
        assert [fault.code for fault in found] == [FaultCode.SECTION_MISSING] * 2
        assert [fault.written for fault in found] == ["Financing", "Outlook"]

    def test_finds_a_missing_section_in_korean(self) -> None:
        ask = review_ask(instructions="수요, 위험 섹션으로 구성한다.", language="ko")
        found = Rules(ask).faults(_korean_document(ask), PASSED)
        assert [fault.written for fault in found] == ["위험"]
        assert found[0].message == "요청한 “위험”에 관한 내용이 없습니다."

    def test_finds_an_empty_file(self) -> None:
        ask = review_ask()
        made = a_document(ask)
        assert made.document is not None
        empty = made.document.model_copy(update={"blocks": ()})
        assert codes(ask, AgentResult(summary="", document=empty))[0] is FaultCode.EMPTY

    def test_finds_the_wrong_language(self) -> None:
        ask = without_files(review_ask(language="ko"))
        text = "The ferries of the north are quiet, clean and cheap to run. " * 3
        made = a_document(review_ask(), Paragraph(runs=(Run(text=text),)), sources=())
        assert FaultCode.WRONG_LANGUAGE in codes(ask, made)


class TestCitations:
    def test_finds_a_missing_list_of_sources(self) -> None:
        ask = review_ask(agent=AgentName.SLIDES)
        found = codes(ask, a_deck(ask, has_source_list=False))
        assert found == [FaultCode.SOURCES_MISSING]

    def test_finds_a_figure_without_a_source(self) -> None:
        ask = review_ask()
        bare = Paragraph(runs=(Run(text="Norway placed 41 of the 96 orders."),))
        assert codes(ask, a_document(ask, bare)) == [FaultCode.CLAIM_UNCITED]

    def test_asks_for_no_sources_where_there_are_none(self) -> None:
        ask = without_files(review_ask())
        made = a_document(review_ask(), sources=())
        assert FaultCode.SOURCES_MISSING not in codes(ask, made)


class TestFormatting:
    def test_takes_over_what_the_gate_found(self) -> None:
        ask = review_ask()
        gate = GateReport(checks=(GateCheck(name="glyphs", passed=False, detail="no glyph"),))
        found = faults(ask, a_document(ask), gate)
        assert [fault.code for fault in found] == [FaultCode.CHECK_FAILED]
        assert "glyphs" in found[0].message


class TestScore:
    def test_is_100_without_faults(self) -> None:
        assert score_of(()) == 100

    def test_takes_at_most_its_part_for_each_kind(self) -> None:
        fault = Fault(
            kind=FaultKind.FACTS, code=FaultCode.NUMBER_UNTRACED, message="wrong", points=10
        )
        assert score_of([fault]) == 90
        assert score_of([fault] * 50) == 60

    def test_is_0_when_everything_is_wrong(self) -> None:
        wrong = [
            Fault(kind=kind, code=FaultCode.JUDGED, message="wrong", points=100)
            for kind in FaultKind
        ]
        assert score_of(wrong) == 0


def _cited_run(ask: Ask) -> Run:
    return Run(text="Norway placed 41 of the 96 orders.", source_ids=(cited(ask).id,))


def _regions(ask: Ask, last: int) -> Table:
    number = make_column("Orders").model_copy(update={"kind": "integer"})
    return Table(
        caption="Orders in Europe",
        columns=(make_column("Year"), number),
        rows=(("2022", 31), ("2023", 44), ("2024", last)),
        source_ids=(cited(ask).id,),
    )


def _korean_document(ask: Ask) -> AgentResult:
    quote = "2024년 전기 여객선 주문은 전년보다 38% 늘었다."
    made = a_document(review_ask())
    assert made.document is not None
    source = cited(ask, quote)
    paragraph = Paragraph(runs=(Run(text=quote, source_ids=(source.id,)),))
    heading = made.document.blocks[0].model_copy(update={"text": "수요"})
    document = made.document.model_copy(
        update={
            "title": "전기 여객선",
            "language": "ko",
            "blocks": (heading, paragraph),
            "sources": (source,),
        }
    )
    return AgentResult(summary="", document=document)


class TestAskedSections:
    @pytest.mark.parametrize("filler", [" ", "가 ", "a, ", "와 ", "장, "])
    def test_are_looked_for_in_any_goal_in_good_time(self, filler: str) -> None:
        # Backtracking over this goal took longer than any test may.
        goal = "Write a report on sales" + filler * (19_900 // len(filler)) + "by quarter"
        asked_sections(goal)
