import io
from collections.abc import Callable

import pytest
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as OpenDeck
from pptx.shapes.autoshape import Shape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.util import Pt

from app.artifacts.blocks import ChartSeries, Run
from app.artifacts.ooxml import read_part, rewrite_parts
from app.artifacts.pptx import check_pptx, render
from app.artifacts.pptx.xml import remove
from app.artifacts.report import GateReport
from tests.unit.artifacts_pptx.sample import (
    make_bullets,
    make_chart,
    make_chart_slide,
    make_deck,
    make_quote,
)

Break = Callable[[OpenDeck], None]
BULLETS, CHART, CARDS, TABLE, LIST = 1, 2, 3, 4, 6


def shape(deck: OpenDeck, slide: int, name: str) -> Shape:
    found = next(one for one in deck.slides[slide].shapes if one.name == name)
    assert isinstance(found, Shape)
    return found


def body(deck: OpenDeck, slide: int) -> Shape:
    found = deck.slides[slide].placeholders[1]
    assert isinstance(found, Shape)
    return found


def frame(deck: OpenDeck, slide: int) -> GraphicFrame:
    return next(one for one in deck.slides[slide].shapes if isinstance(one, GraphicFrame))


def title(deck: OpenDeck, slide: int) -> Shape:
    found = deck.slides[slide].shapes.title
    assert isinstance(found, Shape)
    return found


def shrink_box(deck: OpenDeck) -> None:
    body(deck, BULLETS).height = Pt(20)


def narrow_box(deck: OpenDeck) -> None:
    shape(deck, CARDS, "Card 01").width = Pt(60)


def enlarge_text(deck: OpenDeck) -> None:
    for paragraph in body(deck, BULLETS).text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(120)
        paragraph.line_spacing = None


def leave_slide(deck: OpenDeck) -> None:
    shape(deck, CARDS, "Card 03").left = Pt(900)


def move_over(deck: OpenDeck) -> None:
    shape(deck, CARDS, "Card 03").left = shape(deck, CARDS, "Card 02").left


def add_bullets(deck: OpenDeck) -> None:
    found = body(deck, BULLETS).text_frame
    last = found.paragraphs[-1]._p
    for _ in range(4):
        last.addnext(last.__deepcopy__({}))


def add_picture(deck: OpenDeck) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (16, 9)).save(picture, "PNG")
    deck.slides[CARDS].shapes.add_picture(picture, 0, 0, deck.slide_width, deck.slide_height)


def empty_title(deck: OpenDeck) -> None:
    title(deck, CARDS).text_frame.text = ""


def repeat_title(deck: OpenDeck) -> None:
    title(deck, CARDS).text_frame.text = title(deck, BULLETS).text_frame.text


def square_slides(deck: OpenDeck) -> None:
    deck.slide_width = Pt(720)


def drop_slide(deck: OpenDeck) -> None:
    ids = deck.slides._sldIdLst
    ids.remove(ids[-1])


def silence_chart(deck: OpenDeck) -> None:
    next(frame(deck, CHART).element.iter(qn("p:cNvPr"))).set("descr", "")


def change_figures(deck: OpenDeck) -> None:
    figures = CategoryChartData()
    figures.categories = ["2024", "2025", "2026E"]
    figures.add_series("Size", (118, None, 999))
    frame(deck, CHART).chart.replace_data(figures)


def remove_chart(deck: OpenDeck) -> None:
    remove(frame(deck, CHART).element)


def change_cell(deck: OpenDeck) -> None:
    frame(deck, TABLE).table.cell(1, 1).text = "-1,234.6"


def lower_row(deck: OpenDeck) -> None:
    frame(deck, TABLE).table.rows[1].height = Pt(5)


def lose_mark(deck: OpenDeck) -> None:
    shape(deck, CARDS, "Sources").text_frame.text = "Sources"
    for number in (1, 2, 3):
        for paragraph in shape(deck, CARDS, f"Card 0{number}").text_frame.paragraphs:
            for run in paragraph.runs:
                run.text = run.text.replace("[2]", "")


