import io
import re
import zipfile
from collections.abc import Callable

import pytest

from app.artifacts.blocks import Heading, Paragraph, Run
from app.artifacts.docx import check_docx, render, render_docx
from app.artifacts.report import GateReport
from app.schemas.source import Language
from tests.factories.artifacts import make_document, make_full_document, make_source

_BODY = "word/document.xml"


def _changed(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Change one part of a package; the change must change something."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.namelist():
            part = old.read(entry)
            if entry == name:
                changed = change(part.decode()).encode()
                assert changed != part
                part = changed
            new.writestr(entry, part)
    return buffer.getvalue()


def _failed(report: GateReport) -> set[str]:
    return {check.name for check in report.failures}


def _report_after(change: Callable[[str], str], *, part: str = _BODY) -> GateReport:
    document = make_full_document()
    return check_docx(_changed(render_docx(document), part, change), document)


class TestCheckDocx:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_passes_a_file_as_it_was_made(self, language: Language) -> None:
        file = render(make_full_document(language=language), "brief")
        assert file.report.failures == ()
        assert file.name == "brief.docx"

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("headings", ">Market size<", "><"),
            ("headings", 'w:val="Heading2"', 'w:val="Heading3"'),
            ("citations", 'w:anchor="source_1"', 'w:anchor="source_9"'),
            ("citations", 'w:name="source_2"', 'w:name="other"'),
            ("citations", ">[3]<", ">[7]<"),
            ("figures", 'descr="Sales rise every year."', 'descr=""'),
            ("tables", "<w:tblHeader/>", ""),
            ("text", ">Cells<", ">lorem ipsum<"),
            ("text", ">Start again<", "><"),
            ("glyphs", ">Cells<", ">Cells\ue000<"),
        ],
    )
    def test_finds_what_was_broken(self, name: str, old: str, new: str) -> None:
        assert name in _failed(_report_after(lambda xml: xml.replace(old, new)))

    def test_finds_a_chart_that_is_not_in_the_file(self) -> None:
        report = _report_after(lambda xml: re.sub(r'(<c:chart [^>]*r:id=")', r"\1none", xml))
        assert _failed(report) == {"figures"}

    def test_finds_changed_sources(self) -> None:
        report = _report_after(
            lambda xml: xml.replace("Sales rose by 39", "Sales rose by 93"),
            part="customXml/item1.xml",
        )
        assert _failed(report) == {"sources"}

    def test_finds_sources_that_are_missing(self) -> None:
        content = render_docx(make_document())
        assert "sources" in _failed(check_docx(content, make_document(sources=(make_source(),))))

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"plain text"])
    def test_says_that_a_file_does_not_open(self, content: bytes) -> None:
        assert _failed(check_docx(content, make_document())) == {"opens"}

    def test_says_that_a_package_is_no_document(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            package.writestr("a.txt", "a")
        assert _failed(check_docx(buffer.getvalue(), make_document())) == {"opens"}

    @pytest.mark.parametrize(
        ("block", "name"),
        [
            (Heading(level=2, text="Too deep"), "headings"),
            (Heading(level=1, text="  "), "headings"),
            (Paragraph(runs=(Run(text="x", source_ids=("gone",)),)), "citations"),
            (Paragraph(runs=(Run(text="Dear {{ name }}"),)), "text"),
            (Paragraph(runs=(Run(text="broken \ufffd"),)), "glyphs"),
        ],
    )
    def test_finds_what_the_document_itself_has_wrong(
        self, block: Heading | Paragraph, name: str
    ) -> None:
        assert _failed(render(make_document(block), "x").report) == {name}

    def test_finds_a_missing_title(self) -> None:
        assert _failed(render(make_document(title=""), "x").report) == {"headings"}
