import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.artifacts.text_width import em_width, line_count, truncate_text, width_pt, wrap_text

_TEXTS = st.text(max_size=200)
_WIDTHS = st.floats(min_value=1.0, max_value=40.0)


class TestEmWidth:
    def test_counts_hangul_as_one_em_and_latin_as_a_little_over_half(self) -> None:
        assert em_width("한글") == 2.0
        assert em_width("ab") == pytest.approx(1.1)
        assert width_pt("한", 12.0) == 12.0

    def test_gives_no_width_to_marks_that_join_another_character(self) -> None:
        assert em_width("e\u0301") == em_width("e")


class TestWrapText:
    @given(_TEXTS, _WIDTHS)
    def test_loses_no_character_but_spaces(self, text: str, width: float) -> None:
        assert "".join("".join(wrap_text(text, width)).split()) == "".join(text.split())

    @given(_TEXTS, _WIDTHS)
    def test_keeps_every_line_within_the_width(self, text: str, width: float) -> None:
        assert all(em_width(line) <= width + 1e-9 for line in wrap_text(text, width))

    def test_breaks_between_words_where_it_can(self) -> None:
        assert wrap_text("가정용 저장 장치", 6.0) == ("가정용 저장", "장치")

    def test_breaks_inside_a_word_that_is_wider_than_a_line(self) -> None:
        assert wrap_text("가나다라마", 2.0) == ("가나", "다라", "마")

    def test_counts_an_empty_line_as_a_line(self) -> None:
        assert line_count("a\n\nb", 10.0) == 3


class TestTruncateText:
    @given(_TEXTS, _WIDTHS)
    def test_never_exceeds_the_width(self, text: str, width: float) -> None:
        assert em_width(truncate_text(text, width)) <= width + 1e-9

    def test_leaves_text_that_fits_alone(self) -> None:
        assert truncate_text("abc", 5.0) == "abc"
        assert truncate_text("abcdefghij", 3.0) == "abcd…"
