"""The house look: one object that every renderer reads, so that all files match.

Colours are RRGGBB without "#", as OOXML writes them; `css` adds the sign. Sizes are in points.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of the house."""

    title: str = "1E1B4B"
    accent: str = "4338CA"
    accent_mid: str = "818CF8"
    accent_light: str = "A5B4FC"
    tint: str = "EEF2FF"
    text: str = "334155"
    strong: str = "1E293B"
    muted: str = "64748B"
    rule: str = "CBD5E1"
    grid: str = "E2E8F0"
    header_fill: str = "F1F5F9"
    white: str = "FFFFFF"
    warning: str = "B45309"
    warning_tint: str = "FEF3C7"
    series: tuple[str, ...] = (
        "4338CA",
        "F59E0B",
        "0D9488",
        "DB2777",
        "64748B",
        "0EA5E9",
        "84CC16",
        "7C3AED",
    )
    series_light: tuple[str, ...] = (
        "A5B4FC",
        "FCD34D",
        "5EEAD4",
        "F9A8D4",
        "CBD5E1",
        "7DD3FC",
        "BEF264",
        "C4B5FD",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSizes:
    """Type sizes of written documents, in points."""

    title: float = 24.0
    heading_1: float = 15.0
    heading_2: float = 12.5
    heading_3: float = 11.0
    body: float = 10.5
    table: float = 9.5
    caption: float = 9.0
    eyebrow: float = 9.5
    subtitle: float = 12.0
    footer: float = 8.5
    source: float = 9.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckSizes:
    """Type sizes of slides, in points."""

    cover_title: float = 40.0
    cover_subtitle: float = 20.0
    title: float = 28.0
    eyebrow: float = 12.0
    body: float = 18.0
    card_number: float = 22.0
    card_title: float = 18.0
    card_body: float = 14.0
    kpi: float = 28.0
    kpi_label: float = 12.0
    table: float = 13.0
    quote: float = 26.0
    footer: float = 10.0
    chart: float = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Everything that decides how a file looks, apart from its content."""

    name: str = "Madang"
    latin_font: str = "Pretendard"
    east_asian_font: str = "Malgun Gothic"
    palette: Palette = field(default_factory=Palette)
    document: DocumentSizes = field(default_factory=DocumentSizes)
    deck: DeckSizes = field(default_factory=DeckSizes)

    def series_colour(self, index: int, *, light: bool = False) -> str:
        """Return the colour of the series at `index`; colours repeat when they run out."""
        colours = self.palette.series_light if light else self.palette.series
        return colours[index % len(colours)]


def css(colour: str) -> str:
    """Write an RRGGBB colour as CSS and SVG want it."""
    return f"#{colour}"


HOUSE_THEME = Theme()
