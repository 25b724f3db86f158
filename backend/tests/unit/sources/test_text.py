"""Normal form, language, sentences, tokens and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sources import (
    detect_language,
    normalise_text,
    numbers_in,
    split_sentences,
    stands_in,
    text_sha256,
    tokens,
    unsupported_numbers,
)


class TestNormaliseText:
    def test_folds_space_quotes_and_dashes(self) -> None:
        assert normalise_text(" \u201cA\u00a0\n b\u201d \u2013 it\u2019s ") == '"A b" - it\'s'

    def test_composes_hangul_that_a_mac_stores_in_pieces(self) -> None:
        assert normalise_text("\u1109\u1175\u110c\u1161\u11bc") == "시장"

    def test_takes_out_invisible_characters(self) -> None:
        assert normalise_text("mar\u00adket\u200b") == "market"

    @given(st.text())
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        assert normalise_text(normalise_text(text)) == normalise_text(text)

    @given(st.text())
    def test_gives_texts_of_one_normal_form_one_hash(self, text: str) -> None:
        assert text_sha256(text) == text_sha256(f"  {normalise_text(text)}\n")


class TestStandsIn:
    @pytest.mark.parametrize(
        ("quote", "text"),
        [("39%", "grew 139%"), ("5", "about 5.2 million"), ("시장", "가정용 시장은"), ("", "text")],
    )
    def test_refuses_parts_of_words_and_numbers(self, quote: str, text: str) -> None:
        assert not stands_in(quote, text)

    @pytest.mark.parametrize(
        ("quote", "text"),
        [("grew 39%.", "It grew 39%. Then"), ("5.2 million", "(5.2 million)"), ("a", "ab a")],
    )
    def test_accepts_whole_words(self, quote: str, text: str) -> None:
        assert stands_in(quote, text)

    @given(st.lists(st.text("abc12,.% 가나다", min_size=1), min_size=3, max_size=6))
    def test_accepts_every_run_of_whole_words(self, words: list[str]) -> None:
        parts = [part for word in words for part in word.split()]
        for start in range(len(parts)):
            assert stands_in(" ".join(parts[start:]), " ".join(parts))


class TestDetectLanguage:
    @pytest.mark.parametrize(
        "text",
        ["시장 보고서", "Q3 revenue report 작성해 줘", "ESS market brief를 만들어 주세요."],
    )
    def test_finds_korean(self, text: str) -> None:
        assert detect_language(text) == "ko"

    @pytest.mark.parametrize("text", ["Market brief", "", "2024", "A brief on the 한국 market"])
    def test_takes_the_rest_for_english(self, text: str) -> None:
        assert detect_language(text) == "en"


class TestSplitSentences:
    def test_keeps_abbreviations_decimals_and_initials_whole(self) -> None:
        text = "Dr. J. Smith of Acme Inc. paid 3.5 million in the U.S. market. It was high."
        assert split_sentences(text) == [
            "Dr. J. Smith of Acme Inc. paid 3.5 million in the U.S. market.",
            "It was high.",
        ]

    def test_ends_at_an_abbreviation_before_a_word_that_starts_sentences(self) -> None:
        assert split_sentences("It was sold by Acme Inc. The price fell.") == [
            "It was sold by Acme Inc.",
            "The price fell.",
        ]

    def test_splits_korean_with_and_without_space(self) -> None:
        assert split_sentences("시장은 12.5% 성장했다.수요는 줄었다. 그러나 늘 것이다!") == [
            "시장은 12.5% 성장했다.",
            "수요는 줄었다.",
            "그러나 늘 것이다!",
        ]

    def test_keeps_closing_quotes_with_their_sentence(self) -> None:
        text = "He said \u201cwe wait.\u201d Nobody came."
        assert split_sentences(text) == ["He said \u201cwe wait.\u201d", "Nobody came."]

    def test_leaves_out_list_markers(self) -> None:
        assert split_sentences("- First point\n\u2022 Second point\n1. Third") == [
            "First point",
            "Second point",
            "Third",
        ]

    def test_knows_korean_closing_brackets(self) -> None:
        assert split_sentences("가격이 올랐다(전년 대비). 수요는 줄었다.")[0].endswith("대비).")

    @given(st.text("abAB가다요 .!?\"'\n", max_size=60))
    def test_returns_pieces_that_stand_in_the_text(self, text: str) -> None:
        for sentence in split_sentences(text):
            assert sentence in text


class TestTokens:
    def test_meet_over_korean_particles(self) -> None:
        assert set(tokens("시장")) <= set(tokens("시장은 성장했다"))

    def test_cut_longer_words_into_pairs(self) -> None:
        assert tokens("배터리는") == ["배터리는", "배터", "터리", "리는"]

    def test_fold_plurals_and_case(self) -> None:
        assert tokens("Batteries and Markets") == ["battery", "market"]

    def test_keep_numbers_without_separators(self) -> None:
        assert tokens("1,234 of 12.5%") == ["1234", "12.5%"]


class TestNumbersIn:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("5,680억 원", {"568000000000"}),
            ("1조 2,000억 원", {"1200000000000"}),
            ("8만 2,100대", {"82100"}),
            ("39%", {"39%"}),
            ("39 percent and 39퍼센트", {"39%"}),
            ("3.2M", {"3200000"}),
            ("USD 2,016.2 million", {"2016200000"}),
            ("$5m and 5 m", {"5000000", "5"}),
            ("in Q3 of 2024", {"2024"}),
            ("CO2 and v1.5", set()),
            ("12GWh", {"12"}),
            ("2024년 3월", {"2024", "3"}),
            ("rose by 0.50 points", {"0.5"}),
        ],
    )
    def test_reads_scales_and_percents(self, text: str, expected: set[str]) -> None:
        assert numbers_in(text) == expected

    @given(st.integers(0, 10**9))
    def test_finds_every_number_with_and_without_groups(self, value: int) -> None:
        assert numbers_in(f"about {value:,} units") == numbers_in(f"about {value} units")
        assert numbers_in(f"{value}") == {str(value)}


class TestUnsupportedNumbers:
    def test_names_an_invented_number(self) -> None:
        assert unsupported_numbers("It grew 39% to 5,680.", ["grew 39%"]) == ["5,680"]

    def test_accepts_the_scale_that_a_table_names_in_its_header(self) -> None:
        evidence = ["매출 (억원): 5,680"]
        assert unsupported_numbers("매출은 5,680억 원이다", evidence) == []
        assert unsupported_numbers("매출은 5,680조 원이다", evidence) == ["5,680조"]

    def test_accepts_english_scales_in_headers(self) -> None:
        evidence = ["Market size (USD m): 578.7"]
        assert unsupported_numbers("worth USD 578.7 million", evidence) == []
        assert unsupported_numbers("worth USD 578.7 billion", evidence) == ["USD 578.7 billion"]
