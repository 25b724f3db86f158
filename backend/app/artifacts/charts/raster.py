"""Charts as PNG, through Typst's SVG renderer and the fonts it finds."""

import re
from dataclasses import dataclass
from functools import cache

import typst

from app.artifacts.blocks import ChartSpec
from app.artifacts.charts.canvas import FONT_FAMILIES
from app.artifacts.charts.chart import DEFAULT_WIDTH, chart_svg
from app.core.errors import Unavailable
from app.schemas.source import Language

_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")"""
_PX_PER_INCH = 96.0
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
    f'<text x="5" y="30" font-size="20" font-family="{FONT_FAMILIES[0]}">'
    "{syllable}</text></svg>"
)


class ChartFontMissing(Unavailable):
    """No font on this machine has the letters of a chart."""

    code = "chart_font_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class FontSource:
    """Where fonts are looked for: folders, and the machine's own fonts."""

    folders: tuple[str, ...] = ()
    use_system: bool = True


SYSTEM_FONTS = FontSource()


def chart_png(
    spec: ChartSpec,
    *,
    language: Language,
    width: int = DEFAULT_WIDTH,
    height: int | None = None,
    fonts: FontSource = SYSTEM_FONTS,
) -> bytes:
    """Draw a chart as PNG at two pixels a unit.

    Latin text needs no fonts of the machine: the renderer brings some. Hangul does; where no font
    has it the letters would be left out without a word.

    Raises:
        ChartFontMissing: The chart has Hangul and no font was found for it.
    """
    svg = chart_svg(spec, language=language, width=width, height=height)
    if _HANGUL.search(svg) and not has_hangul_font(fonts):
        message = (
            "No font with Korean letters was found for this chart. Install one, for example "
            "Noto Sans CJK, or name its folder."
        )
        raise ChartFontMissing(message)
    return _rasterise(svg, fonts, scale=2.0)


@cache
def has_hangul_font(fonts: FontSource = SYSTEM_FONTS) -> bool:
    """Whether Hangul can be drawn: two different syllables must give two different pictures."""
    pictures = {
        _rasterise(_PROBE.format(syllable=syllable), fonts, scale=1.0) for syllable in "가힣"
    }
    return len(pictures) == 2


@cache
def _book(fonts: FontSource) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=fonts.use_system, font_paths=list(fonts.folders))


def _rasterise(svg: str, fonts: FontSource, *, scale: float) -> bytes:
    compiler = typst.Compiler(_PAGE, font_paths=_book(fonts), sys_inputs={"svg": svg})
    picture = compiler.compile(format="png", ppi=_PX_PER_INCH * scale)
    if not isinstance(picture, bytes):
        message = f"the chart became {type(picture).__name__} instead of one picture"
        raise TypeError(message)
    return picture
