"""Documents: cited, without repetition, without empty sections, without invented numbers."""

import itertools
from collections.abc import Mapping

import pytest

from app.agents.builtin import BuiltinComposer
from app.agents.errors import NothingToWorkFrom
from app.artifacts import docx
from app.artifacts.blocks import (
    Callout,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    Run,
    Table,
    plain_text,
)
from app.sources import split_sentences
from tests.unit.agents_builtin.material_files import (
    EVERYTHING,
    INJECTED_MD,
    KOREAN_CSV,
    KOREAN_MD,
    MARKET_CSV,
    MEMO_MD,
    RESULTS_CSV,
    SURVEY_CSV,
    ask_for,
)

CASES: list[tuple[str, dict[str, str]]] = [
    ("Write a market brief on home batteries", dict(EVERYTHING)),
    ("Write a report", {"market.csv": MARKET_CSV}),
    ("Write a report", {"memo.md": MEMO_MD}),
    ("One-page memo on results", {"results.csv": RESULTS_CSV}),
    ("What do people sleep?", {"survey.csv": SURVEY_CSV}),
    ("카페 조사 보고서를 써 줘", {"c.md": KOREAN_MD, "인원.csv": KOREAN_CSV}),
    ("Supplier memo", {"note.md": INJECTED_MD}),
]


async def document(goal: str, files: Mapping[str, str]) -> Document:
    return await BuiltinComposer().write_document(ask_for(goal, files))


def runs_of(written: Document) -> list[Run]:
    runs: list[Run] = []
    for block in written.blocks:
        if isinstance(block, Paragraph | Callout):
            runs += block.runs
        if isinstance(block, ListBlock):
            runs += itertools.chain.from_iterable(block.items)
    return runs


class TestWriteDocument:
    @pytest.mark.parametrize(("goal", "files"), CASES)
    async def test_passes_the_gate(self, goal: str, files: dict[str, str]) -> None:
        rendered = docx.render(await document(goal, files), "text.docx")
        assert [check.detail for check in rendered.report.failures] == []

    @pytest.mark.parametrize(("goal", "files"), CASES)
    async def test_says_no_sentence_twice(self, goal: str, files: dict[str, str]) -> None:
        runs = runs_of(await document(goal, files))
        said = [s for run in runs if run.source_ids for s in split_sentences(run.text)]
        assert len(said) == len(set(said))

    @pytest.mark.parametrize(("goal", "files"), CASES)
    async def test_has_no_empty_section(self, goal: str, files: dict[str, str]) -> None:
        blocks = (await document(goal, files)).blocks
        pairs = itertools.pairwise(blocks)
        bare = [
            one.text
            for one, other in pairs
            if isinstance(one, Heading) and isinstance(other, Heading) and other.level <= one.level
        ]
        assert bare == []
        assert not isinstance(blocks[-1], Heading)

    @pytest.mark.parametrize(("goal", "files"), CASES)
    async def test_cites_what_verifies(self, goal: str, files: dict[str, str]) -> None:
        written = await document(goal, files)
        library = ask_for(goal, files).sources
        known = {source.id for source in written.sources}
        cited = {id for run in runs_of(written) for id in run.source_ids}
        assert cited <= known
        assert [source.id for source in written.sources if not library.verify(source)] == []

    async def test_opens_with_three_cited_key_points(self) -> None:
        written = await document("Write a market brief on home batteries", EVERYTHING)
        first = written.blocks[0]
        assert isinstance(first, Callout)
        assert len(first.runs) == 3
        assert all(run.source_ids for run in first.runs)
        assert written.eyebrow == "Market brief · November 2026"
        assert written.title == "Home batteries"

    async def test_shows_disagreements_and_limits_last(self) -> None:
        written = await document("Write a market brief on home batteries", EVERYTHING)
        headings = [block.text for block in written.blocks if isinstance(block, Heading)]
        assert headings[-2:] == ["Where the sources disagree", "Limits of this brief"]
        assert headings[0] == "What the figures show"
        assert headings.index("Risks and open questions") == len(headings) - 3

    async def test_speaks_korean_throughout(self) -> None:
        written = await document("카페 조사 보고서를 써 줘", {"c.md": KOREAN_MD})
        headings = [block.text for block in written.blocks if isinstance(block, Heading)]
        assert headings[-1] == "이 보고서의 한계"
        assert written.eyebrow == "보고서 · 2026년 11월"

    async def test_keeps_an_injection_out(self) -> None:
        written = await document("Supplier memo", {"note.md": INJECTED_MD})
        whole = written.model_dump_json()
        assert "991234" not in whole
        assert "praise" not in whole

    async def test_is_shorter_on_one_page(self) -> None:
        short = await document("One-page memo on home batteries", EVERYTHING)
        full = await document("Report on home batteries", EVERYTHING)
        assert len(plain_text(tuple(runs_of(short)))) < len(plain_text(tuple(runs_of(full))))
        assert not any(isinstance(block, Table) for block in short.blocks)

    async def test_refuses_files_that_say_nothing(self) -> None:
        with pytest.raises(NothingToWorkFrom):
            await document("Write a report", {"empty.md": "# Title\n\n---\n\nPage 1\n"})
