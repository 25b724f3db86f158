"""No number stands in an output that is not in the files or computed from their tables."""

from collections.abc import Mapping

import pytest

from app.agents.builtin import BuiltinComposer
from app.agents.builtin.request import understand
from app.agents.builtin.table_choice import rank_tables
from app.artifacts.blocks import BulletSlide, Callout, CardSlide, ChartSlide, Document, Paragraph
from app.artifacts.blocks.document import ListBlock
from app.schemas.source import Language
from app.sources import numbers_in
from tests.unit.agents_builtin.material_files import (
    EVERYTHING,
    KOREAN_CSV,
    KOREAN_MD,
    ORDERS_CSV,
    RESULTS_CSV,
    ask_for,
    deck_step,
    library_of,
)

CASES: list[tuple[str, dict[str, str], Language]] = [
    ("Write a market brief on home batteries", dict(EVERYTHING), "en"),
    ("Memo on results", {"results.csv": RESULTS_CSV}, "en"),
    ("Report on orders", {"orders.csv": ORDERS_CSV}, "en"),
    ("카페 조사 보고서", {"c.md": KOREAN_MD, "인원.csv": KOREAN_CSV}, "ko"),
]


def borne_out(goal: str, files: Mapping[str, str], language: Language) -> set[str]:
    """Return the numbers of the files, and of the statements computed from their tables."""
    library = library_of(files)
    known = {n for p in library.passages for n in numbers_in(f"{p.section} {p.text}")}
    for report in rank_tables(library, understand(goal, language)):
        for insight in report.insights:
            known |= numbers_in(
                f"{insight.text} {insight.headline} {insight.value} {insight.label}"
            )
    return known


def spoken(written: Document) -> str:
    texts: list[str] = []
    for block in written.blocks:
        if isinstance(block, Paragraph | Callout):
            texts += [run.text for run in block.runs if run.source_ids]
        if isinstance(block, ListBlock):
            texts += [run.text for item in block.items for run in item if run.source_ids]
    return " ".join(texts)


class TestNumbersOfDocuments:
    @pytest.mark.parametrize(("goal", "files", "language"), CASES)
    async def test_are_in_the_files_or_computed(
        self, goal: str, files: dict[str, str], language: Language
    ) -> None:
        written = await BuiltinComposer().write_document(ask_for(goal, files, language=language))
        assert numbers_in(spoken(written)) - borne_out(goal, files, language) == set()


class TestNumbersOfDecks:
    @pytest.mark.parametrize(("goal", "files", "language"), CASES)
    async def test_are_in_the_files_or_computed(
        self, goal: str, files: dict[str, str], language: Language
    ) -> None:
        ask = ask_for(goal, files, step=deck_step(6), language=language)
        made = await BuiltinComposer().design_deck(ask)
        texts: list[str] = []
        for slide in made.slides[1:]:
            if isinstance(slide, BulletSlide):
                texts += [run.text for item in slide.items for run in item]
            if isinstance(slide, CardSlide):
                texts += [run.text for card in slide.cards for run in card.runs]
            if isinstance(slide, ChartSlide):
                texts.append(slide.title)
        assert numbers_in(" ".join(texts)) - borne_out(goal, files, language) == set()
