"""PDF files written by hand, so that each test says where on the page its text stands."""

from collections.abc import Sequence
from dataclasses import dataclass

_PAGE = "/MediaBox [0 0 595 842]"


@dataclass(frozen=True, slots=True)
class Text:
    """A text drawn at a place; `font` is F1 (regular), F2 (bold) or K1 (Korean)."""

    x: float
    y: float
    text: str
    size: float = 11
    font: str = "F1"


def paragraph(y: float, *lines: str, x: float = 72, leading: float = 14) -> list[Text]:
    """Draw lines one below the other."""
    return [Text(x, y - index * leading, line) for index, line in enumerate(lines)]


def korean(y: float, *lines: str, leading: float = 16) -> list[Text]:
    """Draw Korean lines one below the other."""
    return [Text(72, y - index * leading, line, font="K1") for index, line in enumerate(lines)]


def pdf(*pages: Sequence[Text]) -> bytes:
    """Make a PDF of these pages."""
    glyphs = sorted({c for page in pages for t in page if t.font == "K1" for c in t.text})
    codes = {char: index + 1 for index, char in enumerate(glyphs)}
    first_page = 7
    kids = " ".join(f"{first_page + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _simple_font("Helvetica"),
        _simple_font("Helvetica-Bold"),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Batang /Encoding /Identity-H"
        b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Batang"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        b" /DW 950 >>] /ToUnicode 6 0 R >>",
        _stream(_to_unicode(codes)),
    ]
    for index, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {_PAGE} /Contents {first_page + 2 * index + 1} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R /K1 5 0 R >> >> >>".encode()
        )
        objects.append(_stream("\n".join(_draw(text, codes) for text in page).encode("cp1252")))
    return _file(objects)


def _simple_font(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
    )


def _draw(text: Text, codes: dict[str, int]) -> str:
    if text.font == "K1":
        shown = "<" + "".join(f"{codes[char]:04X}" for char in text.text) + ">"
    else:
        escaped = text.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown = f"({escaped})"
    return f"BT /{text.font} {text.size} Tf 1 0 0 1 {text.x} {text.y} Tm {shown} Tj ET"


def _to_unicode(codes: dict[str, int]) -> bytes:
    pairs = "\n".join(f"<{code:04X}> <{ord(char):04X}>" for char, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
    ).encode()


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.7\n"
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + table + trailer % (len(objects) + 1, len(body))
