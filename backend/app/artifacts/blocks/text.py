"""Runs of text with their citations: the smallest part of every artefact."""

from app.schemas.base import Frozen


class Run(Frozen):
    """A stretch of text in one style. `source_ids` name the sources that carry its claim."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None
    source_ids: tuple[str, ...] = ()


def plain_text(runs: tuple[Run, ...]) -> str:
    """Join the text of runs, without marks or citations."""
    return "".join(run.text for run in runs)
