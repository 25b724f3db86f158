"""Where a source stands, as a Korean reader is told."""

import pytest

from app.schemas.locator import shown_locator

SHOWN = {
    "row 2": "2행",
    "rows 2-50": "2\u201350행",
    "line 7": "7줄",
    "lines 7-9": "7\u20139줄",
    "paragraph 3": "3문단",
    "paragraphs 3-5": "3\u20135문단",
    "p. 3": "3쪽",
    "pp. 3-4": "3\u20134쪽",
    "p. 3, table 1, rows 2-50": "3쪽, 표 1, 2\u201350행",
    "p. 1, table 1, rows 2-9; p. 2, table 2, rows 2-4": (
        "1쪽, 표 1, 2\u20139행; 2쪽, 표 2, 2\u20134행"
    ),
    "slide 4": "슬라이드 4",
    "slide 4, notes": "슬라이드 4, 발표자 노트",
    "slide 4, table, rows 2-5": "슬라이드 4, 표, 2\u20135행",
    "slide 4, chart, row 2": "슬라이드 4, 차트, 2행",
    "table 2, rows 2-3": "표 2, 2\u20133행",
    "시장 > 수요, table 2, rows 2-3": "시장 > 수요, 표 2, 2\u20133행",
    "매출!A2:D21": "매출 시트 A2:D21",
    "Q1!B7": "Q1 시트 B7",
}
OWN_WORDS = ["Market > Demand", "Terms, notes", "table", "Rows and columns", "시장, 수요", "Wow!Ha"]


class TestShownLocator:
    @pytest.mark.parametrize(("stored", "shown"), SHOWN.items(), ids=SHOWN)
    def test_says_places_in_korean(self, stored: str, shown: str) -> None:
        assert shown_locator(stored, "ko") == shown

    @pytest.mark.parametrize("stored", OWN_WORDS, ids=OWN_WORDS)
    def test_leaves_the_words_of_the_file(self, stored: str) -> None:
        assert shown_locator(stored, "ko") == stored

    @pytest.mark.parametrize("stored", SHOWN, ids=SHOWN)
    def test_is_the_stored_one_in_english(self, stored: str) -> None:
        assert shown_locator(stored, "en") == stored

    def test_is_empty_where_there_is_none(self) -> None:
        assert shown_locator(None, "ko") == ""
