"""One stretch of what a deliverable says, with the sources it names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from app.artifacts.blocks import Run, plain_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A paragraph, point, card, heading or headline figure. `is_quote`: a source's own words."""

    place: str
    text: str
    source_ids: tuple[str, ...] = ()
    is_heading: bool = False
    is_quote: bool = False

    def cited_by(self, ids: Iterable[str]) -> Self:
        """Return it with further sources."""
        return replace(self, source_ids=(*self.source_ids, *ids))

    def as_quote(self) -> Self:
        """Return it as a quote."""
        return replace(self, is_quote=True)


def spoken(place: str, runs: tuple[Run, ...], more_ids: Iterable[str] = ()) -> Statement:
    """Return what runs say, with all their sources."""
    ids = tuple(id for run in runs for id in run.source_ids)
    return Statement(place=place, text=plain_text(runs), source_ids=(*ids, *more_ids))
