"""The files of the Korean goals: what lies on the shared drive of an office."""

import io
import random
from collections.abc import Sequence

import typst
from docx import Document
from openpyxl import Workbook

from app.services.files import Upload
from tests.e2e.goals.given_files import text

_PDF = """#set page(paper: "a4")
#set text(size: 11pt, lang: "ko")
= 2024년 고객 만족도 조사

== 조사 결과

종합 만족도는 5점 만점에 4.2점으로 2023년보다 0.3점 올랐다. 배송 만족도가 4.5점으로 가장 높았다.
반면 교환과 환불 절차는 3.1점에 그쳤다.

== 불만 유형

전체 불만 1,240건 가운데 환불 지연이 38%를 차지했다. 상담 대기 시간은 평균 7분으로 조사됐다.

== 개선 과제

환불 처리 기간을 7일에서 3일로 줄이는 방안을 검토하고 있다. 상담 인력은 아직 8명이 부족하다.
"""
_MINUTES = """# 3월 영업 회의록

일시: 2025년 3월 12일
참석: 김민수 팀장, 이서연 과장, 박지훈 대리

## 논의 내용

1분기 신규 계약은 42건으로 목표 50건에 미치지 못했다. 부산 지사 계약이 6건에 그친 것이 \
가장 큰 원인으로 꼽혔다. 경쟁사가 2월에 가격을 10% 내려 재계약 협상이 길어지고 있다.

## 결정 사항

- 부산 지사에 영업 사원 2명을 4월 1일 자로 추가 배치하기로 했다.
- 재계약 고객에게는 기존 할인율 5%를 7%로 올려 적용하기로 했다.

## 할 일

- 이서연 과장은 3월 21일까지 부산 지사 인력 배치안을 제출할 것
- 박지훈 대리는 3월 28일까지 경쟁사 가격표를 조사해 공유할 것

## 미결 사항

신제품 출시 일정은 개발팀 확인이 필요해 다음 회의로 넘겼다.
"""


def minutes() -> Upload:
    """Return the minutes of a meeting: what was said, decided and left to do."""
    return text("3월_영업회의록.md", _MINUTES)


def survey_pdf() -> Upload:
    """Return a report of a survey, as a PDF."""
    content = typst.compile(_PDF.encode(), format="pdf")
    assert isinstance(content, bytes)
    return Upload(name="만족도조사.pdf", content=content)


def safety_report() -> Upload:
    """Return a Word report with headings, prose and one table."""
    document = Document()
    document.add_heading("2024년 공장 안전 점검 보고", level=0)
    document.add_heading("점검 결과", level=1)
    document.add_paragraph(
        "안산 공장과 창원 공장에서 모두 36건의 위험 요인이 확인됐다. 이 가운데 29건은 "
        "연말까지 조치를 마쳤다. 남은 7건은 설비 교체가 필요해 2025년 예산에 반영했다."
    )
    document.add_heading("공장별 현황", level=1)
    table = document.add_table(rows=1, cols=4)
    for cell, name in zip(
        table.rows[0].cells, ("공장", "위험 요인", "조치 완료", "재해 건수"), strict=True
    ):
        cell.text = name
    for row in (("안산", "21", "18", "2"), ("창원", "15", "11", "1")):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    document.add_heading("향후 과제", level=1)
    document.add_paragraph(
        "창원 공장의 프레스 방호 장치는 교체 일정이 정해지지 않았다. 야간 근무조의 안전 "
        "교육 이수율은 71%로 주간 근무조보다 낮다."
    )
    held = io.BytesIO()
    document.save(held)
    return Upload(name="안전점검.docx", content=held.getvalue())


def branches() -> Upload:
    """Return a comparison of branches in two years, as a spreadsheet keeps it."""
    return workbook(
        "지점실적.xlsx",
        "지점별 실적",
        ("지점", "2023년 매출(백만원)", "2024년 매출(백만원)", "직원 수(명)"),
        (("강남", 4210, 4630, 18), ("홍대", 2890, 2740, 12), ("잠실", 3350, 3910, 15),
         ("분당", 2120, 2480, 10), ("일산", 1760, 1690, 9)),
    )  # fmt: skip


