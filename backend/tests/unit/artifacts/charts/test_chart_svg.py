import itertools
import math
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.artifacts.blocks import ChartKind, ChartSpec
from app.artifacts.charts import chart_svg
from app.artifacts.text_width import width_pt
from app.artifacts.themes import HOUSE_THEME, css
from tests.factories.artifacts import make_chart

_SVG = "{http://www.w3.org/2000/svg}"
_DARK, _LIGHT = css(HOUSE_THEME.series_colour(0)), css(HOUSE_THEME.series_colour(0, light=True))
_VALUES = st.lists(
    st.none() | st.floats(allow_nan=True, allow_infinity=True), min_size=0, max_size=30
)


def _root(spec: ChartSpec, **options: int) -> etree._Element:
    return etree.fromstring(chart_svg(spec, language="en", **options))


def _texts(root: etree._Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{_SVG}text")]


def _bars(root: etree._Element, fill: str) -> list[etree._Element]:
    return [bar for bar in root.iter(f"{_SVG}rect") if bar.get("fill") == fill]


def _horizontal_extents(root: etree._Element) -> Iterator[tuple[float, float, float]]:
    """Yield baseline, left and right end of every text that is not rotated."""
    for text in root.iter(f"{_SVG}text"):
        if text.get("transform"):
            continue
        x, width = (
            float(text.get("x", "0")),
            width_pt(text.text or "", float(text.get("font-size", "0"))),
        )
        share = {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", ""), 0.0)
        yield float(text.get("y", "0")), x - width * share, x + width * (1 - share)


def _overlaps(root: etree._Element) -> list[tuple[float, float]]:
    found = []
    extents = sorted(_horizontal_extents(root))
    for (y1, left1, right1), (y2, left2, right2) in itertools.pairwise(extents):
        if abs(y1 - y2) < 1 and left2 < right1 - 0.5 and left1 < right2 - 0.5:
            found.append((y1, left2))
    return found


class TestDrawingColumns:
    def test_draws_one_column_a_value_with_its_label(self) -> None:
        root = _root(make_chart(values=((118, None, 231),)))
        assert len(_bars(root, _DARK)) == 2
        assert {"118", "231"} <= set(_texts(root))

    def test_draws_forecasts_lighter(self) -> None:
        root = _root(make_chart(values=((1, 2, 3, 4),), emphasis_from=3))
        assert (len(_bars(root, _DARK)), len(_bars(root, _LIGHT))) == (3, 1)

    def test_lets_negative_columns_hang_from_the_zero_line(self) -> None:
        up, down = _bars(_root(make_chart(values=((10, -5),))), _DARK)
        zero = float(up.get("y", "0")) + float(up.get("height", "0"))
        assert float(down.get("y", "0")) == pytest.approx(zero, abs=0.1)
        assert float(down.get("height", "0")) == pytest.approx(
            float(up.get("height", "0")) / 2, rel=0.01
        )

    def test_shows_a_legend_for_several_series_only(self) -> None:
        assert "Series 1" not in _texts(_root(make_chart()))
        several = _texts(_root(make_chart(values=((1, 2), (3, 4)))))
        assert {"Series 1", "Series 2"} <= set(several)

    @pytest.mark.parametrize("count", [1, 6, 12, 40, 90])
    @pytest.mark.parametrize("word", ["2025", "Category name", "가정용 에너지 저장 장치", "x" * 60])
    def test_keeps_labels_apart(self, count: int, word: str) -> None:
        names = tuple(f"{word} {index}" for index in range(count))
        values = tuple(float(index * 37 % 91) for index in range(count))
        assert not _overlaps(_root(make_chart(values=(values,), categories=names)))

    def test_counts_large_values_in_steps_of_the_language(self) -> None:
        spec = make_chart(values=((52e9, 98e9),))
        assert "100B" in _texts(_root(spec))
        korean = etree.fromstring(chart_svg(spec, language="ko"))
        assert "1,000억" in _texts(korean)

    def test_names_the_unit_once(self) -> None:
        assert "Sales (USD)" in _texts(_root(make_chart(unit="USD")))
        assert "Sales (USD)" in _texts(_root(make_chart(title="Sales (USD)", unit="USD")))

    def test_never_shows_a_small_value_as_zero(self) -> None:
        root = _root(make_chart(values=((1.5e-7, 2e-8),)))
        assert "1.5e-07" in _texts(root)


class TestDrawingBars:
    def test_puts_the_first_category_on_top_and_grows_with_their_number(self) -> None:
        few, many = (
            _root(make_chart(ChartKind.BAR, values=(tuple(map(float, range(1, count + 1))),)))
            for count in (3, 30)
        )
        assert float(many.get("height", "0")) > float(few.get("height", "0"))
        bars = _bars(few, _DARK)
        assert float(bars[0].get("y", "0")) < float(bars[-1].get("y", "0"))

    def test_keeps_names_apart_where_the_height_is_fixed(self) -> None:
        names = tuple(f"Category {index}" for index in range(40))
        spec = make_chart(ChartKind.BAR, values=((1.0,) * 40,), categories=names)
        rows = sorted(
            y for y, _, right in _horizontal_extents(_root(spec, height=320)) if right < 150
        )
        assert all(after - before > 9 for before, after in itertools.pairwise(rows))


class TestDrawingLines:
    def test_breaks_where_a_value_is_missing(self) -> None:
        root = _root(make_chart(ChartKind.LINE, values=((1, 2, None, 4, 5),)))
        strokes = [line for line in root.iter(f"{_SVG}line") if line.get("stroke") == _DARK]
        assert len(strokes) == 2

    def test_marks_a_single_point(self) -> None:
        root = _root(make_chart(ChartKind.LINE, values=((42,),)))
        assert len(list(root.iter(f"{_SVG}circle"))) == 1

    def test_dashes_the_way_into_the_forecast(self) -> None:
        root = _root(make_chart(ChartKind.LINE, values=((1, 2, 3),), emphasis_from=2))
        dashed = [line for line in root.iter(f"{_SVG}line") if line.get("stroke-dasharray")]
        assert len(dashed) == 1

    def test_starts_above_zero_where_values_lie_close_together(self) -> None:
        labels = _texts(_root(make_chart(ChartKind.LINE, values=((98.2, 99.4),))))
        assert "0" not in labels
        assert "0" in _texts(_root(make_chart(values=((98.2, 99.4),))))


class TestDrawingPies:
    def test_shows_shares_that_add_up(self) -> None:
        texts = _texts(_root(make_chart(ChartKind.PIE, values=((45, 20, 18, 7, 10),))))
        shares = [int(text[:-1]) for text in texts if re.fullmatch(r"\d+%", text)]
        assert sum(shares) == 100

    def test_folds_the_smallest_slices_into_one(self) -> None:
        values = tuple(float(value) for value in range(12, 0, -1))
        texts = _texts(_root(make_chart(ChartKind.PIE, values=(values,))))
        assert "Other" in texts
        assert "15" in texts

    def test_leaves_out_what_has_no_share(self) -> None:
        root = _root(make_chart(ChartKind.PIE, values=((5, None, -3, 0),)))
        assert "100%" in _texts(root)


class TestDrawingAnything:
    @pytest.mark.parametrize("kind", list(ChartKind))
    @pytest.mark.parametrize("values", [((),), ((None, None),), ((math.nan, math.inf),), ()])
    def test_says_that_there_is_nothing_to_draw(
        self, kind: ChartKind, values: tuple[tuple[float | None, ...], ...]
    ) -> None:
        spec = make_chart(kind, values=values)
        assert "No data" in _texts(_root(spec))
        assert "데이터 없음" in chart_svg(spec, language="ko")

    def test_escapes_text_and_describes_the_picture(self) -> None:
        root = _root(make_chart(title='A & B <script>"'))
        assert root.get("role") == "img"
        assert root.get("aria-label") == "Sales rise every year."
        assert root.findtext(f"{_SVG}title") == 'A & B <script>"'
        assert root.find(f".//{_SVG}script") is None

    @pytest.mark.parametrize("kind", list(ChartKind))
    @given(values=_VALUES)
    @settings(deadline=None, max_examples=60)
    def test_draws_finite_shapes_for_any_values(
        self, kind: ChartKind, values: list[float | None]
    ) -> None:
        svg = chart_svg(make_chart(kind, values=(tuple(values),)), language="ko")
        assert etree.fromstring(svg) is not None
        assert not re.search(r'="[^"]*\b(nan|inf)\b', svg)

    @given(title=st.text(max_size=120), name=st.text(max_size=60))
    @settings(deadline=None, max_examples=60)
    def test_takes_any_text(self, title: str, name: str) -> None:
        spec = make_chart(title=title, categories=(name, "b"), values=((1, 2),))
        assert etree.fromstring(chart_svg(spec, language="en")) is not None
