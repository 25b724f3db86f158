"""Web pages: the main text with headings, lists and tables; navigation and scripts left out."""

from collections.abc import Iterator

from lxml import etree

from app.schemas.source import PassageKind
from app.sources.encoding import decode_html
from app.sources.reading import Block, HeadingPath, Reading, TextBlock
from app.sources.request import ReadRequest
from app.sources.tables import Grid, RawCell


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DROPPED = _names(
    "script style noscript template nav footer aside form button select iframe svg canvas "
    "object head"
)
_DROPPED_ROLES = ("navigation", "banner", "contentinfo", "search", "dialog")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TEXT_BLOCKS = _names("p li pre blockquote dt dd figcaption caption address summary")
_CONTAINERS = _names(
    "body html main article section div ul ol dl figure details center td th tr tbody thead "
    "table header hgroup fieldset menu"
)
_MAX_DEPTH = 150
_MAX_LINK_SHARE = 0.6
_MAX_LINK_BLOCK_CHARS = 120
_MIN_MAIN_SHARE = 0.4


def read_html(request: ReadRequest) -> Reading:
    """Read a web page; `<main>` or `<article>` alone when it holds most of the text."""
    text = decode_html(request.content).text
    parser = etree.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    root = etree.fromstring(_without_declaration(text), parser)
    title = _one_line(root.findtext(".//title") or "")
    _drop_boilerplate(root)
    walker = _Walker(_main_of(root))
    blocks = list(walker.blocks())
    return Reading(title=walker.title or title, blocks=blocks)


def _without_declaration(text: str) -> str:
    """Strip the XML declaration: lxml refuses text that still names an encoding."""
    stripped = text.lstrip("\ufeff \t\r\n")
    return stripped.partition("?>")[2] if stripped.startswith("<?xml") else stripped


def _drop_boilerplate(root: etree._Element) -> None:
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is not None and (element.tag in _DROPPED or _is_hidden(element)):
            _drop(parent, element)


def _drop(parent: etree._Element, element: etree._Element) -> None:
    """Remove an element but keep the text after it."""
    tail, before = element.tail or "", element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)


def _is_hidden(element: etree._Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") in _DROPPED_ROLES
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _main_of(root: etree._Element) -> etree._Element:
    body = root.find("body")
    whole = root if body is None else body
    size = len(_content(whole))
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = whole.findall(path)
        if len(found) == 1 and len(_content(found[0])) >= size * _MIN_MAIN_SHARE:
            return found[0]
    return whole


class _Walker:
    """Goes through the elements once, keeping the heading path."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._path = HeadingPath()
        self._count = 0
        self._tables = 0
        tops = [e for e in root.iter("h1") if _one_line(_content(e))]
        self._title_element = tops[0] if len(tops) == 1 else None
        self.title = _one_line(_content(tops[0])) if tops else ""

    def blocks(self) -> Iterator[Block]:
        """Yield text blocks and tables in document order."""
        yield from self._walk(self._root, 0)

    def _walk(self, element: etree._Element, depth: int) -> Iterator[Block]:
        if element.tag in _HEADINGS:
            self._enter(element)
        elif element.tag == "table" and _is_data_table(element):
            yield self._table(element)
        elif element.tag == "li" and element.find(".//li") is not None:
            yield from self._children(element, depth)
        elif element.tag in _TEXT_BLOCKS or depth > _MAX_DEPTH:
            yield from self._text(element, _content(element))
        elif _holds_blocks(element):
            yield from self._children(element, depth)
        else:
            yield from self._text(element, _content(element))

    def _children(self, element: etree._Element, depth: int) -> Iterator[Block]:
        """Inline content between blocks makes paragraphs of its own."""
        run = element.text or ""
        for child in element:
            if child.tag in _CONTAINERS or child.tag in _TEXT_BLOCKS or child.tag in _HEADINGS:
                yield from self._text(element, run)
                run = ""
                yield from self._walk(child, depth + 1)
            else:
                run += "\n" if child.tag == "br" else _content(child)
            run += child.tail or ""
        yield from self._text(element, run)

    def _enter(self, element: etree._Element) -> None:
        text = _one_line(_content(element))
        if text and element is not self._title_element:
            self._path.enter(int(element.tag[1]), text)

    def _text(self, element: etree._Element, content: str) -> Iterator[Block]:
        text = _one_line(content)
        if not text or _is_link_list(element, text):
            return
        self._count += 1
        is_item = element.tag == "li"
        yield TextBlock(
            text=f"- {text}" if is_item else text,
            locator=self._path.path or f"paragraph {self._count}",
            section=self._path.path,
            kind=PassageKind.LIST if is_item else PassageKind.PARAGRAPH,
        )

    def _table(self, element: etree._Element) -> Grid:
        self._tables += 1
        rows = list(_table_rows(element))
        caption = element.find("caption")
        section = self._path.path
        name = f"table {self._tables}"
        return Grid(
            rows=rows,
            numbers=list(range(1, len(rows) + 1)),
            title="" if caption is None else _one_line(_content(caption)),
            section=section,
            place=f"{section}, {name}" if section else name,
            has_header=True if element.find(".//th") is not None else None,
        )


def _holds_blocks(element: etree._Element) -> bool:
    return any(
        child.tag in _CONTAINERS or child.tag in _TEXT_BLOCKS or child.tag in _HEADINGS
        for child in element.iterdescendants()
    )


def _is_data_table(element: etree._Element) -> bool:
    """Tables that only lay out a page hold other tables or long text."""
    if element.find(".//table") is not None:
        return False
    rows = element.findall(".//tr")
    return len(rows) > 1 and max((len(row) for row in rows), default=0) > 1


def _table_rows(element: etree._Element) -> Iterator[list[RawCell]]:
    """Yield rows with row spans filled down; a column span leaves blanks to its right."""
    hanging: dict[int, tuple[int, str]] = {}
    for row in element.iter("tr"):
        cells: list[RawCell] = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            _fill_hanging(cells, hanging)
            text = _one_line(_content(cell))
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for offset in range(across):
                part = text if offset == 0 else ""
                if down > 1:
                    hanging[len(cells)] = (down - 1, part)
                cells.append(part)
        _fill_hanging(cells, hanging)
        yield cells


def _fill_hanging(cells: list[RawCell], hanging: dict[int, tuple[int, str]]) -> None:
    while (found := hanging.pop(len(cells), None)) is not None:
        left, text = found
        if left > 1:
            pass
        cells.append(text)


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), 100) if value.isdecimal() else 1


def _is_link_list(element: etree._Element, text: str) -> bool:
    """Short blocks that are mostly links are menus."""
    if len(text) > _MAX_LINK_BLOCK_CHARS:
        return False
    linked = sum(len(_one_line(_content(link))) for link in element.iter("a"))
    return linked > len(text) * _MAX_LINK_SHARE and element.tag != "p"


def _content(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _one_line(text: str) -> str:
    return " ".join(text.split())
