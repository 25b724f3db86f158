"""Goals as they are written in Korean offices."""

from tests.e2e.goals import given_files as given
from tests.e2e.goals import korean_files as files
from tests.e2e.goals.goal_case import (
    DOCX,
    NO_SOURCE,
    NO_TEXT,
    PPTX,
    UNCLEAR,
    XLSX,
    GoalCase,
    made,
    refused,
    with_slides,
)

_PASTED_TEXT = """다음 내용을 한 장짜리 메모로 정리해 주세요.

본사 구내식당 이용자는 하루 평균 640명이다. 식단 만족도는 3월 조사에서 72점을 받았다. \
점심시간 대기 줄은 최대 25분까지 길어졌다. 저녁 식사 운영은 4월부터 중단한다. \
식자재 단가는 작년보다 9% 올랐다. 채식 식단은 주 2회 제공하며 이용률은 6%에 머물렀다.
"""

KOREAN_CASES: tuple[GoalCase, ...] = (
    made(
        "minutes",
        "3월 영업 회의록을 임원 보고용으로 한 장으로 요약해 주세요",
        lambda: [files.minutes()],
        DOCX,
        says=("42건", "3월 21일"),
    ),
    with_slides(
        made(
            "minutes as a deck",
            "회의록 내용을 팀 공유용 PPT 5장으로 만들어 주세요",
            lambda: [files.minutes()],
            PPTX,
        ),
        5,
        is_short=True,
    ),
    made(
        "survey in a PDF",
        "고객 만족도 조사 결과 보고서 작성해줘",
        lambda: [files.survey_pdf()],
        DOCX,
        says=("4.2점", "38%"),
    ),
    made(
        "Word report",
        "안전 점검 보고 docx 읽고 보고서랑 발표 자료 만들어 주세요",
        lambda: [files.safety_report()],
        DOCX,
        PPTX,
        says=("36", "71%"),
    ),
    made(
        "comparison of branches",
        "지점별 2023년과 2024년 매출을 비교하는 보고서와 엑셀을 부탁드립니다",
        lambda: [files.branches()],
        DOCX,
        XLSX,
        says=("강남", "잠실"),
    ),
    made(
        "series of months",
        "월별 전력 사용량 추이를 분석해서 보고서로 써 줘",
        lambda: [files.monthly_power()],
        DOCX,
    ),
    made(
        "only a table in cp949",
        "채용 현황 표를 엑셀로 정리해 주세요",
        lambda: [files.applicants_cp949()],
        XLSX,
    ),
    made(
        "only a deck",
        "채용 현황 발표 자료만 만들어 줘. 보고서는 필요 없어",
        lambda: [files.applicants_cp949()],
        PPTX,
    ),
    made(
        "huge diary",
        "시설 관리 일지를 보고서로 요약해 줘",
        lambda: [files.long_log()],
        DOCX,
    ),
    made(
        "two papers that disagree",
        "스마트팜 사업 개요 보고서를 작성해 주세요",
        files.contradicting,
        DOCX,
        says=("48억", "62억"),
    ),
    made(
        "mixed languages",
        "ERP의 SaaS 전환 검토 보고서 draft 만들어 주세요",
        files.mixed_languages,
        DOCX,
        says=("3억 2천만 원",),
    ),
    made(
        "notice in plain text",
        "재택근무 변경 사항을 직원 공지용 메모로 정리해 주세요",
        lambda: [files.plain_notice()],
        DOCX,
        says=("주 2회",),
    ),
    made(
        "everything",
        "예산 집행 현황을 보고서, 엑셀, 발표 자료로 전부 만들어 줘",
        files.budget_and_memo,
        DOCX,
        XLSX,
        PPTX,
        says=("마케팅",),
    ),
    made(
        "why",
        "마케팅비가 왜 예산을 넘었나요?",
        files.budget_and_memo,
        DOCX,
        says=("신제품 광고",),
    ),
    made("pasted text", _PASTED_TEXT, list, DOCX, says=("640명",)),
    refused("lunch", "점심 메뉴 추천해 줘", UNCLEAR, files.plain_notice()),
    refused("keys at random", "ㅁㄴㅇㄹ ㅂㅈㄷㄱ", UNCLEAR, files.minutes()),
    refused("nothing wanted", "보고서도 엑셀도 발표 자료도 만들지 마", UNCLEAR, files.minutes()),
    refused("no files for a forecast", "내년 반도체 수출 전망 보고서 작성해 주세요", NO_SOURCE),
    refused(
        "Korean headings only",
        "사업 계획 보고서를 써 줘",
        NO_TEXT,
        given.text("목차.md", "# 사업 계획\n\n## 시장\n\n## 비용\n\n## 위험\n"),
    ),
)
