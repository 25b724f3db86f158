"""What a reader hands over: blocks in reading order, each with its place."""

from dataclasses import dataclass, field

from app.schemas.source import PassageKind
from app.sources.tables import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """One paragraph, list item or note. `section` is the heading path, " > " between levels."""

    text: str
    locator: str
    section: str = ""
    kind: PassageKind = PassageKind.PARAGRAPH


Block = TextBlock | Grid


@dataclass(slots=True, kw_only=True)
class Reading:
    """All that a reader found in a file, before it is cut into passages."""

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    page_count: int | None = None
    notices: list[str] = field(default_factory=list)


class HeadingPath:
    """The headings above the present place in a document."""

    def __init__(self) -> None:
        self._levels: list[tuple[int, str]] = []

    def enter(self, level: int, text: str) -> None:
        """Go below a heading; deeper and equal headings before it are left."""
        self._levels = [pair for pair in self._levels if pair[0] < level]
        self._levels.append((level, " ".join(text.split())))

    @property
    def path(self) -> str:
        """The path as text: "Market > Demand"."""
        return " > ".join(text for _, text in self._levels)
