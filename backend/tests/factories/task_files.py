"""A task's files, small and real: a text and a table, in English and in Korean."""

from app.schemas.source import Language
from app.sources import SourceLibrary, read_file

ENGLISH_TEXT = """# Electric ferries

## Demand

Orders for electric ferries rose by 38% in 2024. Norway placed 41 of the 96 orders.
Operators name fuel cost as their first reason.

## Risks

Battery prices fell to 139 dollars per kWh in 2023. A shortage of shore power holds back
eleven ports. Grid connections take four years on average.
"""

KOREAN_TEXT = """# 전기 여객선

## 수요

2024년 전기 여객선 주문은 전년보다 38% 늘었다. 전체 96척 가운데 41척을 노르웨이가 주문했다.

## 위험

배터리 가격은 2023년 kWh당 139달러로 내렸다. 육상 전력이 모자라 항구 11곳이 기다리고 있다.
"""

ENGLISH_TABLE = """Year,Region,Orders,Revenue (USD million)
2022,Europe,31,420
2022,Asia,18,260
2023,Europe,44,610
2023,Asia,26,355
2024,Europe,58,830
2024,Asia,38,520
"""

KOREAN_TABLE = """연도,지역,주문(척),매출(억원)
2022,유럽,31,5680
2022,아시아,18,3510
2023,유럽,44,8230
2023,아시아,26,4790
2024,유럽,58,11200
2024,아시아,38,7020
"""


def library_of(*files: tuple[str, str]) -> SourceLibrary:
    """Return a library of files given as name and text."""
    extracts = [
        read_file(text.encode(), file_id=f"file-{number}", file_name=name)
        for number, (name, text) in enumerate(files, start=1)
    ]
    return SourceLibrary(extracts)


def task_library(language: Language = "en") -> SourceLibrary:
    """Return a library of one text and one table."""
    if language == "ko":
        return library_of(("여객선.md", KOREAN_TEXT), ("주문.csv", KOREAN_TABLE))
    return library_of(("ferries.md", ENGLISH_TEXT), ("orders.csv", ENGLISH_TABLE))
