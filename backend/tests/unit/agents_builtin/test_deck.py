"""Decks: the number of slides asked for, messages as titles, text that fits."""

import io
from collections.abc import Mapping

import pytest
from pptx import Presentation

from app.agents.builtin import BuiltinComposer
from app.agents.builtin.deck_space import slide_count_of
from app.artifacts import pptx
from app.artifacts.blocks import BulletSlide, ChartSlide, Deck, SourcesSlide, TitleSlide, plain_text
from tests.unit.agents_builtin.material_files import (
    EVERYTHING,
    KOREAN_CSV,
    KOREAN_MD,
    MARKET_CSV,
    ORDERS_CSV,
    ask_for,
    deck_step,
)


async def deck(goal: str, files: Mapping[str, str], slides: int) -> Deck:
    return await BuiltinComposer().design_deck(ask_for(goal, files, step=deck_step(slides)))


def file_slides(made: Deck) -> int:
    rendered = pptx.render(made, "deck.pptx")
    assert [check.detail for check in rendered.report.failures] == []
    return len(Presentation(io.BytesIO(rendered.content)).slides)


class TestDesignDeck:
    @pytest.mark.parametrize("slides", [2, 3, 4, 5, 6, 8, 10])
    async def test_has_exactly_the_slides_asked_for(self, slides: int) -> None:
        made = await deck("A deck on home batteries", EVERYTHING, slides)
        assert file_slides(made) == slides
        assert slide_count_of(made) == slides

    @pytest.mark.parametrize("slides", [4, 6])
    async def test_has_them_in_korean(self, slides: int) -> None:
        files = {"c.md": KOREAN_MD, "인원.csv": KOREAN_CSV}
        assert file_slides(await deck("카페 발표 자료", files, slides)) == slides

    @pytest.mark.parametrize("slides", [20, 40])
    async def test_stops_where_the_files_end(self, slides: int) -> None:
        made = await deck("A deck on orders", {"orders.csv": ORDERS_CSV}, slides)
        assert file_slides(made) == slide_count_of(made) < slides

    async def test_runs_from_cover_to_sources(self) -> None:
        made = await deck("A deck on home batteries", EVERYTHING, 6)
        assert isinstance(made.slides[0], TitleSlide)
        assert isinstance(made.slides[1], BulletSlide)
        assert isinstance(made.slides[-1], SourcesSlide)
        assert any(isinstance(slide, ChartSlide) for slide in made.slides)

    async def test_says_messages_in_titles(self) -> None:
        made = await deck("A deck on home batteries", {"market.csv": MARKET_CSV}, 5)
        titles = [slide.title for slide in made.slides]
        assert "Total market size grew 33% to $32.5 million in 2024" in titles
        assert len(titles) == len(set(titles))

    async def test_cites_every_point_with_a_source_that_verifies(self) -> None:
        made = await deck("A deck on home batteries", EVERYTHING, 8)
        library = ask_for("x", EVERYTHING).sources
        known = {source.id for source in made.sources}
        points = [i for s in made.slides if isinstance(s, BulletSlide) for i in s.items]
        bare = [plain_text(i) for i in points if not all(set(r.source_ids) <= known for r in i)]
        assert bare == []
        assert [source.id for source in made.sources if not library.verify(source)] == []

    async def test_gives_the_same_deck_twice(self) -> None:
        first = await deck("A deck on home batteries", EVERYTHING, 6)
        assert first == await deck("A deck on home batteries", EVERYTHING, 6)
