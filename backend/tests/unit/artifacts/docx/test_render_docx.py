import io
import re
import zipfile
from datetime import date

import docx
import openpyxl
import pytest
from docx.document import Document as DocxFile
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.artifacts import docx as docx_artifacts
from app.artifacts.blocks import (
    Block,
    Callout,
    ChartKind,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Run,
)
from app.artifacts.docx import render_docx
from app.schemas.source import CellValue, ColumnKind, Language
from tests.factories.artifacts import (
    make_chart,
    make_column,
    make_document,
    make_full_document,
    make_source,
    make_table,
    make_web_source,
)

_ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | _ANY_TEXT


def _open(document: Document) -> DocxFile:
    return docx.Document(io.BytesIO(render_docx(document)))


def _parts(document: Document) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(render_docx(document))) as package:
        return {name: package.read(name) for name in package.namelist()}


def _styles_and_texts(file: DocxFile) -> list[tuple[str, str]]:
    return [(str(one.style.name), one.text) for one in file.paragraphs if one.style and one.text]


def _say(text: str) -> Paragraph:
    return Paragraph(runs=(Run(text=text),))


class TestRenderText:
    def test_uses_real_heading_and_title_styles(self) -> None:
        lines = _styles_and_texts(_open(make_full_document()))
        assert lines[:3] == [
            ("Eyebrow", "Market brief · November 24, 2026"),
            ("Title", "Home batteries"),
            ("Subtitle", "Where growth comes from"),
        ]
        assert [line for line in lines if line[0].startswith("Heading")] == [
            ("Heading 1", "Market size"),
            ("Heading 2", "Drivers"),
            ("Heading 3", "Steps"),
            ("Heading 1", "Sources"),
        ]

    def test_lists_each_file_once_with_its_places_below(self) -> None:
        one, other = make_source("s1"), make_source("s2", quote="Prices fell.")
        same = other.model_copy(update={"title": one.title, "locator": "p. 20"})
        document = make_document(sources=(one, same))
        lines = [line for line in _styles_and_texts(_open(document)) if "Source " in line[0]]
        assert lines == [
            ("Source File", "Statistics s1, statistics.pdf"),
            ("Source Entry", "[1]\tp. 14  “Sales rose by 39 percent.”"),
            ("Source Entry", "[2]\tp. 20  “Prices fell.”"),
        ]

    def test_counts_every_numbered_list_from_one(self) -> None:
        file = _open(make_full_document())
        numberings = [
            item.find(f".//{qn('w:numId')}").get(qn("w:val"))
            for item in file.element.body.iter(qn("w:p"))
            if item.find(f"{qn('w:pPr')}/{qn('w:pStyle')}[@{qn('w:val')}='ListNumber']") is not None
        ]
        assert numberings[0] == numberings[1] != numberings[2]
        definitions = {
            number.get(qn("w:numId")): number[0].get(qn("w:val"))
            for number in file.part.numbering_part.element.findall(qn("w:num"))
        }
        assert definitions[numberings[0]] != definitions[numberings[2]]

    def test_links_a_citation_to_its_entry(self) -> None:
        body = _open(make_full_document()).element.body
        anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
        marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
        assert anchors == {"source_1", "source_2", "source_3"} == marks

    def test_lists_every_source_with_place_and_quote(self) -> None:
        entries = [
            text
            for style, text in _styles_and_texts(_open(make_full_document()))
            if style == "Source Entry"
        ]
        assert entries[0] == "[1]\tp. 14  “Sales rose by 39 percent.”"
        assert "https://example.org/reform?a=1&b=2" in entries[2]

    def test_follows_allowed_links_and_drops_others(self) -> None:
        runs = (
            Run(text="good", href="https://example.org"),
            Run(text="bad", href="javascript:alert(1)"),
        )
        file = _open(make_document(Paragraph(runs=runs)))
        targets = [one.target_ref for one in file.part.rels.values() if one.is_external]
        assert targets == ["https://example.org"]
        assert "goodbad" in [paragraph.text for paragraph in file.paragraphs]

    def test_sets_right_to_left_text_from_the_right(self) -> None:
        properties = [
            paragraph._p.get_or_add_pPr().find(qn("w:bidi")) is not None
            for paragraph in _open(make_document(_say("مرحبا"), _say("hello"))).paragraphs[-2:]
        ]
        assert properties == [True, False]

    def test_leaves_out_what_has_nothing_to_say(self) -> None:
        blank = make_document(
            Paragraph(runs=()),
            ListBlock(items=((), (Run(text=" "),))),
            Callout(label="", runs=()),
            make_table((), columns=()),
        )
        assert len(_open(blank).paragraphs) == len(_open(make_document()).paragraphs)


