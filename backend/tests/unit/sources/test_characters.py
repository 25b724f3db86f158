"""Characters that no text has never pass the door."""

import pytest

from app.schemas.source import Extract
from app.sources.text import plain_text
from tests.unit.sources.files import read

ESCAPE = "\x1b[31m"


def texts(extract: Extract) -> str:
    """Return every text of an extract, as the rest of the system sees it."""
    return extract.model_dump_json(ensure_ascii=False)


class TestPlainText:
    @pytest.mark.parametrize(
        "unfit", ["\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x9b", "\ud800", "\ufffe", "\uffff"]
    )
    def test_puts_a_space_for_what_no_text_has(self, unfit: str) -> None:
        assert plain_text(f"a{unfit}b") == "a b"

    @pytest.mark.parametrize(
        "text", ["a\tb\nc\r\n", "마당", "👩\u200d🌾", "\u202bshalom\u202c", "x\ufffd"]
    )
    def test_keeps_all_else(self, text: str) -> None:
        assert plain_text(text) == text


class TestReadFile:
    def test_frees_tables_of_control_codes(self) -> None:
        rows = "".join(f"North{ESCAPE},{number}\n" for number in range(4))
        extract = read(f"Region{ESCAPE},Units\n{rows}", "a.csv")
        assert extract.tables[0].columns[0].name == "Region [31m"
        assert extract.tables[0].rows[0] == ("North [31m", 0)
        assert "\\u001b" not in texts(extract)

    def test_frees_titles_and_paragraphs_of_web_pages(self) -> None:
        page = f"<html><title>Q3{ESCAPE}</title><p>Sales &#27;[2J rose to 5.</p></html>"
        extract = read(page, "a.html")
        assert extract.title == "Q3 [31m"
        assert "\\u001b" not in texts(extract)

    def test_frees_headings_of_control_codes(self) -> None:
        extract = read(f"# One{ESCAPE}\n\n# Two{ESCAPE}\n\nSales rose to 5.\n", "a.md")
        assert "\\u001b" not in texts(extract)

    def test_frees_plain_text_of_nul(self) -> None:
        text = "Sales rose to 5. " * 20
        extract = read(f"{text}\n\n{text}\x00\n", "a.txt")
        assert "\\u0000" not in texts(extract)
