from app.artifacts.blocks import Paragraph, Run
from app.artifacts.document_checks import (
    citation_problems,
    glyph_problems,
    heading_problems,
    rendered_file,
    text_problems,
)
from app.artifacts.report import GateReport
from tests.factories.artifacts import make_document, make_source, make_table


class TestHeadingProblems:
    def test_finds_empty_headings_and_skipped_levels(self) -> None:
        found = list(heading_problems([(1, "A"), (3, "B"), (1, " ")]))
        assert len(found) == 2
        assert "level 3 after level 1" in found[0]

    def test_accepts_steps_down_of_one_and_up_of_any(self) -> None:
        assert not list(heading_problems([(1, "A"), (2, "B"), (3, "C"), (1, "D")]))


class TestCitationProblems:
    def test_finds_a_claim_whose_source_is_not_there(self) -> None:
        document = make_document(Paragraph(runs=(Run(text="x", source_ids=("gone",)),)))
        assert "gone" in next(citation_problems(document, ()))

    def test_finds_numbers_printed_too_many_or_missing(self) -> None:
        document = make_document(make_table(source_ids=("s1",)), sources=(make_source("s1"),))
        assert not list(citation_problems(document, (1,)))
        assert list(citation_problems(document, (1, 2))) == ["[2] is printed but nothing cites it"]
        assert list(citation_problems(document, ())) == ["[1] is cited but not printed"]


class TestTextProblems:
    def test_finds_text_that_waits_for_somebody(self) -> None:
        for text in ("Lorem ipsum dolor", "{{ name }}", "TODO", "[insert date]", "여기에 입력"):
            assert list(text_problems(f"Before {text} after"))

    def test_passes_ordinary_brackets(self) -> None:
        assert not list(text_problems("Sales [1] in {2025}, see [the study] and todos"))


class TestGlyphProblems:
    def test_names_the_code_points(self) -> None:
        assert list(glyph_problems("a\ufffd\ue000")) == [
            "characters without a glyph: U+FFFD, U+E000"
        ]


class TestRenderedFile:
    def test_adds_a_missing_suffix_only(self) -> None:
        report = GateReport(checks=())
        for name, full in (("brief", "brief.md"), ("brief.MD", "brief.MD")):
            file = rendered_file(
                name, ".md", media_type="text/markdown", content=b"", report=report
            )
            assert file.name == full
