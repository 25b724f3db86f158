import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.artifacts.pptx.fitting import TextSpace, fit_text, text_height
from app.artifacts.pptx.pieces import Piece, joined, plain, with_mark

SPACE = TextSpace(width=300, height=100, largest=20, smallest=12)


class TestFitText:
    def test_keeps_the_largest_size_where_it_fits(self) -> None:
        fitted = fit_text([plain("Short")], SPACE)
        assert (fitted.size, joined(fitted.lines[0])) == (20, "Short")

    def test_makes_text_smaller_before_shorter(self) -> None:
        text = "word " * 30
        fitted = fit_text([plain(text)], SPACE)
        assert fitted.size < 20
        assert joined(fitted.lines[0]) == text

    def test_shortens_at_the_end_of_a_word(self) -> None:
        fitted = fit_text([plain("longish " * 200)], SPACE)
        assert fitted.size == 12
        assert joined(fitted.lines[0]).endswith("longish…")

    def test_shortens_at_the_end_of_a_sentence_where_one_is_near(self) -> None:
        text = "One sentence of some length here. " * 40
        assert joined(fit_text([plain(text)], SPACE).lines[0]).endswith("here.…")

    def test_shortens_a_word_without_end(self) -> None:
        fitted = fit_text([plain("가" * 2_000)], SPACE)
        assert joined(fitted.lines[0]).endswith("가…")

    def test_keeps_the_marks_of_what_it_shortens(self) -> None:
        fitted = fit_text([with_mark(plain("word " * 500), "[12]")], SPACE)
        assert joined(fitted.lines[0]).endswith("… [12]")

    def test_keeps_the_style_of_what_is_left(self) -> None:
        line = (Piece(text="bold ", bold=True), Piece(text="plain " * 500))
        assert fit_text([line], SPACE).lines[0][0] == line[0]

    @given(st.lists(st.text(max_size=400), min_size=1, max_size=5))
    def test_never_overflows(self, texts: list[str]) -> None:
        paragraphs = [plain(text.replace("\n", " ")) for text in texts]
        fitted = fit_text(paragraphs, SPACE)
        assert text_height(fitted.lines, SPACE, fitted.size) <= SPACE.height
        assert len(fitted.lines) == len(paragraphs)

    @pytest.mark.parametrize("bold", [True, False])
    def test_gives_bold_text_more_room(self, *, bold: bool) -> None:
        line = (Piece(text="m" * 26, bold=bold),)
        assert text_height([line], SPACE, 20) == pytest.approx(48 if bold else 24)
