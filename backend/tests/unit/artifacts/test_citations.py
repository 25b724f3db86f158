from app.artifacts.citations import (
    citation_mark,
    citation_numbers,
    cited_numbers,
    source_entries,
    unknown_source_ids,
)
from tests.factories.artifacts import make_source, make_web_source

_SOURCES = (make_source("a"), make_source("b"), make_web_source("c"))


class TestNumbering:
    def test_numbers_sources_by_their_place(self) -> None:
        assert citation_numbers(_SOURCES) == {"a": 1, "b": 2, "c": 3}

    def test_prints_each_number_once_and_ascending(self) -> None:
        numbers = citation_numbers([make_source(f"s{number}") for number in range(1, 18)])
        cited = cited_numbers(("s16", "s8", "s1", "s8"), numbers)
        assert citation_mark(cited) == "[1][8][16]"

    def test_leaves_out_an_unknown_source_and_names_it(self) -> None:
        assert cited_numbers(("x", "a"), citation_numbers(_SOURCES)) == (1,)
        assert unknown_source_ids(("x", "a", "x"), _SOURCES) == ("x",)


class TestSourceEntries:
    def test_says_where_to_look_and_what_stands_there(self) -> None:
        entry = source_entries(_SOURCES, "en")[0]
        assert (entry.number, entry.title) == (1, "Statistics a")
        assert entry.place == "statistics.pdf, p. 14"
        assert entry.quote == "“Sales rose by 39 percent.”"

    def test_says_when_a_page_was_read(self) -> None:
        assert source_entries(_SOURCES, "en")[2].place == "retrieved Nov 20, 2026"
        assert source_entries(_SOURCES, "ko")[2].place == "2026. 11. 20. 확인"
