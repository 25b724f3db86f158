"""Reading Word, Excel and PowerPoint files."""

from datetime import date, datetime

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.workbook import Workbook

from app.schemas.source import ColumnKind, PassageKind
from tests.unit.sources.files import (
    read,
    repacked,
    sheet,
    slide_with_table,
    slides,
    word,
    workbook,
)


class TestReadWord:
    def test_keeps_the_heading_path(self) -> None:
        def build(document: Document) -> None:
            document.add_heading("Report", level=0)
            document.add_heading("Market", level=1)
            document.add_heading("Demand", level=2)
            document.add_paragraph("Demand rose.")

        extract = read(word(build), "a.docx")
        assert extract.title == "Report"
        assert extract.passages[0].locator == "Market > Demand"
        assert extract.passages[0].text == "Demand rose."

    def test_never_merges_across_headings(self) -> None:
        def build(document: Document) -> None:
            document.add_heading("One", level=1)
            document.add_paragraph("First.")
            document.add_heading("Two", level=1)
            document.add_paragraph("Second.")

        assert [p.text for p in read(word(build), "a.docx").passages] == ["First.", "Second."]

    def test_merges_short_paragraphs_up_to_nine_hundred_characters(self) -> None:
        def build(document: Document) -> None:
            for _ in range(10):
                document.add_paragraph("word " * 40)

        sizes = [len(p.text) for p in read(word(build), "a.docx").passages]
        assert all(400 <= size <= 900 for size in sizes[:-1])

    def test_takes_bold_lines_for_headings_when_there_are_no_styles(self) -> None:
        def build(document: Document) -> None:
            document.add_paragraph().add_run("시장 현황").bold = True
            document.add_paragraph("시장은 성장했다.")

        assert read(word(build), "a.docx").passages[0].section == "시장 현황"

    def test_reads_lists_and_tables_in_place(self) -> None:
        def build(document: Document) -> None:
            document.add_heading("Plan", level=1)
            document.add_paragraph("Before.")
            table = document.add_table(rows=3, cols=2)
            texts = (("Region", "Units"), ("North", "1,200"), ("South", "900"))
            for row, cells in zip(table.rows, texts, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
            document.add_paragraph("Train crews", style="List Bullet")

        extract = read(word(build), "a.docx")
        assert [p.kind for p in extract.passages] == [
            PassageKind.PARAGRAPH,
            PassageKind.TABLE,
            PassageKind.LIST,
        ]
        assert extract.passages[1].locator == "Plan, table 1, rows 2-3"
        assert extract.passages[2].text == "- Train crews"
        assert extract.tables[0].rows == (("North", 1200), ("South", 900))

    def test_repeats_cells_merged_downwards(self) -> None:
        def build(document: Document) -> None:
            table = document.add_table(rows=3, cols=3)
            texts = (("R", "City", "U"), ("North", "Oslo", "1"), ("", "Bergen", "2"))
            for row, cells in zip(table.rows, texts, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
            table.cell(1, 0).merge(table.cell(2, 0))

        assert read(word(build), "a.docx").tables[0].rows[1] == ("North", "Bergen", 2)

    def test_leaves_out_deleted_text_and_keeps_inserted(self) -> None:
        def build(document: Document) -> None:
            paragraph = document.add_paragraph("It grew ")
            for tag, text_tag, text in (("w:del", "w:delText", "9"), ("w:ins", "w:t", "39%")):
                change, run, content = (OxmlElement(name) for name in (tag, "w:r", text_tag))
                content.text = text
                run.append(content)
                change.append(run)
                paragraph._p.append(change)

        assert read(word(build), "a.docx").passages[0].text == "It grew 39%"

    def test_reads_text_in_content_controls(self) -> None:
        def build(document: Document) -> None:
            paragraph = document.add_paragraph("Inside a control.")
            control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
            paragraph._p.addprevious(control)
            control.append(content)
            content.append(paragraph._p)

        assert read(word(build), "a.docx").passages[0].text == "Inside a control."

    def test_reads_footnotes_as_notes(self) -> None:
        def build(document: Document) -> None:
            run = document.add_paragraph("It grew 39%.").add_run()
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), "2")
            run._r.append(reference)

        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        plain = word(build)
        content = repacked(
            plain,
            {
                "word/footnotes.xml": (
                    f'<w:footnotes xmlns:w="{space}"><w:footnote w:id="2"><w:p><w:r>'
                    "<w:t>Preliminary figure.</w:t></w:r></w:p></w:footnote></w:footnotes>"
                ).encode(),
                "[Content_Types].xml": _with(
                    plain,
                    "[Content_Types].xml",
                    b"</Types>",
                    f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/>',
                ),
                "word/_rels/document.xml.rels": _with(
                    plain,
                    "word/_rels/document.xml.rels",
                    b"</Relationships>",
                    f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/>',
                ),
            },
        )
        note = read(content, "a.docx").passages[1]
        assert (note.kind, note.text) == (PassageKind.NOTE, "Preliminary figure.")


def _with(content: bytes, member: str, before: bytes, added: str) -> bytes:
    import io  # noqa: PLC0415 - used here alone
    import zipfile  # noqa: PLC0415 - used here alone

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(member).replace(before, added.encode() + before)


