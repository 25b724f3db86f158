import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.artifacts.blocks import Callout, Heading, ListBlock, Paragraph, Run
from app.artifacts.characters import clean_text
from app.artifacts.markdown import check_markdown, render, render_markdown
from app.artifacts.report import GateReport
from app.schemas.source import Language
from tests.factories.artifacts import (
    make_column,
    make_document,
    make_full_document,
    make_source,
    make_table,
)

_BREAKS = frozenset({"softbreak", "hardbreak"})
_ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_MARKUP = st.text(alphabet="*_`[]()<>#+-=!|\\~&;:.1 a가\n", max_size=40)
_STYLED = st.builds(
    Run,
    text=_ANY_TEXT | _MARKUP,
    bold=st.booleans(),
    italic=st.booleans(),
    href=st.none() | st.just("https://example.org/a(b)?c=<d>"),
    source_ids=st.just(()) | st.just(("s1",)),
)


def _parse(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(markdown)


def _inline_texts(markdown: str) -> list[str]:
    texts = []
    for token in _parse(markdown):
        if token.type == "inline":
            children = token.children or ()
            texts.append("".join(" " if one.type in _BREAKS else one.content for one in children))
    return texts


def _squeezed(text: str) -> str:
    return "".join(clean_text(text).split())


def _paragraph(*runs: Run) -> str:
    document = make_document(Paragraph(runs=runs), sources=(make_source("s1"),))
    before_sources = render_markdown(document).rsplit("\n\n## Sources", 1)[0]
    return before_sources.partition("November 24, 2026")[2].strip("\n")


def _failed(report: GateReport) -> set[str]:
    return {check.name for check in report.failures}


class TestRenderMarkdown:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_passes_its_gate_with_every_kind_of_block(self, language: Language) -> None:
        file = render(make_full_document(language=language), "brief")
        assert file.report.failures == ()
        assert (file.name, file.media_type) == ("brief.md", "text/markdown")

    def test_writes_headings_below_the_title(self) -> None:
        lines = render_markdown(make_full_document()).splitlines()
        headings = [line for line in lines if line.startswith("#")]
        assert headings == [
            "# Home batteries",
            "## Market size",
            "### Drivers",
            "#### Steps",
            "## Sources",
        ]

    def test_prints_claims_with_their_numbers_and_links(self) -> None:
        text = render_markdown(make_full_document())
        assert "**Sales rose by 39 percent**[1] in 2025." in text
        assert "[*the study*](<https://example.org/study>)" in text
        assert "**Table 1.** Sales by year Source: [2][3]" in text
        assert "[1] Statistics s1, statistics.pdf, p. 14\\\n“Sales rose by 39 percent.”" in text

    def test_aligns_figures_and_shows_a_chart_as_its_values(self) -> None:
        text = render_markdown(make_full_document())
        assert "| Year | Sales (USD) | Growth | Final |\n| --- | ---: | ---: | --- |" in text
        assert "| Sales | Series 1 |\n| --- | ---: |\n| C0 | 118 |" in text

    def test_keeps_two_lists_in_a_row_apart(self) -> None:
        lists = (ListBlock(ordered=True, items=((Run(text=word),),)) for word in ("a", "b"))
        tokens = _parse(render_markdown(make_document(*lists)))
        assert sum(token.type == "ordered_list_open" for token in tokens) == 2

    def test_sets_a_callout_as_a_quotation(self) -> None:
        callout = Callout(label="In short", runs=(Run(text="One\ntwo"),))
        assert "> **In short**\n>\n> One\\\n> two" in render_markdown(make_document(callout))

    def test_leaves_emphasis_out_where_it_would_not_be_read(self) -> None:
        assert _paragraph(Run(text="(주)", bold=True), Run(text="은")) == "(주)은"
        assert _paragraph(Run(text="(주)", bold=True), Run(text=" 은")) == "**(주)** 은"

    def test_lets_no_citation_become_a_link(self) -> None:
        claim = Run(text="x", source_ids=("s1",))
        assert _paragraph(claim, Run(text="(note)")) == "x[1]\\(note)"


class TestRenderAnyText:
    @given(st.lists(_STYLED, min_size=1, max_size=4))
    @settings(deadline=None, max_examples=300)
    def test_reads_back_as_the_same_text(self, runs: list[Run]) -> None:
        expected = "".join(_squeezed(run.text) + "[1]" * bool(run.source_ids) for run in runs)
        assert _squeezed("".join(_inline_texts(_paragraph(*runs)))) == expected

    @given(st.lists(_STYLED, min_size=1, max_size=4))
    @settings(deadline=None, max_examples=150)
    def test_stays_one_paragraph_without_markup_of_its_own(self, runs: list[Run]) -> None:
        types = {token.type for token in _parse(_paragraph(*runs))}
        assert types <= {"paragraph_open", "inline", "paragraph_close"}

    @given(st.lists(st.lists(_ANY_TEXT | _MARKUP, min_size=2, max_size=2), max_size=4))
    @settings(deadline=None, max_examples=100)
    def test_keeps_cells_in_their_columns(self, rows: list[list[str]]) -> None:
        columns = (make_column("a"), make_column("b"))
        table = make_table(tuple((first, second) for first, second in rows), columns=columns)
        markdown = render_markdown(make_document(table))
        body = markdown.split("| --- | --- |", 1)[1]
        cells = _inline_texts("| a | b |\n| --- | --- |" + body)[2:]
        assert [_squeezed(cell) for cell in cells] == [
            _squeezed(cell) for row in rows for cell in row
        ]

    @given(st.lists(_ANY_TEXT | _MARKUP, max_size=4))
    @settings(deadline=None, max_examples=100)
    def test_keeps_headings_and_list_items_whole(self, texts: list[str]) -> None:
        filled = [text for text in texts if _squeezed(text)]
        document = make_document(
            *(Heading(level=1, text=text) for text in filled),
            ListBlock(items=tuple((Run(text=text),) for text in filled)),
        )
        found = _inline_texts(render_markdown(document))[2:]
        assert list(map(_squeezed, found)) == list(map(_squeezed, [*filled, *filled]))


class TestCheckMarkdown:
    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("headings", "## Market size", "## "),
            ("headings", "### Drivers", "##### Drivers"),
            ("headings", "# Home batteries", "Home batteries"),
            ("citations", "percent**[1]", "percent**[9]"),
            ("citations", "[3] The reform", "The reform"),
            ("tables", "| --- | ---: |\n", ""),
            ("text", "Cells", "lorem ipsum"),
            ("markup", "Cells", "<b>Cells</b>"),
            ("markup", "One source only.", "\n\n```\ncode\n```\n"),
            ("glyphs", "Cells", "Cells\ufffd"),
        ],
    )
    def test_finds_what_was_broken(self, name: str, old: str, new: str) -> None:
        document = make_full_document()
        broken = render_markdown(document).replace(old, new)
        assert broken != render_markdown(document)
        assert name in _failed(check_markdown(broken, document))
