"""Cell notes that say where a figure or a table comes from."""

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from app.artifacts.blocks import Run
from app.artifacts.characters import clean_line, clean_text
from app.artifacts.citations import (
    SourceEntry,
    citation_mark,
    citation_numbers,
    cited_numbers,
    source_entries,
)
from app.artifacts.text_width import line_count
from app.artifacts.themes import HOUSE_THEME
from app.artifacts.xlsx.styles import FONTS
from app.schemas.source import Language, Source

_QUOTE_LIMIT = 600
_WIDTH_PX, _LINE_PX, _LINE_EM = 360, 17, 36
_MOST_LINES = 30


class Citations:
    """The sources of one workbook: numbers, marks and notes."""

    def __init__(self, sources: Sequence[Source], language: Language) -> None:
        self._numbers: Mapping[str, int] = citation_numbers(sources)
        self._language = language
        self.entries: tuple[SourceEntry, ...] = source_entries(sources, language)

    def marked(self, text: str, source_ids: Sequence[str]) -> str:
        """Return one line of text with its marks: "Market size [1]"."""
        mark = citation_mark(cited_numbers(source_ids, self._numbers))
        return f"{clean_line(text)} {mark}".strip()

    def marked_runs(self, runs: Sequence[Run]) -> str:
        """Return the text of runs, each with its marks."""
        return "".join(self._marked_run(run) for run in runs).strip()

    def note_text(self, source_ids: Sequence[str]) -> str:
        """Return the words of a note; nothing for no sources."""
        cited = cited_numbers(source_ids, self._numbers)
        return "\n".join(_entry_text(self.entries[number - 1]) for number in cited)

    def write_note(
        self, sheet: Worksheet, place: tuple[int, int], source_ids: Sequence[str]
    ) -> None:
        """Put a note on a cell, when it has sources."""
        text = self.note_text(source_ids)
        if not text:
            return
        lines = min(line_count(text, _LINE_EM) + 1, _MOST_LINES)
        options = {
            "author": HOUSE_THEME.name,
            "color": f"#{HOUSE_THEME.palette.tint}",
            "font_name": FONTS[self._language],
            "font_size": 9,
            "width": _WIDTH_PX,
            "height": lines * _LINE_PX,
        }
        sheet.write_comment(*place, text, options)

    def _marked_run(self, run: Run) -> str:
        mark = citation_mark(cited_numbers(run.source_ids, self._numbers))
        if not mark:
            return clean_text(run.text)
        text = clean_text(run.text)
        return f"{text.rstrip()} {mark}{' ' if text.endswith(' ') else ''}"


def _entry_text(entry: SourceEntry) -> str:
    place = entry.url or entry.place
    quote = entry.quote
    if len(quote) > _QUOTE_LIMIT:
        quote = quote[:_QUOTE_LIMIT] + "…”"
    head = f"[{entry.number}] {entry.title}"
    return "\n".join(part for part in (f"{head}. {place}" if place else head, quote) if part)
