"""A written document as a complete HTML page."""

from app.artifacts.blocks import (
    Block,
    Callout,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Table,
)
from app.artifacts.captions import CaptionKind, caption_label, source_label
from app.artifacts.characters import clean_line, clean_model
from app.artifacts.charts import chart_title
from app.artifacts.grid import table_grid
from app.artifacts.html.fragments import Fragments
from app.artifacts.html.page import page
from app.artifacts.html.tags import line, tag
from app.artifacts.title_block import eyebrow_line


def render_html(document: Document) -> str:
    """Write a document as a page that needs nothing from outside."""
    cleaned = clean_model(document)
    writer = _Writer(cleaned)
    body = "".join((writer.title(), *map(writer.block, cleaned.blocks), writer.sources()))
    title = clean_line(cleaned.title)
    return page(title=title, language=cleaned.language, body=body, body_class="document")


class _Writer:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._fragments = Fragments(document.sources, document.language)
        self._captions: dict[CaptionKind, int] = {"figure": 0, "table": 0}

    def title(self) -> str:
        """Write the title with the lines around it."""
        document = self._document
        subtitle = clean_line(document.subtitle)
        return tag(
            "header",
            tag("p", line(eyebrow_line(document)), class_="eyebrow"),
            tag("h1", line(document.title), dir="auto"),
            tag("p", line(subtitle), class_="subtitle", dir="auto") if subtitle else "",
        )

    def sources(self) -> str:
        """Write the section of sources."""
        return self._fragments.sources()

    def block(self, block: Block) -> str:
        """Write one block."""
        match block:
            case Heading():
                written = tag(f"h{block.level + 1}", line(block.text), dir="auto")
            case Paragraph():
                inside = self._fragments.runs(block.runs)
                written = tag("p", inside, dir="auto") if inside.strip() else ""
            case ListBlock():
                written = self._list(block)
            case Table():
                written = self._table(block) if block.columns else ""
            case Figure():
                written = self._figure(block)
            case Callout():
                written = self._callout(block)
        return written

    def _list(self, block: ListBlock) -> str:
        items = filter(str.strip, map(self._fragments.runs, block.items))
        written = "".join(tag("li", item, dir="auto") for item in items)
        return tag("ol" if block.ordered else "ul", written) if written else ""

    def _callout(self, block: Callout) -> str:
        label = clean_line(block.label)
        head = tag("strong", line(label), class_="label") if label else ""
        runs = self._fragments.runs(block.runs)
        if not head and not runs.strip():
            return ""
        inside = tag("p", head, runs, dir="auto")
        return tag("aside", inside, class_=f"callout {block.tone}", aria_label=label or None)

    def _table(self, block: Table) -> str:
        language = self._document.language
        grid = table_grid(block.columns, block.rows, language, has_total=block.has_total)
        caption = self._caption("table", block.caption, block.source_ids)
        name = clean_line(block.caption) or caption_label("table", language)
        return tag("figure", caption, self._fragments.table(grid, label=name))

    def _figure(self, block: Figure) -> str:
        caption = block.caption or chart_title(block.chart)
        return tag(
            "figure",
            self._fragments.chart(block.chart),
            self._caption("figure", caption, block.source_ids),
        )

    def _caption(self, kind: CaptionKind, caption: str, source_ids: tuple[str, ...]) -> str:
        self._captions[kind] += 1
        language = self._document.language
        label = f"{caption_label(kind, language)} {self._captions[kind]}."
        marks = self._fragments.citations(source_ids)
        source = f" {line(source_label(language))} {marks}" if marks else ""
        return tag("figcaption", tag("strong", line(label)), f" {line(caption)}", source)