class TestRenderTables:
    def test_repeats_the_header_and_splits_no_row(self) -> None:
        table = _open(make_document(make_table())).tables[0]
        rows = [row._tr.trPr for row in table.rows]
        assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False]
        assert all(row.find(qn("w:cantSplit")) is not None for row in rows)

    def test_shows_values_by_type_with_the_unit_in_the_header(self) -> None:
        table = _open(make_full_document()).tables[1]
        shown = [[cell.text for cell in row.cells] for row in table.rows]
        assert shown == [
            ["Year", "Sales (USD)", "Growth", "Final"],
            ["2024", "1,231.0", "–", "Yes"],  # noqa: RUF001 - the mark of an empty cell
            ["2025", "1,322.5", "39%", "No"],
            ["Total", "2,553.5", "", ""],
        ]

    def test_sets_figures_flush_right_and_the_total_bold(self) -> None:
        table = _open(make_full_document()).tables[1]
        alignments = [str(cell.paragraphs[0].alignment) for cell in table.rows[1].cells]
        assert [alignment.startswith("RIGHT") for alignment in alignments] == [
            False,
            True,
            True,
            False,
        ]
        assert table.rows[3].cells[0].paragraphs[0].runs[0].bold
        assert not table.rows[2].cells[0].paragraphs[0].runs[0].bold

    def test_cuts_a_table_too_wide_and_repeats_its_first_column(self) -> None:
        columns = tuple(make_column(f"Column number {index}") for index in range(30))
        document = make_document(make_table((tuple("value" for _ in columns),), columns=columns))
        tables = _open(document).tables
        assert len(tables) > 1
        assert {table.rows[0].cells[0].text for table in tables} == {"Column number 0"}
        headings = [cell.text for table in tables for cell in table.rows[0].cells[1:]]
        assert headings == [f"Column number {index}" for index in range(1, 30)]

    def test_keeps_columns_within_the_text_width(self) -> None:
        columns = (make_column("Name"), make_column("N", ColumnKind.INTEGER), make_column("Note"))
        document = make_document(make_table((("a", 1, "long text " * 30),), columns=columns))
        grid = _open(document).tables[0]._tbl.tblGrid
        widths = [int(column.get(qn("w:w"), "0")) for column in grid]
        assert sum(widths) == pytest.approx(Mm(164) / 635, abs=3)
        assert widths[2] > widths[0]

    def test_takes_five_hundred_rows(self) -> None:
        rows = tuple((2000 + index, float(index)) for index in range(500))
        assert len(_open(make_document(make_table(rows))).tables[0].rows) == 501


class TestRenderFigures:
    @pytest.mark.parametrize("kind", list(ChartKind))
    def test_draws_a_native_chart_with_its_workbook(self, kind: ChartKind) -> None:
        parts = _parts(make_document(Figure(chart=make_chart(kind), caption="Sales")))
        assert b"chartSpace" in parts["word/charts/chart1.xml"]
        workbook = parts["word/embeddings/Microsoft_Excel_Sheet1.xlsx"]
        sheet = openpyxl.load_workbook(io.BytesIO(workbook)).active
        assert sheet is not None
        assert [row[1] for row in sheet.values][1:] == [118, 164, 231]
        relations = parts["word/charts/_rels/chart1.xml.rels"]
        assert b'Id="rId1"' in relations

    def test_describes_the_chart_in_words(self) -> None:
        xml = _parts(make_full_document())["word/document.xml"].decode()
        assert re.search(r'<wp:docPr [^>]*descr="Sales rise every year\."', xml)

    @pytest.mark.parametrize(
        ("language", "caption"), [("en", "Figure 1. Sales"), ("ko", "그림 1. Sales")]
    )
    def test_numbers_captions_by_a_field(self, language: Language, caption: str) -> None:
        figure = Figure(chart=make_chart(), caption="Sales")
        file = _open(make_document(figure, language=language))
        assert ("Caption", caption) in _styles_and_texts(file)
        codes = [node.text for node in file.element.body.iter(qn("w:instrText"))]
        assert codes == [" SEQ Figure \\* ARABIC "]

    def test_says_that_there_is_nothing_to_draw(self) -> None:
        figure = Figure(chart=make_chart(values=((None, None),)), caption="Sales")
        file = _open(make_document(figure, language="ko"))
        assert ("Figure", "데이터 없음") in _styles_and_texts(file)


