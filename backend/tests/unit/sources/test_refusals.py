"""Files that are refused, and what their owner is told."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.sources import (
    FileEmpty,
    FileEncrypted,
    FileHasNoText,
    FileLimits,
    FileRefused,
    FileTooLarge,
    FileTypeMismatch,
    FileTypeUnsupported,
    FileUnpacksTooLarge,
    FileUnreadable,
    read_file,
)
from tests.unit.sources.files import read, repacked, sheet, slides, word
from tests.unit.sources.pdf_files import paragraph, pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">&b;</w:document>
"""


WHOLE = {
    "a.docx": word(lambda document: document.add_paragraph("text")),
    "a.xlsx": sheet([("A", "B"), ("x", 1), ("y", 2)]),
    "a.pptx": slides(("Title", ["point"])),
    "a.pdf": pdf(paragraph(700, "Some text of a page.")),
}


def archive(members: dict[str, bytes]) -> bytes:
    """Make a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return buffer.getvalue()


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "name", "error", "words"),
        [
            (b"", "a.csv", FileEmpty, "empty"),
            (b" \r\n\t", "a.txt", FileEmpty, "empty"),
            (pdf(paragraph(700, "x")), "report.docx", FileTypeMismatch, "report.pdf"),
            (sheet([("A", "B")]), "a.pptx", FileTypeMismatch, "an Excel workbook"),
            (b"just text", "a.pdf", FileTypeMismatch, "plain text"),
            (b"<html><table></table></html>", "a.csv", FileTypeMismatch, "a web page"),
            (OLE + "WordDocument".encode("utf-16-le"), "a.doc", FileTypeUnsupported, ".docx"),
            (OLE + "Workbook".encode("utf-16-le"), "a.xls", FileTypeUnsupported, ".xlsx"),
            (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", FileEncrypted, "password"),
            (b"\x89PNG\r\n", "a.png", FileTypeUnsupported, "PNG"),
            (b"{\\rtf1 hello}", "a.rtf", FileTypeUnsupported, ".docx"),
            (b"{}", "a.json", FileTypeUnsupported, ".json"),
            (bytes(range(256)) * 8, "a.xlsx", FileUnreadable, "damaged"),
            (archive({"a.txt": b"x"}), "a.zip", FileTypeUnsupported, "zip archive"),
            (archive({"word/document.xml": b"<w"}), "a.docx", FileUnreadable, "damaged"),
            (archive({"word/document.xml": LAUGHS}), "a.docx", FileUnreadable, "XML"),
            (b"%PDF-1.7\nnothing more", "a.pdf", FileUnreadable, "damaged"),
            (slides(("", [])), "a.pptx", FileHasNoText, "no text"),
        ],
    )
    def test_say_what_happened_and_how_to_go_on(
        self, content: bytes, name: str, error: type[FileRefused], words: str
    ) -> None:
        with pytest.raises(error) as caught:
            read(content, name)
        assert words in caught.value.message
        assert caught.value.message.startswith(name)
        assert isinstance(caught.value, Invalid)

    def test_are_in_korean_on_demand(self) -> None:
        with pytest.raises(FileTypeMismatch, match="실제 형식은 PDF입니다"):
            read(pdf(paragraph(700, "x")), "보고서.docx", language="ko")

    def test_name_the_kind_of_file_in_korean_too(self) -> None:
        with pytest.raises(FileTypeUnsupported) as caught:
            read(OLE + "HwpSummaryInformation".encode("utf-16-le"), "a.hwp", language="ko")
        assert caught.value.message == (
            "a.hwp 파일은 한글 문서(.hwp) 형식이라 읽을 수 없습니다. "
            ".docx 또는 .pdf 형식으로 저장해 주세요."
        )

    def test_of_damage_come_from_every_cut_of_a_file(self) -> None:
        whole = word(lambda document: document.add_paragraph("text"))
        for size in range(100, len(whole), len(whole) // 20):
            with pytest.raises(FileRefused):
                read(whole[:size], "a.docx")

    @pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx", "a.pdf"])
    @given(data=st.data())
    def test_of_damage_are_all_that_damage_leads_to(self, name: str, data: st.DataObject) -> None:
        content = bytearray(WHOLE[name])
        for _ in range(data.draw(st.integers(1, 8))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        with contextlib.suppress(FileRefused):
            assert read(bytes(content), name).passages

    @pytest.mark.parametrize(
        ("name", "part"),
        [
            ("a.xlsx", "xl/workbook.xml"),
            ("a.xlsx", "xl/worksheets/sheet1.xml"),
            ("a.docx", "word/document.xml"),
            ("a.docx", "word/styles.xml"),
            ("a.pptx", "ppt/slides/slide1.xml"),
        ],
    )
    def test_of_damage_come_from_every_part_cut_off(self, name: str, part: str) -> None:
        with zipfile.ZipFile(io.BytesIO(WHOLE[name])) as members:
            text = members.read(part)
        with pytest.raises(FileUnreadable):
            read(repacked(WHOLE[name], {part: text[: len(text) * 2 // 3]}), name)

    def test_of_large_files_come_before_they_are_loaded(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"x" * 3000)
        with pytest.raises(FileTooLarge, match="3 KB and the limit is 2 KB") as caught:
            read_file(path, file_id="f", file_name="a.txt", limits=FileLimits(max_size_bytes=2000))
        assert caught.value.code == "file_too_large"

    def test_of_archives_that_unpack_too_large(self) -> None:
        content = repacked(sheet([("A", "B"), ("x", 1)]), {"xl/media/image1.png": bytes(5000)})
        with pytest.raises(FileUnpacksTooLarge, match="unpack"):
            read(content, "a.xlsx", limits=FileLimits(max_unpacked_bytes=4000))

    def test_of_archives_packed_as_bombs(self) -> None:
        content = repacked(sheet([("A", "B"), ("x", 1)]), {"xl/media/a.bin": bytes(30_000_000)})
        with pytest.raises(FileUnpacksTooLarge, match="save it again"):
            read(content, "a.xlsx")

    def test_of_archives_with_too_many_members(self) -> None:
        content = repacked(sheet([("A", "B")]), {f"x/{n}": b"" for n in range(30)})
        with pytest.raises(FileUnpacksTooLarge):
            read(content, "a.xlsx", limits=FileLimits(max_members=20))

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
    def test_of_entities_in_any_part(self, part: str) -> None:
        content = repacked(sheet([("A", "B"), ("x", 1)]), {part: LAUGHS})
        with pytest.raises(FileUnreadable, match="XML"):
            read(content, "a.xlsx")

    def test_of_entities_hidden_behind_a_long_comment(self) -> None:
        part = b"<?xml version='1.0'?><!--" + b"x" * 100_000 + b"-->" + LAUGHS[21:]
        with pytest.raises(FileUnreadable, match="XML"):
            read(archive({"word/document.xml": part}), "a.docx")

    def test_do_not_meet_files_without_a_suffix(self) -> None:
        assert read(pdf(paragraph(700, "Some text of a page.")), "report").page_count == 1
