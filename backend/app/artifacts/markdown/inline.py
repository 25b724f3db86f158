"""Runs as Markdown: emphasis where Markdown can carry it, links, citation marks."""

from collections.abc import Mapping

from app.artifacts.blocks import Run
from app.artifacts.citations import citation_mark, cited_numbers
from app.artifacts.links import safe_href
from app.artifacts.markdown.escape import escape_inline, guard_line_start, link_target

_OPENS_LINK = ("(", ":")


def inline(runs: tuple[Run, ...], numbers: Mapping[str, int]) -> str:
    """Write runs as one paragraph; empty runs give empty text."""
    written = ""
    after_mark = False
    for index, run in enumerate(runs):
        following = next((one.text for one in runs[index + 1 :] if one.text), "")
        text = _run(run, written, "" if run.source_ids else following)
        if after_mark and text.startswith(_OPENS_LINK):
            text = f"\\{text}"
        if written.endswith("!") and text.startswith("["):
            written = f"{written[:-1]}\\!"
        mark = citation_mark(cited_numbers(run.source_ids, numbers))
        after_mark = bool(mark) or (after_mark and not text)
        written += text + mark
    return "\n".join(guard_line_start(line) for line in written.strip().split("\n"))


def _run(run: Run, before: str, following: str) -> str:
    core = run.text.strip()
    if not core:
        return " " if run.text else ""
    text = escape_inline(core)
    href = safe_href(run.href)
    marks = "*" * ((2 if run.bold else 0) + (1 if run.italic else 0))
    opening = run.text[: len(run.text) - len(run.text.lstrip())]
    closing = run.text[len(run.text.rstrip()) :]
    around = ("", "") if href else (before + opening, closing + following)
    if marks and _can_emphasise(core, *around):
        text = f"{marks}{text}{marks}"
    if href:
        text = f"[{text}]({link_target(href)})"
    return f"{' ' if opening else ''}{text}{' ' if closing else ''}"


def _can_emphasise(core: str, before: str, following: str) -> bool:
    """Whether marks around the text would be read as emphasis.

    Marks beside punctuation inside and a letter outside are not, which is common in Korean
    ("**(주)**은"); such text stays without emphasis. So does text beside other marks.
    """
    if "\n" in core or before.endswith("*") or (not core[0].isascii() and not core[0].isalnum()):
        return False
    opens = core[0].isalnum() or not before or before[-1].isspace()
    closes = core[-1].isalnum() or not following or following[0].isspace()
    return opens and closes
