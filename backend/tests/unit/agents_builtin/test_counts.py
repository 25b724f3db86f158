"""Numbers of slides and pages, in digits and words of both languages."""

import pytest

from app.agents.builtin.counts import page_count, slide_count


class TestSlideCount:
    @pytest.mark.parametrize(
        ("goal", "slides"),
        [
            ("six-slide deck", 6),
            ("6장짜리 발표 자료", 6),
            ("발표 자료 10장", 10),
            ("a deck of ten slides", 10),
            ("8-10 slides", 9),
            ("슬라이드 여섯 장", 6),
            ("열두 장짜리 슬라이드", 12),
            ("a dozen slides", 12),
            ("two-page report and slides", 6),
            ("한 장 요약 보고서와 슬라이드", 6),
            ("PPT 8장 만들어줘", 8),
            ("slides about 2025 sales", 6),
            ("10~12장 슬라이드", 11),
            ("100 slides", 40),
            ("one slide", 2),
            ("보고서 3장, 슬라이드 7장", 7),
            ("12 page presentation", 12),
            ("a 10-minute presentation", 10),
            ("5분기 발표 자료", 6),
        ],
    )
    def test_reads_what_is_asked_for(self, goal: str, slides: int) -> None:
        assert slide_count(goal).slides == slides


class TestPageCount:
    @pytest.mark.parametrize(
        ("goal", "pages"),
        [
            ("two-page brief", 2),
            ("a 3 page report", 3),
            ("2쪽 보고서", 2),
            ("보고서 3장", 3),
            ("one-pager", 1),
            ("슬라이드 6장", None),
            ("Length in pages: 4.", 4),
            ("분량: 약 2쪽.", 2),
        ],
    )
    def test_reads_what_is_asked_for(self, goal: str, pages: int | None) -> None:
        assert page_count(goal) == pages
