from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.artifacts.characters import (
    clean_line,
    clean_model,
    clean_text,
    is_right_to_left,
    uncovered_characters,
)
from tests.factories.artifacts import make_document, make_full_document

_ANY = st.text(st.characters(codec=None), max_size=80)


class TestCleanText:
    @given(_ANY)
    def test_gives_text_that_xml_can_hold_and_give_back(self, text: str) -> None:
        element = etree.Element("t")
        element.text = clean_text(text)
        assert (etree.fromstring(etree.tostring(element)).text or "") == clean_text(text)

    def test_drops_controls_and_keeps_letters_of_every_script(self) -> None:
        assert clean_text("a\x00b\x1b[c\ufffe") == "ab[c"
        assert clean_text("한글 العربية 🎉") == "한글 العربية 🎉"

    def test_makes_one_kind_of_line_break(self) -> None:
        assert clean_text("a\r\nb\rc\u2028d") == "a\nb\nc\nd"

    def test_puts_a_line_on_one_line(self) -> None:
        assert clean_line(" a\n\tb  c ") == "a b c"


class TestCleanModel:
    def test_cleans_texts_at_every_depth(self) -> None:
        document = make_document(title="A\x00B")
        assert clean_model(document).title == "AB"

    def test_leaves_a_clean_model_equal(self) -> None:
        document = make_full_document()
        assert clean_model(document) == document


class TestUncoveredCharacters:
    def test_names_what_no_font_can_draw(self) -> None:
        assert uncovered_characters("ok\ufffd\ue000\x07\ud800") == (
            "\ufffd",
            "\ue000",
            "\x07",
            "\ud800",
        )

    def test_passes_office_text(self) -> None:
        assert uncovered_characters("Über 39% “한글” 漢字 ½ €\n\t→ ✓") == ()


class TestIsRightToLeft:
    def test_looks_at_the_first_letter_with_a_direction(self) -> None:
        assert is_right_to_left("123 مرحبا abc")
        assert not is_right_to_left("abc مرحبا")
        assert not is_right_to_left("123")
