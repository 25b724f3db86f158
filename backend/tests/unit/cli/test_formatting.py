"""Sizes, times and money in words."""

import pytest

from app.cli.formatting import duration_text, money_text, one_line, short_id, size_text


class TestSizeText:
    @pytest.mark.parametrize(
        ("size_bytes", "text"),
        [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (50_000_000, "50 MB"),
            (3_200_000_000, "3.2 GB"),
            (7e15, "7000 TB"),
        ],
    )
    def test_has_two_or_three_digits(self, size_bytes: float, text: str) -> None:
        assert size_text(size_bytes) == text


class TestDurationText:
    @pytest.mark.parametrize(
        ("seconds", "english", "korean"),
        [
            (-1, "0.0 s", "0.0초"),
            (2.34, "2.3 s", "2.3초"),
            (9.94, "9.9 s", "9.9초"),
            (9.96, "10 s", "10초"),
            (59.4, "59 s", "59초"),
            (59.6, "1 min", "1분"),
            (80, "1 min 20 s", "1분 20초"),
            (3600, "1 h", "1시간"),
            (3900, "1 h 5 min", "1시간 5분"),
        ],
    )
    def test_is_coarser_the_longer_it_is(self, seconds: float, english: str, korean: str) -> None:
        assert duration_text(seconds, "en") == english
        assert duration_text(seconds, "ko") == korean


class TestMoneyText:
    @pytest.mark.parametrize(
        ("usd", "text"),
        [(0, "$0.00"), (0.0123, "$0.0123"), (0.5, "$0.5000"), (1, "$1.00"), (1234.5, "$1,234.50")],
    )
    def test_shows_small_amounts_to_four_places(self, usd: float, text: str) -> None:
        assert money_text(usd) == text


class TestOneLine:
    def test_takes_out_what_would_steer_the_terminal(self) -> None:
        assert one_line("a\x1b[31mred\x07\nb\tc") == "a [31mred b c"

    def test_keeps_korean(self) -> None:
        assert one_line("1분기  매출") == "1분기 매출"


class TestShortId:
    def test_is_what_people_type(self) -> None:
        assert short_id("5d1f7c1e-0000-4000-8000-000000000001") == "5d1f7c1e"
