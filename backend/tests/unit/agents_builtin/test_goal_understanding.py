"""Which files a goal asks for, in both languages, from the words alone."""

import pytest

from app.agents.builtin.mentions import find_mentions, wanted_kinds
from app.agents.builtin.request import understand
from app.agents.builtin.vocabulary import DocumentKind

WANTED = [
    ("Write a market brief on home batteries with a spreadsheet and a six-slide deck", "D W S"),
    ("Turn this report into slides", "S"),
    ("Summarise the attached report as a deck of ten slides", "S"),
    ("Make a deck, no spreadsheet", "S"),
    ("Write a report without slides or a spreadsheet", "D"),
    ("Only a deck about Q3", "S"),
    ("slides only please, from the attached spreadsheet", "S"),
    ("From the attached spreadsheet, write a two-page memo", "D"),
    ("Excel report of the sales by region", "W"),
    ("Prepare a brief presentation", "S"),
    ("a report and slides based on the workbook", "D S"),
    ("Put the numbers in Excel", "W"),
    ("Don't make slides, just a one-page summary", "D"),
    ("a presentation instead of a report", "S"),
    ("Analyse the sales data", ""),
    ("Write a summary of the slides", "D"),
    ("not only a report but also slides", "D S"),
    ("Create slides and a spreadsheet, nothing else", "S W"),
    ("I need the spreadsheet and the deck by Monday", "S W"),
    ("Compare the two reports", ""),
    ("balance sheet analysis report", "D"),
    ("Please prepare slides for the board. No report needed.", "S"),
    ("I don't need a deck. Write a report.", "D"),
    ("skip the slides; write up the findings as a report", "D"),
    ("make ppt and docx", "S D"),
    ("국내 배터리 시장에 대한 보고서와 6장짜리 발표 자료를 만들어 줘", "D S"),
    ("이 보고서를 슬라이드로 만들어 줘", "S"),
    ("첨부한 엑셀을 바탕으로 보고서 써 줘", "D"),
    ("발표 자료만 만들어 줘", "S"),
    ("발표 자료는 빼고 보고서와 엑셀만", "D W"),
    ("슬라이드나 엑셀은 빼고 요약만 해줘", "D"),
    ("매출을 표로 정리해 줘", "W"),
    ("엑셀 파일을 분석해서 발표 자료 10장", "S"),
    ("보고서를 요약해 줘", ""),
    ("보고서 대신 슬라이드로", "S"),
    ("시장 브리프, 스프레드시트, 슬라이드 6장", "D W S"),
    ("첨부 파일로 경영진 보고용 PPT 8장 만들어줘", "S"),
    ("엑셀로만 정리해줘", "W"),
    ("올린 자료를 요약해서 슬라이드로", "S"),
    ("전략 메모를 영어로 한 장 요약해 줘", ""),
]
LETTERS = {"document": "D", "workbook": "W", "deck": "S"}


class TestWantedFiles:
    @pytest.mark.parametrize(("goal", "expected"), WANTED)
    def test_are_those_that_the_goal_orders(self, goal: str, expected: str) -> None:
        found = {LETTERS[kind.value] for kind in wanted_kinds(find_mentions(goal))}
        assert found == set(expected.split())


class TestSubject:
    @pytest.mark.parametrize(
        ("goal", "subject"),
        [
            (
                "Write a market brief on home batteries in Korea with a deck",
                "home batteries in Korea",
            ),
            ("Analyse our 2025 sales by region and make a deck", "2025 sales by region"),
            ("write a two-page memo about the Q3 budget overrun", "Q3 budget overrun"),
            ("Q3 sales report and slides", "Q3 sales"),
            ("Turn this report into slides", ""),
            ("Write a report about customer churn using churn.csv in Korean", "customer churn"),
            ("One-page memo on installer waiting times, nothing else", "installer waiting times"),
            ("Put everything in Excel", ""),
            ("국내 배터리 시장에 대한 보고서를 만들어 줘", "국내 배터리 시장"),
            ("첨부한 엑셀을 바탕으로 3분기 매출 보고서 써 줘", "3분기 매출"),
            ("올린 자료를 요약해서 슬라이드로", ""),
            ("수요, 정책, 위험을 포함해 전기차 충전 시장 보고서를 만들어 줘", "전기차 충전 시장"),
        ],
    )
    def test_is_what_the_goal_is_about(self, goal: str, subject: str) -> None:
        assert understand(goal, "en").subject == subject

    @pytest.mark.parametrize(
        ("goal", "subject"),
        [
            ("3월 영업 회의록을 임원 보고용으로 한 장으로 요약해 주세요", "3월 영업 회의록"),
            ("3월 영업 회의록 보고서와 매출 엑셀을 만들어 줘", "3월 영업 회의록"),
            ("3월 영업 회의록을 바탕으로 실적 보고서를 써 줘", "실적"),
            ("이 회의록을 요약해줘", ""),
            ("회의록 내용을 팀 공유용 PPT 5장으로 만들어 주세요", ""),
        ],
    )
    def test_keeps_what_minutes_are_of(self, goal: str, subject: str) -> None:
        assert understand(goal, "ko").subject == subject

    @pytest.mark.parametrize(
        ("goal", "subject"),
        [
            ("두 지점의 1~4월 매출을 비교해 보고서를 써 줘", "두 지점의 1~4월 매출"),
            ("매출을 지점별로 정리한 엑셀만 만들어 줘", "지점별 매출"),
            ("설문 결과를 요약한 두 장짜리 보고서를 써 줘", "설문 결과"),
        ],
    )
    def test_is_whole_and_holds_nothing_that_is_done_to_it(self, goal: str, subject: str) -> None:
        assert understand(goal, "ko").subject == subject

    def test_of_a_document_leaves_its_kind_to_the_label(self) -> None:
        request = understand("Write a market brief on home batteries", "en")
        assert (request.subject, request.modifiers) == ("home batteries", "market")

    def test_comes_with_the_aspects_that_the_goal_lists(self) -> None:
        request = understand("A report on ports covering traffic, costs and noise", "en")
        assert request.aspects == ("traffic", "costs", "noise")


class TestOutputLanguage:
    @pytest.mark.parametrize(
        ("goal", "language"),
        [
            ("Write a report in Korean", "ko"),
            ("Home batteries in Korea, a report", "en"),
            ("시장 보고서를 만들어 줘", "ko"),
            ("시장 보고서를 영어로 만들어 줘", "en"),
            ("Write the summary", "en"),
        ],
    )
    def test_is_the_one_named_or_that_of_the_goal(self, goal: str, language: str) -> None:
        assert understand(goal, "en").language == language


class TestDocumentKind:
    @pytest.mark.parametrize(
        ("goal", "kind"),
        [
            ("write a memo on sales", DocumentKind.MEMO),
            ("What grew fastest?", DocumentKind.ANSWER),
            ("한 장 요약 보고서", DocumentKind.REPORT),
            ("전략 메모를 한 장으로 요약해 줘", DocumentKind.ONE_PAGER),
            ("Create a proposal for the office", DocumentKind.PROPOSAL),
        ],
    )
    def test_follows_the_word_for_the_document(self, goal: str, kind: DocumentKind) -> None:
        assert understand(goal, "en").document_kind is kind