class TestRenderPackage:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_gives_the_same_bytes_for_the_same_document(self, language: Language) -> None:
        document = make_full_document(language=language)
        assert render_docx(document) == render_docx(document)

    def test_names_the_house_fonts_for_every_script_and_no_theme_font(self) -> None:
        styles = _parts(make_full_document())["word/styles.xml"]
        every = list(etree.fromstring(styles).iter(qn("w:rFonts")))
        assert every
        for fonts in every:
            assert dict(fonts.items()) == {
                qn("w:ascii"): "Pretendard",
                qn("w:hAnsi"): "Pretendard",
                qn("w:cs"): "Pretendard",
                qn("w:eastAsia"): "Malgun Gothic",
            }

    def test_says_whose_when_and_in_which_language(self) -> None:
        properties = _open(make_full_document(language="ko")).core_properties
        assert (properties.title, properties.author) == ("가정용 배터리", "Madang")
        assert properties.language == "ko-KR"
        assert properties.created is not None
        assert properties.created.date() == date(2026, 11, 24)

    def test_has_pages_of_a4_with_their_number_in_the_footer(self) -> None:
        section = _open(make_full_document()).sections[0]
        assert section.page_width is not None
        assert section.page_height is not None
        size = (round(section.page_width / Mm(1)), round(section.page_height / Mm(1)))
        assert size == (210, 297)
        assert " PAGE " in [node.text for node in section.footer._element.iter(qn("w:instrText"))]

    def test_keeps_nothing_of_the_librarys_template(self) -> None:
        names = set(_parts(make_document()))
        assert not {name for name in names if "thumbnail" in name or "stylesWithEffects" in name}
        assert not {name for name in names if "theme" in name}


class TestRenderAnything:
    @given(
        title=_ANY_TEXT,
        texts=st.lists(_ANY_TEXT, max_size=4),
        rows=st.lists(st.lists(_CELLS, max_size=4), max_size=4),
    )
    @settings(deadline=None, max_examples=60)
    def test_opens_again_whatever_the_text(
        self, title: str, texts: list[str], rows: list[list[CellValue]]
    ) -> None:
        columns = tuple(make_column(f"c{index}", kind) for index, kind in enumerate(_FOUR_KINDS))
        blocks: list[Block] = [Heading(level=1, text=text) for text in texts]
        blocks += [_say(text) for text in texts]
        blocks.append(make_table(tuple(map(tuple, rows)), columns=columns))
        file = _open(make_document(*blocks, title=title))
        assert len(file.tables) == 1
        assert len(file.tables[0].rows) == len(rows) + 1

    @given(st.lists(_ANY_TEXT, min_size=1, max_size=5))
    @settings(deadline=None, max_examples=40)
    def test_embeds_sources_that_read_back_the_same(self, quotes: list[str]) -> None:
        sources = tuple(make_source(f"s{at}", quote=quote) for at, quote in enumerate(quotes))
        file = docx_artifacts.render(make_document(sources=sources), "x")
        assert next(check for check in file.report.checks if check.name == "sources").passed

    def test_takes_words_of_any_length_and_emoji(self) -> None:
        text = "x" * 2000 + "한" * 400 + "🎉👩‍👩‍👧"
        assert text in [one.text for one in _open(make_document(_say(text))).paragraphs]


_FOUR_KINDS = (ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.DATE)


class TestReadEmbeddedSources:
    def test_gives_back_every_field(self) -> None:
        sources = (make_source("s1"), make_web_source("w1"))
        content = render_docx(make_document(sources=sources))
        assert docx_artifacts.read_embedded_sources(content) == sources

    def test_gives_none_for_a_file_without_any(self) -> None:
        buffer = io.BytesIO()
        docx.Document().save(buffer)
        assert docx_artifacts.read_embedded_sources(buffer.getvalue()) == ()

    def test_refuses_what_is_no_package(self) -> None:
        with pytest.raises(docx_artifacts.NotAPackage):
            docx_artifacts.read_embedded_sources(b"not a file")
