import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as OpenDeck
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide as OpenSlide

from app.artifacts.blocks import (
    BulletSlide,
    CardSlide,
    ChartKind,
    ChartSeries,
    DeckKpi,
    Run,
    Slide,
    SourcesSlide,
    TitleSlide,
)
from app.artifacts.ooxml import read_part
from app.artifacts.pptx import read_embedded_sources, render
from app.artifacts.pptx.measure import bullet_count, text_shapes
from app.schemas.source import Language
from tests.unit.artifacts_pptx.sample import (
    LONG,
    LONG_KOREAN,
    make_bullets,
    make_cards,
    make_chart,
    make_chart_slide,
    make_deck,
    make_quote,
    make_sources,
    make_table,
    opened,
)


def titles(deck: OpenDeck) -> list[str]:
    return [
        slide.shapes.title.text_frame.text if slide.shapes.title is not None else ""
        for slide in deck.slides
    ]


def texts(slide: OpenSlide) -> str:
    return "\n".join(frame.text for _, frame in text_shapes(slide))


def frame_of(slide: OpenSlide) -> GraphicFrame:
    return next(shape for shape in slide.shapes if isinstance(shape, GraphicFrame))


class TestRender:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_passes_its_own_gate(self, language: Language) -> None:
        assert render(make_deck(language=language), "deck.pptx").report.failures == ()

    def test_names_the_file_and_its_type(self) -> None:
        file = render(make_deck(), "deck.pptx")
        assert file.name == "deck.pptx"
        assert file.media_type.endswith("presentationml.presentation")

    def test_gives_the_same_bytes_for_the_same_blocks(self) -> None:
        assert render(make_deck(), "a").content == render(make_deck(), "a").content

    def test_is_wide(self) -> None:
        deck = opened(make_deck())
        assert (deck.slide_width, deck.slide_height) == (12_192_000, 6_858_000)

    def test_puts_titles_into_title_placeholders(self) -> None:
        assert titles(opened(make_deck())) == [
            "The market",
            "Points",
            "The market nearly triples",
            "Forces drive demand",
            "Every year is profitable",
            "The source says it",
            "Sources",
        ]

    def test_puts_bullets_into_the_body_placeholder(self) -> None:
        slide = opened(make_deck()).slides[1]
        body = slide.placeholders[1]
        assert body.text_frame.text.splitlines() == [
            "A point 1 [1]",
            "A point 2 [1]",
            "A point 3 [1]",
        ]
        assert bullet_count(body.text_frame) == 3

    def test_numbers_the_slides_with_a_field(self) -> None:
        slide = opened(make_deck()).slides[1]
        kinds = [shape.placeholder_format.type for shape in slide.placeholders]
        assert PP_PLACEHOLDER.SLIDE_NUMBER in kinds
        fields = slide.element.xpath(".//a:fld[@type='slidenum']/a:t/text()")
        assert fields == ["2"]

    def test_names_the_slides_sources_at_its_foot(self) -> None:
        deck = opened(make_deck(language="ko"))
        assert "출처: [1] Statistics 1, [2] Statistics 2" in texts(deck.slides[2])
        assert "출처" not in texts(deck.slides[0])

    def test_shortens_a_foot_with_many_sources_but_keeps_every_number(self) -> None:
        ids = tuple(f"s{number}" for number in range(1, 31))
        deck = opened(make_deck(make_chart_slide(source_ids=ids), sources=30))
        foot = texts(deck.slides[0])
        assert all(f"[{number}]" in foot for number in range(1, 31))

    def test_writes_words_and_sources_into_the_notes(self) -> None:
        notes = opened(make_deck()).slides[2].notes_slide.notes_text_frame
        assert notes is not None
        assert notes.text.startswith("Say the growth first.")
        assert "[2] Statistics 2. supply2.xlsx, Supply!A2" in notes.text
        assert "“The market reached 2 million.”" in notes.text

    def test_puts_the_house_into_theme_and_properties(self) -> None:
        content = render(make_deck(language="ko"), "a").content
        theme = (read_part(content, "ppt/theme/theme1.xml") or b"").decode()
        assert 'name="Madang"' in theme
        assert all(word in theme for word in ("4338CA", "Pretendard", "Malgun Gothic"))
        properties = opened(make_deck(language="ko")).core_properties
        assert (properties.author, properties.language) == ("Madang", "ko-KR")

    def test_leaves_no_shadowed_shape(self) -> None:
        for slide in opened(make_deck()).slides:
            assert not slide.element.findall(f".//{qn('p:style')}")

    def test_carries_the_sources_as_data(self) -> None:
        assert read_embedded_sources(render(make_deck(), "a").content) == make_sources()

    def test_darkens_the_cover(self) -> None:
        cover = opened(make_deck()).slides[0]
        assert cover.background.fill.fore_color.rgb == RGBColor.from_string("1E1B4B")

    def test_dates_a_cover_without_a_footer(self) -> None:
        deck = opened(make_deck(TitleSlide(title="x"), language="ko"))
        assert "2026년 11월 24일" in texts(deck.slides[0])

    def test_keeps_safe_links_only(self) -> None:
        runs = (
            Run(text="good", href="https://example.org"),
            Run(text="bad", href="javascript:alert(1)"),
        )
        slide = opened(make_deck(BulletSlide(title="x", items=(runs,)))).slides[0]
        addresses = [
            run.hyperlink.address
            for paragraph in slide.placeholders[1].text_frame.paragraphs
            for run in paragraph.runs
        ]
        assert addresses == ["https://example.org", None]


