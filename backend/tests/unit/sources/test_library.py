"""Search over passages, citations and their verification."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schemas.source import Extract
from app.sources import (
    PassageNotFound,
    QuoteNotFound,
    SentenceEmbedder,
    SourceLibrary,
    fuse_ranks,
    read_file,
    sentence_embedder,
)
from app.sources.embed import Matrix
from tests.unit.sources.files import read

MEMO = """# Memo

## Market

The home battery market grew by 39% to 5,680 units.

## Delivery

Customers wait nine weeks because trained crews are missing.

## Subsidy

The subsidy ends in December 2026 and demand may fall.
"""
KOREAN = """# 메모

## 시장

가정용 배터리 시장은 39% 성장했다.

## 인력

시공 인력이 부족해 고객이 9주를 기다린다.

## 보조금

보조금은 2026년 12월에 끝난다.
"""


def extract(text: str, name: str, file_id: str = "f") -> Extract:
    """Read a text under a file id."""
    return read_file(text.encode(), file_id=file_id, file_name=name)


@pytest.fixture
def library() -> SourceLibrary:
    return SourceLibrary(
        [
            extract(MEMO, "memo.md", "en"),
            extract(KOREAN, "메모.md", "ko"),
            extract("Region,Units (EA)\nNorth,10\nSouth,20\nTotal,30\n", "t.csv", "csv"),
        ]
    )


class _Axes:
    """An embedder that knows one word: texts with it point one way, the others another."""

    def __init__(self, word: str) -> None:
        self._word = word

    def encode(self, texts: Sequence[str]) -> Matrix:
        rows = [[1.0, 0.0] if self._word in text else [0.0, 1.0] for text in texts]
        return np.array(rows, dtype=np.float32)


class TestSearch:
    async def test_finds_by_words(self, library: SourceLibrary) -> None:
        (first, *_) = await library.search("why do customers wait")
        assert first.passage.section == "Delivery"

    @pytest.mark.parametrize(
        ("query", "section"), [("시장", "시장"), ("인력 부족", "인력"), ("보조금을", "보조금")]
    )
    async def test_finds_korean_words_with_other_particles(
        self, library: SourceLibrary, query: str, section: str
    ) -> None:
        (first, *_) = await library.search(query)
        assert first.passage.section == section

    async def test_keeps_to_the_files_named(self, library: SourceLibrary) -> None:
        found = await library.search("market 시장", file_ids=["ko"])
        assert {scored.passage.file_id for scored in found} == {"ko"}

    async def test_returns_at_most_the_limit_best_first(self, library: SourceLibrary) -> None:
        found = await library.search("market 시장 subsidy 보조금", limit=2)
        assert len(found) == 2
        assert found[0].score >= found[1].score

    @pytest.mark.parametrize("query", ["", "  ", "the of", "zzz"])
    async def test_finds_nothing_where_nothing_is(self, library: SourceLibrary, query: str) -> None:
        assert await library.search(query) == []

    async def test_of_no_files_finds_nothing(self) -> None:
        assert await SourceLibrary([]).search("market") == []

    async def test_joins_meaning_to_words(self) -> None:
        library = SourceLibrary([extract(MEMO, "memo.md")], _Axes("subsidy"))
        found = await library.search("subsidy market")
        assert found[0].passage.section == "Subsidy"
        assert found[0].score == pytest.approx(1 / 61 + 1 / 62)

    async def test_gives_the_same_twice(self, library: SourceLibrary) -> None:
        assert await library.search("market wait") == await library.search("market wait")

    async def test_embeds_only_candidates_among_very_many_passages(self) -> None:
        rows = "\n\n".join(f"## S{n}\n\nPassage number {n} on cells." for n in range(3100))
        library = SourceLibrary([extract(rows, "a.md")], _Axes("3099"))
        (first, *_) = await library.search("3099")
        assert first.passage.section == "S3099"


class TestSearchAcrossLanguages:
    @pytest.mark.parametrize(
        ("query", "section"),
        [
            ("고객 대기 기간이 긴 이유", "Delivery"),
            ("보조금은 언제 끝나는가", "Subsidy"),
            ("시장은 얼마나 성장했는가", "Market"),
        ],
    )
    async def test_finds_english_passages_by_korean_questions(
        self, query: str, section: str
    ) -> None:
        library = SourceLibrary([extract(MEMO, "memo.md")], sentence_embedder())
        (first, *_) = await library.search(query)
        assert first.passage.section == section


class TestFuseRanks:
    def test_prefers_what_both_rankings_have(self) -> None:
        assert [item for item, _ in fuse_ranks([[1, 2], [3, 2]])] == [2, 1, 3]

    @given(st.lists(st.permutations(range(6)), min_size=1, max_size=4))
    def test_keeps_every_item_once(self, rankings: list[list[int]]) -> None:
        assert sorted(item for item, _ in fuse_ranks(rankings)) == list(range(6))


class TestCite:
    def test_makes_a_source_that_verifies(self, library: SourceLibrary) -> None:
        passage = library.passages[0]
        source = library.cite(passage, "market grew by 39%")
        assert (source.title, source.locator) == ("Memo", "Market")
        assert library.verify(source)

    def test_refuses_a_quote_that_is_not_there(self, library: SourceLibrary) -> None:
        with pytest.raises(QuoteNotFound, match="quote the passage exactly"):
            library.cite(library.passages[0], "market grew by 38%")

    def test_gives_one_quote_one_id(self, library: SourceLibrary) -> None:
        first, second, third = (
            library.cite(library.passages[0], quote)
            for quote in ("market grew", "market  grew", "grew by 39%")
        )
        assert first.id == second.id != third.id

    def test_of_an_unknown_passage_is_refused(self, library: SourceLibrary) -> None:
        with pytest.raises(PassageNotFound):
            library.passage("nothing")

    @given(st.data())
    def test_verifies_every_run_of_whole_words(self, data: st.DataObject) -> None:
        library = SourceLibrary([extract(KOREAN, "메모.md"), extract(MEMO, "memo.md", "g")])
        passage = data.draw(st.sampled_from(library.passages))
        words = passage.text.split()
        start = data.draw(st.integers(0, len(words) - 1))
        end = data.draw(st.integers(start + 1, len(words)))
        assert library.verify(library.cite(passage, " ".join(words[start:end])))


class TestVerify:
    def test_fails_when_one_character_of_the_quote_is_changed(self) -> None:
        library = SourceLibrary([extract(MEMO, "memo.md")])
        source = library.cite(library.passages[0], "grew by 39%")
        assert not library.verify(source.model_copy(update={"quote": "grew by 93%"}))

    def test_fails_when_the_file_has_changed(self) -> None:
        source_library = SourceLibrary([extract(MEMO, "memo.md")])
        source = source_library.cite(source_library.passages[0], "grew by 39%")
        changed = SourceLibrary([extract(MEMO.replace("5,680", "5,681"), "memo.md")])
        assert not changed.verify(source)

    def test_finds_the_passage_by_its_hash_when_ids_have_moved(self) -> None:
        source_library = SourceLibrary([extract(MEMO, "memo.md")])
        source = source_library.cite(source_library.passages[1], "nine weeks")
        moved = SourceLibrary([extract(f"# Memo\n\nNew start.\n{MEMO[6:]}", "memo.md")])
        assert moved.verify(source.model_copy(update={"passage_id": "f:p99"}))

    def test_ignores_how_quotes_and_spaces_are_written(self) -> None:
        library = SourceLibrary([extract("He said \u201cwe  wait\u201d now.", "a.txt")])
        source = library.cite(library.passages[0], 'said "we wait"')
        assert library.verify(source)


class TestTableSource:
    def test_quotes_a_row_with_its_locator(self, library: SourceLibrary) -> None:
        source = library.table_source(library.tables[0], range(1, 2))
        assert source.quote == "Region: South; Units (EA): 20"
        assert source.locator == "row 3"
        assert library.verify(source)

    def test_cuts_the_quote_to_the_columns_named(self, library: SourceLibrary) -> None:
        source = library.table_source(library.tables[0], range(1), ["Units"])
        assert source.quote == "Units (EA): 10"
        assert library.verify(source)

    def test_of_the_whole_table_names_its_range(self, library: SourceLibrary) -> None:
        source = library.table_source(library.tables[0])
        assert source.locator == "rows 1-4"
        assert library.verify(source)

    def test_of_every_row_quotes_that_row(self) -> None:
        rows = [f"r{n},{n}" for n in range(50)]
        rows.insert(20, "Subtotal,190")
        library = SourceLibrary([read("A,B\n" + "\n".join(rows) + "\n", "t.csv")])
        (table,) = library.tables
        for index, row in enumerate(table.rows):
            source = library.table_source(table, range(index, index + 1))
            assert source.quote == f"A: {row[0]}; B: {row[1]}"
            assert source.locator == f"row {index + (2 if index < 20 else 3)}"
            assert library.verify(source)

    def test_of_a_row_that_is_not_quotable_is_refused(self, library: SourceLibrary) -> None:
        with pytest.raises(QuoteNotFound):
            library.table_source(library.tables[0], range(7, 8))


class TestSentenceEmbedder:
    def test_gives_rows_of_length_one(self) -> None:
        matrix = sentence_embedder().encode(["A sentence.", "문장이다.", ""])
        assert matrix.shape == (3, 512)
        assert matrix.dtype == np.float32
        assert np.allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-4)

    def test_gives_the_same_from_the_cache(self) -> None:
        embedder = sentence_embedder()
        assert np.array_equal(embedder.encode(["again"]), embedder.encode(["new", "again"])[1:])

    def test_of_nothing_gives_no_rows_and_loads_nothing(self) -> None:
        embedder = SentenceEmbedder()
        assert embedder.encode([]).shape == (0, 512)
        assert not embedder.is_warm

    def test_is_one_per_process(self) -> None:
        assert sentence_embedder() is sentence_embedder()

    def test_keeps_no_more_than_its_cache_may_hold(self) -> None:
        embedder = SentenceEmbedder(cache_entries=2)
        texts = ["one", "two", "three", "two"]
        assert np.array_equal(embedder.encode(texts)[1], embedder.encode(["two"])[0])
        assert embedder.cached_count == 2

    def test_gives_the_same_after_a_release(self) -> None:
        embedder = SentenceEmbedder()
        before = embedder.encode(["kept"])
        embedder.release()
        assert not embedder.is_warm
        assert embedder.cached_count == 0
        assert embedder.last_used_s() is None
        assert np.array_equal(embedder.encode(["kept"]), before)
        assert embedder.last_used_s() is not None

    def test_may_be_released_while_others_encode(self) -> None:
        embedder = SentenceEmbedder()
        expected = embedder.encode(["one"])
        with ThreadPoolExecutor(3) as threads:
            found = [threads.submit(embedder.encode, ["one"]) for _ in range(20)]
            for _ in range(20):
                embedder.release()
            assert all(np.array_equal(one.result(), expected) for one in found)
