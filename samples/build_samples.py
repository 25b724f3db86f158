"""Build the sample files that are not plain text: the market tables and the field reports.

Run from any folder: `python samples/build_samples.py`. The same text gives the same bytes.
All markets, companies and figures are invented.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

HERE = Path(__file__).parent
FIRST_YEAR = 2017
WRITTEN = datetime(2025, 2, 28, 9, 0)  # noqa: DTZ001 - Office stores times without a zone
ZIP_TIME = (2025, 2, 28, 9, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One region: units sold by year, and how it differs from the whole market."""

    name: str
    units: Sequence[int]
    price: int
    capacity: float
    solar: int
    imports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The figures of one sample market. Prices are per kWh in the market's own unit."""

    path: str
    title: str
    header: Sequence[str]
    price: Sequence[int]
    capacity: Sequence[float]
    solar: Sequence[int]
    imports: Sequence[int]
    size_divisor: float
    regions: Sequence[Region]


def region(name: str, units: Sequence[int], offsets: tuple[int, float, int, int]) -> Region:
    """Make a region from its offsets in price, capacity, solar share and import share."""
    price, capacity, solar, imports = offsets
    return Region(
        name=name, units=units, price=price, capacity=capacity, solar=solar, imports=imports
    )


ENGLISH = Market(
    path="en/home_battery_market.csv",
    title="Home battery market by region (sample data)",
    header=(
        "Year",
        "Region",
        "Units sold",
        "Average price (USD/kWh)",
        "Average capacity (kWh)",
        "Market size (USD m)",
        "Sold with solar (%)",
        "Import share (%)",
    ),
    price=(985, 910, 832, 764, 702, 738, 641, 563),
    capacity=(6.2, 6.6, 7.1, 7.7, 8.4, 9.0, 9.8, 10.5),
    solar=(44, 47, 51, 55, 59, 62, 65, 68),
    imports=(71, 72, 74, 76, 78, 80, 79, 76),
    size_divisor=1e6,
    regions=(
        region(
            "Northern", (12400, 15900, 20300, 26800, 35200, 41900, 50700, 56200), (12, 0.3, -4, 2)
        ),
        region("Central", (18600, 23100, 29400, 38700, 52300, 66100, 84200, 97900), (0, 0, 0, 0)),
        region(
            "Southern", (6900, 9300, 13100, 19400, 29800, 43600, 64900, 91300), (-18, 0.4, 7, -3)
        ),
        region(
            "Coastal", (9800, 12700, 16500, 22100, 30600, 38900, 47300, 52800), (9, -0.2, -2, 3)
        ),
        region("Highland", (2100, 2700, 3600, 4900, 6900, 9200, 12600, 16400), (31, -0.3, -6, -1)),
        region("Islands", (1400, 2000, 2900, 4300, 6600, 9800, 14100, 19700), (46, 0.8, 9, -5)),
    ),
)
KOREAN = Market(
    path="ko/가정용_배터리_시장.csv",
    title="권역별 가정용 배터리 시장 (예시 자료)",
    header=(
        "연도",
        "권역",
        "판매 대수(대)",
        "평균 단가(만원/kWh)",
        "평균 용량(kWh)",
        "시장 규모(억원)",
        "태양광 연계 비율(%)",
        "수입산 비중(%)",
    ),
    price=(98, 91, 84, 77, 71, 75, 66, 58),
    capacity=(6.0, 6.4, 6.9, 7.5, 8.2, 8.8, 9.6, 10.3),
    solar=(41, 45, 50, 54, 58, 61, 64, 67),
    imports=(52, 54, 57, 60, 63, 66, 65, 62),
    size_divisor=1e4,
    regions=(
        region("수도권", (3100, 3900, 5200, 7000, 9400, 11600, 14300, 16100), (2, -0.4, -9, 3)),
        region("영남권", (2400, 3100, 4200, 5900, 8300, 10900, 14200, 17000), (0, 0, -1, 0)),
        region("호남권", (1700, 2400, 3600, 5500, 8600, 12900, 19200, 26800), (-2, 0.5, 8, -4)),
        region("충청권", (1500, 2000, 2700, 3700, 5300, 7000, 9300, 11400), (0, 0.1, 1, -1)),
        region("강원권", (500, 700, 900, 1300, 1900, 2500, 3400, 4300), (3, -0.2, -4, 2)),
        region("제주권", (400, 600, 900, 1400, 2200, 3200, 4700, 6500), (5, 0.9, 11, -2)),
    ),
)


def market_rows(market: Market) -> Iterator[list[str]]:
    """Yield the rows of a market; its size is units times capacity times price."""
    for index, price in enumerate(market.price):
        for one in market.regions:
            units, unit_price = one.units[index], price + one.price
            capacity = market.capacity[index] + one.capacity
            yield [
                str(FIRST_YEAR + index),
                one.name,
                str(units),
                str(unit_price),
                f"{capacity:.1f}",
                f"{units * capacity * unit_price / market.size_divisor:.1f}",
                str(market.solar[index] + one.solar),
                str(market.imports[index] + one.imports),
            ]


def write_market(market: Market) -> None:
    """Write a market as CSV, with a title line above the header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows(([market.title], market.header, *market_rows(market)))
    # Excel opens UTF-8 as such only with a byte order mark.
    (HERE / market.path).write_text(buffer.getvalue(), encoding="utf-8-sig")


def write_report(source: str, target: str, language: str) -> None:
    """Write a report as a Word document from its text: "# ", "## ", "|" tables, paragraphs."""
    document = docx.Document()
    _set_fonts(document, language)
    blocks = (HERE / source).read_text(encoding="utf-8").strip().split("\n\n")
    for block in blocks:
        if block.startswith("# "):
            document.add_heading(block[2:], level=0)
            document.core_properties.title = block[2:]
        elif block.startswith("## "):
            document.add_heading(block[3:], level=1)
        elif block.startswith("|"):
            _add_table(document, block)
        elif block.startswith("- "):
            for item in block.splitlines():
                document.add_paragraph(item[2:], style="List Bullet")
        else:
            document.add_paragraph(" ".join(block.splitlines()))
    _save(document, HERE / target, language)


def _set_fonts(document: Document, language: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), "Calibri")
        fonts.set(qn("w:eastAsia"), "Malgun Gothic")
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), language)
        lang.set(qn("w:eastAsia"), "ko-KR")
        style.element.get_or_add_rPr().append(lang)
    document.styles["Normal"].font.size = Pt(10.5)


def _add_table(document: Document, block: str) -> None:
    lines = [line for line in block.splitlines() if not set(line) <= set("|- :")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Light Grid Accent 1")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - no public way
    document.add_paragraph()


def _save(document: Document, path: Path, language: str) -> None:
    properties = document.core_properties
    properties.author = properties.last_modified_by = "Madang"
    properties.language = language
    properties.created = properties.modified = WRITTEN
    properties.comments = ""
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as packed, zipfile.ZipFile(path, "w") as target:
        for name in packed.namelist():
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, packed.read(name))


if __name__ == "__main__":
    write_market(ENGLISH)
    write_market(KOREAN)
    write_report("text/field_report_en.md", "en/field_report.docx", "en-US")
    write_report("text/field_report_ko.md", "ko/현장_보고서.docx", "ko-KR")
