"""Yes and no."""

import pytest

from app.cli.question import is_yes


class TestIsYes:
    @pytest.mark.parametrize("answer", ["y\n", "Y\n", " yes \n", "ㅛ\n", "네\n", "예\n"])
    def test_is_what_says_yes_in_either_language(self, answer: str) -> None:
        assert is_yes(answer)

    @pytest.mark.parametrize("answer", ["", "\n", "n\n", "no\n", "yeah no\n", "아니요\n"])
    def test_is_nothing_else(self, answer: str) -> None:
        assert not is_yes(answer)
