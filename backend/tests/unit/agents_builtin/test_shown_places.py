"""Where a figure comes from, said in the language of the file that is made."""

from app.agents.builtin import BuiltinComposer
from app.agents.builtin.request import understand
from app.agents.builtin.table_choice import rank_tables
from app.artifacts.blocks import ChartSlide, plain_text
from app.artifacts.citations import source_entries
from app.artifacts.xlsx.sources_sheet import source_rows
from tests.unit.agents_builtin.material_files import KOREAN_CSV, ask_for, deck_step, library_of

GOAL, FILES = "부서별 인원 보고서", {"인원.csv": KOREAN_CSV}
PLACE, STORED = "1\u20135행", "rows 1-5"
STAFF = "부서,인원\n개발,61\n영업,33\n"


class TestKoreanFiles:
    async def test_say_rows_in_korean_in_a_workbook(self) -> None:
        book = await BuiltinComposer().design_workbook(ask_for(GOAL, FILES))
        assert any(PLACE in plain_text(sheet.note) for sheet in book.sheets)
        assert PLACE in source_rows(book.sources, "ko")[0]

    async def test_say_rows_in_korean_in_a_deck(self) -> None:
        deck = await BuiltinComposer().design_deck(ask_for(GOAL, FILES, step=deck_step(5)))
        notes = [slide.notes for slide in deck.slides if isinstance(slide, ChartSlide)]
        assert any(PLACE in note for note in notes)

    async def test_keep_the_stored_place_in_the_source(self) -> None:
        book = await BuiltinComposer().design_workbook(ask_for(GOAL, FILES))
        assert [source.locator for source in book.sources] == [STORED]
        assert PLACE in source_entries(book.sources, "ko")[0].place
        assert STORED in source_entries(book.sources, "en")[0].place


class TestTitles:
    def test_hold_no_number_of_rows(self) -> None:
        reports = rank_tables(library_of({"인원.csv": STAFF}), understand("인원 보고서", "ko"))
        headlines = [insight.headline for report in reports for insight in report.insights]
        assert any("합계" in headline for headline in headlines)
        assert [headline for headline in headlines if "개 행" in headline] == []