class TestChartSlide:
    def test_draws_a_native_chart_with_its_figures(self) -> None:
        frame = frame_of(opened(make_deck()).slides[2])
        assert frame.has_chart
        plot = frame.chart.plots[0]
        assert list(plot.categories) == ["2024", "2025", "2026E"]
        assert list(plot.series[0].values) == [118, None, 322]
        assert frame.element.xpath(".//p:cNvPr/@descr") == ["The size grows from 118 to 322."]

    def test_lets_users_edit_the_figures(self) -> None:
        content = render(make_deck(), "a").content
        blob = read_part(content, "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx") or b""
        sheet = openpyxl.load_workbook(io.BytesIO(blob)).worksheets[0]
        assert [cell.value for cell in sheet["B"]] == ["Size", 118, None, 322]

    def test_shows_headline_figures_with_their_marks(self) -> None:
        assert "39%\ngrowth in 2025 [1]" in texts(opened(make_deck()).slides[2])

    def test_puts_more_figures_on_the_next_slide(self) -> None:
        kpis = tuple(DeckKpi(value=f"{number}%", label="x") for number in range(6))
        deck = opened(make_deck(make_chart_slide(kpis=kpis)))
        assert titles(deck)[:2] == [
            "The market nearly triples (1/2)",
            "The market nearly triples (2/2)",
        ]
        assert "5%" in texts(deck.slides[1])

    def test_says_so_where_there_is_nothing_to_draw(self) -> None:
        slide = make_chart_slide(chart=make_chart(categories=(), series=()))
        deck = opened(make_deck(slide, language="ko"))
        assert "데이터 없음" in texts(deck.slides[0])

    @pytest.mark.parametrize("kind", list(ChartKind))
    def test_draws_many_categories_and_series(self, kind: ChartKind) -> None:
        chart = make_chart(
            kind=kind,
            categories=tuple(f"Category {number}" for number in range(40)),
            series=tuple(
                ChartSeries(
                    name=f"Series {place}",
                    values=tuple(
                        None if number % 7 == place % 7 else float(number - 20)
                        for number in range(40)
                    ),
                )
                for place in range(12)
            ),
        )
        assert render(make_deck(make_chart_slide(chart=chart)), "a").report.failures == ()


