"""Reading Markdown, web pages and plain text."""

from app.schemas.source import PassageKind
from app.sources import FileLimits
from tests.unit.sources.files import read

PAGE = """<!doctype html><html><head><title>Site | Market</title><style>p {}</style></head><body>
<nav><a href="/">Home</a> <a href="/x">Products</a></nav>
<main><h1>Battery market</h1>
<h2>Demand</h2><p>Demand <b>rose</b> by 39%.</p><ul><li>South</li><li>Islands</li></ul>
<div>Loose text<br>after a break <p>and a paragraph.</p> tail</div>
<table><tr><th>Region</th><th>Units</th></tr><tr><td rowspan="2">North</td><td>1</td></tr>
<tr><td>2</td></tr></table>
<script>var x = "never";</script><p style="display:none">hidden</p></main>
<footer>Imprint</footer></body></html>"""


class TestReadMarkdown:
    def test_makes_sections_of_headings_and_the_title_of_the_first(self) -> None:
        extract = read("# Memo\n\nIntro.\n\n## Market\n\n### Demand\n\nIt *rose* by 39%.\n", "a.md")
        assert extract.title == "Memo"
        assert [(p.locator, p.section) for p in extract.passages] == [
            ("line 3", ""),
            ("Market > Demand", "Market > Demand"),
        ]
        assert extract.passages[1].text == "It rose by 39%."

    def test_reads_lists_and_tables(self) -> None:
        text = "## Plan\n\n- one\n- two\n\n| R | U |\n|---|---|\n| A | 1,200 |\n| B | 5 |\n"
        extract = read(text, "a.md")
        assert extract.passages[0].kind is PassageKind.LIST
        assert extract.passages[0].text == "- one\n- two"
        assert extract.tables[0].rows == (("A", 1200), ("B", 5))

    def test_joins_wrapped_lines_and_skips_front_matter(self) -> None:
        extract = read("---\ntitle: x\n---\nfirst line\nsecond line\n", "a.md")
        assert extract.passages[0].text == "first line second line"
        assert extract.passages[0].locator == "lines 4-5"


class TestReadHtml:
    def test_reads_the_main_text_alone(self) -> None:
        extract = read(PAGE, "a.html")
        text = "\n".join(p.text for p in extract.passages)
        assert extract.title == "Battery market"
        assert "Demand rose by 39%." in text
        for unwanted in ("Products", "Imprint", "never", "hidden"):
            assert unwanted not in text

    def test_keeps_loose_text_around_paragraphs(self) -> None:
        text = "\n".join(p.text for p in read(PAGE, "a.html").passages)
        assert "Loose text after a break\nand a paragraph.\ntail" in text

    def test_reads_tables_with_row_spans(self) -> None:
        assert read(PAGE, "a.html").tables[0].rows == (("North", 1), ("North", 2))

    def test_obeys_the_declared_charset(self) -> None:
        page = "<html><head><meta charset='euc-kr'></head><body><p>시장 보고서</p></body></html>"
        extract = read(page.encode("euc-kr"), "a.html")
        assert extract.passages[0].text == "시장 보고서"


class TestReadPlainText:
    def test_joins_wrapped_lines_and_locates_by_line(self) -> None:
        text = (
            "\n\nThe market for home batteries grew by four tenths in the year\n"
            "under review.\n\nA second paragraph.\n"
        )
        (passage,) = read(text, "a.txt").passages
        assert passage.locator == "lines 3-6"
        assert passage.text.splitlines()[0].endswith("year under review.")

    def test_keeps_short_lines_apart(self) -> None:
        (passage,) = read("To: Ann\nFrom: Bo\nDate: today\n", "a.txt").passages
        assert passage.text == "To: Ann\nFrom: Bo\nDate: today"

    def test_cuts_a_paragraph_that_is_far_too_long_between_sentences(self) -> None:
        text = " ".join(f"Sentence number {n} says something of its own." for n in range(100))
        passages = read(text, "a.txt").passages
        assert all(len(p.text) <= 900 and p.text.endswith(".") for p in passages)
        assert len(passages) > 4

    def test_detects_the_language(self) -> None:
        assert read("시장은 성장했다.", "a.txt").language == "ko"

    def test_of_boundless_length_is_cut_with_a_notice(self) -> None:
        text = "\n\n".join(f"Paragraph {n}. " + "x" * 800 for n in range(30))
        extract = read(text, "a.txt", limits=FileLimits(max_passages=10))
        assert len(extract.passages) == 10
        assert extract.notices == ("a.txt is very long: only its first 10 passages were read.",)
