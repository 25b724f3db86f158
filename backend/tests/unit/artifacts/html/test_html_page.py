import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from app.artifacts.blocks import Document, Figure, Heading, ListBlock, Paragraph, Run
from app.artifacts.characters import clean_text
from app.artifacts.html import check_html, render, render_html
from app.artifacts.report import GateReport
from app.schemas.source import Language
from tests.factories.artifacts import (
    make_chart,
    make_column,
    make_document,
    make_full_document,
    make_table,
)

_ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def _page(document: Document) -> HtmlElement:
    return html.document_fromstring(render_html(document))


def _squeezed(text: str) -> str:
    return "".join(clean_text(text).split())


def _failed(report: GateReport) -> set[str]:
    return {check.name for check in report.failures}


class TestRenderHtml:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_passes_its_gate_with_every_kind_of_block(self, language: Language) -> None:
        file = render(make_full_document(language=language), "brief")
        assert file.report.failures == ()
        assert (file.name, file.media_type) == ("brief.html", "text/html")

    def test_says_its_language_and_title(self) -> None:
        page = _page(make_full_document(language="ko"))
        assert page.get("lang") == "ko"
        assert page.findtext(".//title") == "가정용 배터리"

    def test_heads_columns_and_rows(self) -> None:
        table = _page(make_full_document()).find(".//table")
        assert table is not None
        assert [head.get("scope") for head in table.iter("th")] == ["col"] * 4 + ["row"] * 3

    def test_leads_from_a_citation_to_its_source(self) -> None:
        page = _page(make_full_document())
        link = page.find(".//a[@class='cite']")
        assert link is not None
        assert (link.get("href"), link.get("aria-label")) == ("#source-1", "Source 1")
        entry = page.get_element_by_id("source-1")
        assert entry.text_content() == (
            "[1]Statistics s1, statistics.pdf, p. 14“Sales rose by 39 percent.”"
        )

    def test_draws_figures_inline_with_their_description(self) -> None:
        drawing = _page(make_document(Figure(chart=make_chart(), caption="Sales"))).find(".//svg")
        assert drawing is not None
        assert (drawing.get("role"), drawing.get("aria-label")) == ("img", "Sales rise every year.")

    def test_follows_allowed_links_and_drops_others(self) -> None:
        runs = (
            Run(text="good", href="https://example.org"),
            Run(text="bad", href="javascript:alert(1)"),
        )
        links = _page(make_document(Paragraph(runs=runs))).findall(".//a")
        assert [link.get("href") for link in links] == ["https://example.org"]

    def test_loads_nothing_from_outside(self) -> None:
        page = render_html(make_full_document())
        policy = html.document_fromstring(page).find(".//meta[@http-equiv]")
        assert policy is not None
        assert "default-src 'none'" in (policy.get("content") or "")
        for word in ("<script", "<link", "<img", "@import", "url("):
            assert word not in page


class TestRenderAnyText:
    @given(_ANY_TEXT, _ANY_TEXT)
    @settings(deadline=None, max_examples=100)
    def test_reads_back_as_the_same_text(self, title: str, text: str) -> None:
        document = make_document(
            Heading(level=1, text=text),
            Paragraph(runs=(Run(text=text, bold=True),)),
            ListBlock(items=((Run(text=text),),)),
            title=title,
        )
        page = _page(document)
        for path, expected in ((".//h1", title), (".//h2", text), (".//p/strong", text)):
            element = page.find(path)
            assert element is not None
            assert _squeezed(str(element.text_content())) == _squeezed(expected)

    @given(st.sampled_from(["<script>alert(1)</script>", '"><img src=x onerror=a>', "</style>"]))
    def test_lets_no_text_become_markup(self, attack: str) -> None:
        table = make_table(((attack, attack),), columns=(make_column(attack), make_column("b")))
        figure = Figure(chart=make_chart(title=attack), caption=attack)
        document = make_document(
            table, figure, Paragraph(runs=(Run(text=attack, href=attack),)), title=attack
        )
        page = _page(document)
        assert not list(page.iter("script", "img"))
        assert _failed(check_html(render_html(document), document)) == set()


class TestCheckHtml:
    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("language", 'lang="en"', 'lang="ko"'),
            ("headings", ">Market size<", "><"),
            ("headings", "<h3", "<h5"),
            ("headings", "<h1 ", "<p "),
            ("citations", 'href="#source-1"', 'href="#nowhere"'),
            ("citations", ">[3]</a>", ">[4]</a>"),
            ("figures", 'role="img"', ""),
            ("figures", 'aria-label="Sales rise every year."', 'aria-label=""'),
            ("tables", 'scope="col"', ""),
            ("sources", 'id="source-3"', 'id="other"'),
            ("safety", "<main", '<script src="a.js"></script><main'),
            ("safety", "<main", '<main onclick="a()"'),
            ("safety", "https://example.org/study", "javascript:alert(1)"),
            ("safety", "<style>", "<style>@import 'a.css';"),
            ("text", ">Cells<", ">lorem ipsum<"),
            ("glyphs", ">Cells<", ">Cells\ufffd<"),
        ],
    )
    def test_finds_what_was_broken(self, name: str, old: str, new: str) -> None:
        document = make_full_document()
        page = render_html(document)
        assert old in page
        assert name in _failed(check_html(page.replace(old, new), document))