class TestReadWorkbook:
    def test_gives_ranges_as_locators(self) -> None:
        extract = read(sheet([("Region", "Units"), ("North", 1), ("South", 2)]), "a.xlsx")
        assert extract.passages[0].locator == "Sheet1!A2:B3"
        assert extract.tables[0].locator == "Sheet1!A1:B3"

    def test_finds_several_tables_with_their_titles_on_one_sheet(self) -> None:
        extract = read(
            sheet(
                [
                    ("Sales", None, None, None, None),
                    ("(단위: 억원)", None, None, None, None),
                    ("Region", "Won", None, "City", "People"),
                    ("North", 1, None, "Oslo", 5),
                    ("South", 2, None, "Lima", 6),
                    (None, None, None, None, None),
                    ("Costs", None, None, None, None),
                    ("Item", "USD", None, None, None),
                    ("Rent", 9, None, None, None),
                    ("Food", 8, None, None, None),
                ]
            ),
            "a.xlsx",
        )
        assert [(t.title, t.locator) for t in extract.tables] == [
            ("Sales", "Sheet1!A3:B5"),
            ("Sheet1", "Sheet1!D3:E5"),
            ("Costs", "Sheet1!A8:B10"),
        ]
        assert extract.tables[0].columns[1].unit == "억원"

    def test_joins_a_table_spaced_out_by_blank_rows(self) -> None:
        rows = [("R", "U"), ("A", 1), ("B", 2), (None, None), ("C", 3), ("D", 4)]
        (table,) = read(sheet(rows), "a.xlsx").tables
        assert [row[0] for row in table.rows] == ["A", "B", "C", "D"]

    def test_types_numbers_dates_percents_and_money(self) -> None:
        def build(book: Workbook) -> None:
            active = book.worksheets[0]
            active.append(["Day", "Share", "Price", "Year"])
            active.append([datetime(2024, 3, 5), 0.125, 1200, 2024])  # noqa: DTZ001 - as Excel
            active.append([datetime(2024, 3, 6), 0.3, 30, 2025])  # noqa: DTZ001 - as Excel
            for row in (2, 3):
                active.cell(row, 2).number_format = "0.0%"
                active.cell(row, 3).number_format = "[$\u20a9-412]#,##0"

        extract = read(workbook(build), "a.xlsx")
        (table,) = extract.tables
        assert [c.kind for c in table.columns] == [
            ColumnKind.DATE,
            ColumnKind.PERCENT,
            ColumnKind.CURRENCY,
            ColumnKind.YEAR,
        ]
        assert table.columns[2].unit == "KRW"
        assert table.rows[0] == (date(2024, 3, 5), 0.125, 1200, 2024)
        assert extract.passages[0].text.splitlines()[0] == (
            "Day: 2024-03-05; Share: 12.5%; Price (KRW): 1,200; Year: 2024"
        )

    def test_merges_header_rows_and_fills_merged_labels(self) -> None:
        def build(book: Workbook) -> None:
            active = book.worksheets[0]
            for row in (
                ["Region", "2023", None, "2024", None],
                [None, "Sales", "Units", "Sales", "Units"],
                ["North", 1, 2, 3, 4],
                [None, 5, 6, 7, 8],
            ):
                active.append(row)
            for merge in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
                active.merge_cells(merge)

        (table,) = read(workbook(build), "a.xlsx").tables
        assert [c.name for c in table.columns] == [
            "Region",
            "2023 Sales",
            "2023 Units",
            "2024 Sales",
            "2024 Units",
        ]
        assert table.rows[1] == ("North", 5, 6, 7, 8)

    def test_reports_hidden_sheets_and_formulas_without_results(self) -> None:
        def build(book: Workbook) -> None:
            active = book.worksheets[0]
            for row in (["R", "U"], ["A", 1], ["B", "=B2*2"]):
                active.append(row)
            secret = book.create_sheet("Secret")
            secret.append(["R", "U"])
            secret.append(["Z", 1])
            secret.sheet_state = "hidden"

        extract = read(workbook(build), "a.xlsx")
        assert "Secret" in extract.notices[0]
        assert "Sheet" in extract.notices[1]
        assert extract.tables[0].rows == (("A", 1), ("B", None))
        assert "Z" not in "".join(p.text for p in extract.passages)

    def test_treats_error_values_as_blank(self) -> None:
        extract = read(sheet([("R", "U"), ("A", "#DIV/0!"), ("B", 2)]), "a.xlsx")
        assert extract.tables[0].rows == (("A", None), ("B", 2))

    def test_is_not_led_astray_by_a_merge_of_all_cells(self) -> None:
        def build(book: Workbook) -> None:
            book.worksheets[0].append(["R", "U"])
            book.worksheets[0].append(["A", 1])

        plain = workbook(build)
        part = "xl/worksheets/sheet1.xml"
        merges = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        content = repacked(plain, {part: _with(plain, part, b"<pageMargins", merges)})
        assert "A" in read(content, "a.xlsx").passages[-1].text


class TestReadPresentation:
    def test_locates_by_slide_and_starts_with_the_title(self) -> None:
        content = slides(("Market grew 39%", ["South leads", "Prices fall"]), ("Risks", ["Duty"]))
        extract = read(content, "a.pptx")
        assert extract.page_count == 2
        assert [p.locator for p in extract.passages] == ["slide 1", "slide 2"]
        assert extract.passages[0].text == "Market grew 39%\n- South leads\n- Prices fall"

    def test_reads_notes_apart(self) -> None:
        extract = read(slides(("Title", ["Point"]), notes="Say this aloud."), "a.pptx")
        note = extract.passages[1]
        assert (note.kind, note.locator) == (PassageKind.NOTE, "slide 1, notes")

    def test_reads_tables(self) -> None:
        extract = read(slide_with_table([("R", "U"), ("A", "1"), ("B", "2")]), "a.pptx")
        assert extract.tables[0].rows == (("A", 1), ("B", 2))
        assert extract.tables[0].locator == "slide 1, table, rows 1-3"
