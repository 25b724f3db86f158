"""Reading PDF files."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from app.schemas.source import PassageKind
from app.sources import FileEncrypted, FileHasNoText, FileLimits, FileTooManyPages
from tests.unit.sources.files import read
from tests.unit.sources.pdf_files import Text, korean, paragraph, pdf

LONG = (
    "The market for home batteries grew by four tenths in the year under",
    "review, which is more than any of the forecasts had said, and the",
    "supply of trained installers did not keep up with it.",
)


class TestReadPdf:
    def test_joins_the_lines_of_a_paragraph(self) -> None:
        extract = read(pdf(paragraph(700, *LONG)), "a.pdf")
        assert [p.text for p in extract.passages] == [" ".join(LONG)]
        assert extract.passages[0].locator == "p. 1"
        assert extract.page_count == 1

    def test_begins_a_new_paragraph_after_a_gap(self) -> None:
        page = [*paragraph(700, *LONG), *paragraph(640, "A second thought follows here.")]
        assert read(pdf(page), "a.pdf").passages[0].text == (
            f"{' '.join(LONG)}\nA second thought follows here."
        )

    def test_joins_hyphenated_words_but_keeps_compounds(self) -> None:
        page = paragraph(
            700,
            "Long-term plans need a careful assess-",
            "ment of demand, and only the long-",
            "term view shows the change that counts in the end.",
        )
        text = read(pdf(page), "a.pdf").passages[0].text
        assert "careful assessment of demand" in text
        assert "the long-term view" in text

    def test_joins_a_paragraph_that_runs_on_over_the_page_end(self) -> None:
        first = paragraph(700, LONG[0], "review, and the whole of the trade was surprised by the")
        second = paragraph(780, "speed of it, as the survey of the association shows well.")
        passage = read(pdf(first, second), "a.pdf").passages[0]
        assert passage.locator == "pp. 1-2"
        assert "surprised by the speed of it" in passage.text

    def test_leaves_out_page_numbers_and_running_lines(self) -> None:
        pages = [
            [
                Text(72, 810, "Quarterly review"),
                *paragraph(700, *LONG),
                Text(290, 30, f"Page {number} of 3"),
            ]
            for number in (1, 2, 3)
        ]
        text = " ".join(p.text for p in read(pdf(*pages), "a.pdf").passages)
        assert "Quarterly review" not in text
        assert "Page" not in text
        assert text.count("installers did not keep up") == 3

    def test_takes_larger_type_as_headings(self) -> None:
        page = [
            Text(72, 780, "Annual report", size=24),
            Text(72, 740, "Market", size=16),
            *paragraph(700, *LONG),
            Text(72, 630, "Demand", size=13),
            *paragraph(600, *LONG),
        ]
        extract = read(pdf(page), "a.pdf")
        assert extract.title == "Annual report"
        assert [p.section for p in extract.passages] == ["Market", "Market > Demand"]

    def test_takes_short_bold_lines_as_headings(self) -> None:
        page = [Text(72, 740, "Outlook", font="F2"), *paragraph(710, *LONG)]
        assert read(pdf(page), "a.pdf").passages[0].section == "Outlook"

    def test_reads_two_columns_one_after_the_other(self) -> None:
        left = [f"Left column line number {n} goes on" for n in range(1, 6)]
        right = [f"Right column line number {n} goes on" for n in range(1, 6)]
        page = [
            text
            for n in range(5)
            for text in (Text(60, 700 - n * 14, left[n]), Text(330, 700 - n * 14, right[n]))
        ]
        text = read(pdf(page), "a.pdf").passages[0].text
        assert text.index("Left column line number 5") < text.index("Right column line number 1")

    def test_reads_bullets_as_a_list(self) -> None:
        page = [
            *paragraph(700, "\u2022 Train crews before anything else is done"),
            *paragraph(680, "\u2022 Promise a date and keep it"),
        ]
        passage = read(pdf(page), "a.pdf").passages[0]
        assert passage.kind is PassageKind.LIST
        assert passage.text.splitlines()[1] == "- Promise a date and keep it"

    def test_finds_a_table_whose_columns_are_aligned(self) -> None:
        rows = [("Region", "Units", "Share"), ("North", "120", "12.5%"), ("South", "310", "30%")]
        page = [
            *paragraph(700, *LONG),
            *(
                Text(x, 620 - n * 16, cell)
                for n, row in enumerate(rows)
                for x, cell in zip((72, 200, 320), row, strict=True)
            ),
        ]
        table = read(pdf(page), "a.pdf").tables[0]
        assert [c.name for c in table.columns] == ["Region", "Units", "Share"]
        assert table.rows == (("North", 120, 0.125), ("South", 310, 0.3))
        assert table.locator == "p. 1, table 1, rows 1-3"

    def test_reads_korean_and_joins_its_lines(self) -> None:
        page = korean(
            700,
            "국내 가정용 배터리 시장은 작년에 크게 성장했으며 호남권이 그 중심에",
            "있었다. 시공 인력은 수요를 따라가지 못했다.",
        )
        extract = read(pdf(page), "a.pdf")
        assert extract.language == "ko"
        assert "그 중심에 있었다." in extract.passages[0].text

    def test_joins_a_korean_word_broken_at_the_line_end(self) -> None:
        page = korean(
            700,
            "국내 가정용 배터리 시장은 작년에 크게 성장했으며 ",
            "호남권이 그 중심에 있었고 주문을 취소한 가구는 2",
            "2%로 나타났으며 시공 인력은 수요를 따라가",
            "지 못했다는 것이 조사의 결론이다.",
        )
        text = read(pdf(page), "a.pdf").passages[0].text
        assert "가구는 22%로" in text
        assert "따라가지 못했다" in text


class TestRefusePdf:
    def test_with_too_many_pages(self) -> None:
        content = pdf(paragraph(700, "one"), paragraph(700, "two"))
        with pytest.raises(FileTooManyPages, match="2 pages and the limit is 1"):
            read(content, "a.pdf", limits=FileLimits(max_pages=1))

    def test_with_a_password(self) -> None:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(paragraph(700, *LONG)))))
        writer.encrypt("secret", algorithm="AES-256")
        buffer = io.BytesIO()
        writer.write(buffer)
        with pytest.raises(FileEncrypted, match="password"):
            read(buffer.getvalue(), "a.pdf")

    def test_without_text(self) -> None:
        with pytest.raises(FileHasNoText):
            read(pdf([]), "a.pdf")

    def test_of_scanned_pictures_and_names_ocr(self) -> None:
        content = pdf([]).replace(b"/Resources << ", b"/Resources << /XObject << /Im1 99 0 R >> ")
        with pytest.raises(FileHasNoText, match="OCR"):
            read(content, "scan.pdf")

    def test_only_when_a_password_is_needed_to_open(self) -> None:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(paragraph(700, *LONG)))))
        writer.encrypt("", "owner", algorithm="AES-256")
        buffer = io.BytesIO()
        writer.write(buffer)
        assert read(buffer.getvalue(), "a.pdf").passages[0].text == " ".join(LONG)