def workbook(
    name: str, title: str, header: Sequence[str], rows: Sequence[Sequence[str | int | float]]
) -> Upload:
    """Return a workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in (header, *rows):
        sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return Upload(name=name, content=held.getvalue())


def monthly_power() -> Upload:
    """Return a series of two years, by month."""
    lines = ["연월,전력 사용량(MWh),전기 요금(만원)"]
    for month in range(24):
        use = 820 + 12 * month + (140 if month % 12 in {6, 7} else 0)
        lines.append(f"{2023 + month // 12}-{month % 12 + 1:02},{use},{use * 14}")
    return text("전력.csv", "\n".join(lines))


def applicants_cp949() -> Upload:
    """Return nothing but a table, in the encoding of Windows."""
    return text(
        "채용현황.csv",
        "부서,지원자 수,합격자 수,입사자 수\n영업,124,8,7\n개발,310,15,12\n디자인,86,4,4\n"
        "인사,45,2,2\n재무,52,3,2\n",
        "cp949",
    )


def long_log() -> Upload:
    """Return a diary of about 150 pages."""
    chance = random.Random(5)
    works = ("배관 교체", "승강기 점검", "외벽 보수", "소방 훈련", "조경 정비", "누수 조사")
    parts = ["# 시설 관리 일지"]
    for week in range(1, 181):
        work = works[week % len(works)]
        parts.append(f"## {week}주차 {work}")
        for zone in ("본관", "별관", "주차장", "기숙사"):
            one, two = chance.randint(3, 90), chance.randint(100, 990)
            parts.append(
                f"{week}주차에 {zone}에서 {work} 작업 {one}건을 마쳤다. {zone}의 {work} 비용은 "
                f"{two}만 원으로 집계됐다. 작업 인력은 {chance.randint(2, 30)}명이 투입됐다."
            )
    return text("시설일지.md", "\n\n".join(parts))


def contradicting() -> tuple[Upload, ...]:
    """Return two papers that disagree on one figure."""
    return (
        text(
            "사업계획서.md",
            "# 스마트팜 사업 계획서\n\n스마트팜 사업의 총사업비는 48억 원이다. 사업 부지는 "
            "전북 김제에 있다. 1단계 온실은 2025년 9월에 준공한다.\n",
        ),
        text(
            "보도자료.md",
            "# 스마트팜 보도 자료\n\n스마트팜 사업의 총사업비는 62억 원이다. 지역 농가 "
            "35곳이 사업에 참여한다.\n",
        ),
    )


def mixed_languages() -> tuple[Upload, ...]:
    """Return a Korean memo full of English terms, and English notes on the same thing."""
    return (
        text(
            "SaaS_전환.md",
            "# SaaS 전환 검토\n\n현재 on-premise ERP의 연간 유지비는 3억 2천만 원이다. SaaS로 "
            "전환하면 첫해 migration 비용 1억 5천만 원이 든다. API 연동 대상은 MES, WMS, CRM "
            "세 가지다.\n\n## 위험\n\n데이터 residency 요건은 아직 법무팀 검토가 끝나지 않았다.\n",
        ),
        text(
            "vendor_notes.md",
            "# Vendor notes\n\nThe vendor offers an uptime of 99.9% with monthly credits. Support "
            "in Korean costs USD 2,000 a month. Contracts run for three years.\n",
        ),
    )


def plain_notice() -> Upload:
    """Return a notice in the polite style, as plain text."""
    return text(
        "재택근무_안내.txt",
        "재택근무 제도 변경 안내\n\n5월 1일부터 재택근무는 주 2회까지 허용됩니다. 신청은 전주 "
        "목요일 오후 6시까지 인사 시스템에서 받습니다. 신입 사원은 입사 후 3개월이 지나야 "
        "신청할 수 있습니다.\n\n보안 교육을 마치지 않은 직원은 회사 노트북을 반출할 수 "
        "없습니다. 4월 기준 교육 이수율은 83%입니다.\n",
    )


def budget_and_memo() -> tuple[Upload, ...]:
    """Return a budget with what was spent, and a memo that explains it."""
    return (
        text(
            "예산집행.csv",
            "항목,예산(만원),집행액(만원)\n인건비,52000,51200\n임차료,9600,9600\n"
            "마케팅,18000,21500\n출장비,4200,2900\n교육비,3000,1800\n",
        ),
        text(
            "예산메모.md",
            "# 예산 집행 메모\n\n마케팅비는 신제품 광고가 앞당겨져 예산을 넘겼다. 출장비는 화상 "
            "회의가 늘면서 줄었다. 교육비는 하반기 과정 두 개가 취소됐다.\n",
        ),
    )