def invent_mark(deck: OpenDeck) -> None:
    body(deck, BULLETS).text_frame.paragraphs[0].runs[0].text = "As said [9]"


def lose_notes(deck: OpenDeck) -> None:
    notes = deck.slides[CHART].notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "Say the growth first."


def lose_source(deck: OpenDeck) -> None:
    remove(body(deck, LIST).text_frame.paragraphs[1]._p)


def break_glyph(deck: OpenDeck) -> None:
    body(deck, BULLETS).text_frame.paragraphs[0].runs[0].text = "Odd \ue000"


BREAKS: dict[Break, str] = {
    shrink_box: "text_fits",
    narrow_box: "text_fits",
    enlarge_text: "text_fits",
    leave_slide: "text_fits",
    lower_row: "text_fits",
    move_over: "overlaps",
    add_bullets: "bullets",
    add_picture: "pictures",
    empty_title: "titles",
    repeat_title: "titles",
    square_slides: "size",
    drop_slide: "slides",
    silence_chart: "charts",
    change_figures: "charts",
    remove_chart: "charts",
    change_cell: "tables",
    lose_mark: "citations",
    invent_mark: "citations",
    lose_notes: "notes",
    lose_source: "sources",
    break_glyph: "characters",
}


def broken(change: Break) -> GateReport:
    deck = make_deck()
    file = Presentation(io.BytesIO(render(deck, "a").content))
    change(file)
    buffer = io.BytesIO()
    file.save(buffer)
    return check_pptx(buffer.getvalue(), deck)


def failed(report: GateReport) -> set[str]:
    return {check.name for check in report.failures}


class TestGate:
    def test_passes_a_file_that_was_only_saved_again(self) -> None:
        assert broken(lambda _: None).failures == ()

    @pytest.mark.parametrize(
        ("change", "check"),
        [pytest.param(change, check, id=change.__name__) for change, check in BREAKS.items()],
    )
    def test_fails_a_broken_file(self, change: Break, check: str) -> None:
        assert check in failed(broken(change))

    @pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken"])
    def test_fails_a_file_that_does_not_open(self, content: bytes) -> None:
        assert failed(check_pptx(content, make_deck())) == {"opens"}

    def test_fails_other_sources_inside_the_file(self) -> None:
        deck = make_deck()
        content = render(deck, "a").content
        part = "customXml/item1.xml"
        changed = (read_part(content, part) or b"").replace(b"1 million", b"9 million")
        report = check_pptx(rewrite_parts(content, {part: changed}), deck)
        assert failed(report) == {"embedded_sources"}

    def test_fails_a_chart_whose_own_workbook_differs(self) -> None:
        deck = make_deck()
        series = (ChartSeries(name="Size", values=(1, 2, 3)),)
        other = make_chart_slide(chart=make_chart(series=series))
        part = "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx"
        wrong = read_part(render(make_deck(other), "a").content, part) or b""
        report = check_pptx(rewrite_parts(render(deck, "a").content, {part: wrong}), deck)
        assert failed(report) == {"charts"}

    def test_says_which_slide_is_wrong(self) -> None:
        assert "slide 4" in broken(leave_slide).failures[0].detail


class TestGateOfBlocks:
    """Mistakes of an author, which the renderer writes as they are and the gate must name."""

    def test_fails_an_unknown_source(self) -> None:
        quote = make_quote().model_copy(update={"quote": Run(text="x", source_ids=("nobody",))})
        assert failed(render(make_deck(quote), "a").report) == {"citations"}

    def test_fails_a_mark_of_no_source_in_a_text(self) -> None:
        deck = make_deck(make_bullets(1, "As shown in [7]"))
        assert failed(render(deck, "a").report) == {"citations"}

    def test_fails_a_chart_without_alt_text(self) -> None:
        slide = make_chart_slide(chart=make_chart(alt_text=" "))
        assert failed(render(make_deck(slide), "a").report) == {"charts"}