class TestSplitting:
    def test_puts_more_than_six_bullets_on_even_slides(self) -> None:
        deck = opened(make_deck(make_bullets(7)))
        assert titles(deck)[:2] == ["Points (1/2)", "Points (2/2)"]
        counts = [bullet_count(slide.placeholders[1].text_frame) for slide in list(deck.slides)[:2]]
        assert counts == [4, 3]

    def test_puts_bullets_too_long_for_one_slide_on_several(self) -> None:
        deck = opened(make_deck(make_bullets(5, LONG * 3)))
        assert titles(deck)[0].startswith("Points (1/")
        shown = "".join(texts(slide) for slide in deck.slides)
        assert all(f"{LONG * 3} {number}" in shown for number in range(1, 6))

    def test_numbers_cards_through(self) -> None:
        deck = opened(make_deck(make_cards(7)))
        assert "04" in texts(deck.slides[0])
        assert "05" in texts(deck.slides[1])

    def test_splits_tables_by_rows_and_columns(self) -> None:
        deck = opened(make_deck(make_table(20, 8)))
        assert titles(deck)[0] == "Every year is profitable (1/6)"
        assert frame_of(deck.slides[3]).table.cell(0, 0).text == "Column 0 (USD)"

    def test_marks_only_the_last_row_as_the_total(self) -> None:
        deck = opened(make_deck(make_table(20)))
        last = [list(frame_of(slide).table.rows)[-1] for slide in list(deck.slides)[:3]]
        bold = [row.cells[0].text_frame.paragraphs[0].runs[0].font.bold for row in last]
        assert bold == [False, False, True]

    def test_lists_many_sources_on_several_slides(self) -> None:
        deck = opened(make_deck(make_bullets(), sources=40))
        assert titles(deck)[1].startswith("Sources (1/")

    def test_adds_the_list_of_sources_where_a_deck_has_none(self) -> None:
        assert titles(opened(make_deck(make_bullets(), language="ko")))[-1] == "출처"

    def test_tells_equal_titles_apart(self) -> None:
        deck = opened(make_deck(make_bullets(title=LONG), make_bullets(title=LONG)))
        assert titles(deck)[1].endswith("(2)")
        assert len(set(titles(deck))) == 3


class TestTableSlide:
    def test_shows_typed_values(self) -> None:
        table = frame_of(opened(make_deck()).slides[4]).table
        assert [cell.text for cell in table.rows[0].cells] == [
            "Column 0 (USD)",
            "Column 1 (USD)",
            "Column 2",
        ]
        assert [cell.text for cell in table.rows[1].cells] == ["Row 0", "-1,234.5", "25.0%"]

    def test_sets_figures_flush_right(self) -> None:
        table = frame_of(opened(make_deck()).slides[4]).table
        sides = [cell.text_frame.paragraphs[0].alignment for cell in table.rows[1].cells]
        assert sides == [PP_ALIGN.LEFT, PP_ALIGN.RIGHT, PP_ALIGN.RIGHT]


class TestQuoteSlide:
    def test_shows_the_quote_word_for_word(self) -> None:
        text = texts(opened(make_deck()).slides[5])
        assert "“Storage pays.”" in text
        assert "Statistics, p. 2 [2]" in text


class TestOddDecks:
    @pytest.mark.parametrize("long", [LONG * 2, LONG_KOREAN * 2, "x" * 2_000, "가" * 2_000])
    def test_fits_long_text_everywhere(self, long: str) -> None:
        table = make_table(2)
        deck = make_deck(
            TitleSlide(title=long, subtitle=long, footer=long),
            make_bullets(8, long, title=long),
            make_cards(4, long),
            make_chart_slide(title=long, kpis=(DeckKpi(value=long, label=long),) * 4),
            table.model_copy(update={"rows": ((long, 1.0, 2.0), (long, None, None))}),
            make_quote(long),
        )
        assert render(deck, "a").report.failures == ()

    @pytest.mark.parametrize(
        "slides",
        [
            (TitleSlide(title=""),),
            (BulletSlide(title="", items=()),),
            (CardSlide(title="x", cards=()),),
            (make_table(0, 0),),
            (make_table(0),),
            (make_quote(""),),
            (SourcesSlide(title=""),),
            (BulletSlide(title="🚀 <b>&", items=((Run(text="👩‍👩‍👧 ]]> \x07\ufffe"),),)),),
        ],
    )
    @pytest.mark.parametrize("sources", [0, 2])
    def test_writes_slides_with_nothing_or_oddities(
        self, slides: tuple[Slide, ...], sources: int
    ) -> None:
        deck = make_deck(*slides, sources=2).model_copy(update={"sources": make_sources(sources)})
        failures = render(deck, "a").report.failures
        assert {check.name for check in failures} <= ({"citations"} if sources == 0 else set())

    def test_writes_a_deck_without_slides(self) -> None:
        deck = make_deck().model_copy(update={"slides": (), "sources": ()})
        assert titles(opened(deck)) == ["Market"]
        assert render(deck, "a").report.failures == ()

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.text(max_size=300))
    def test_any_text_passes_the_gate(self, text: str) -> None:
        deck = make_deck(make_bullets(2, text, title=text), make_cards(2, text), make_quote(text))
        failures = render(deck, "a").report.failures
        assert [check for check in failures if check.name != "characters"] == []
