import io

import pytest
from PIL import Image

from app.artifacts.charts import ChartFontMissing, FontSource, chart_png, has_hangul_font
from tests.factories.artifacts import make_chart

_BARE_MACHINE = FontSource(use_system=False)


class TestChartPng:
    def test_draws_two_pixels_a_unit(self) -> None:
        picture = Image.open(io.BytesIO(chart_png(make_chart(), language="en", width=400)))
        assert picture.format == "PNG"
        assert picture.size == (800, 640)

    def test_draws_latin_text_without_any_font_of_the_machine(self) -> None:
        named, blank = (
            chart_png(make_chart(title=title), language="en", fonts=_BARE_MACHINE)
            for title in ("Sales", "")
        )
        assert named != blank

    def test_refuses_to_leave_korean_letters_out(self) -> None:
        with pytest.raises(ChartFontMissing, match="Noto Sans CJK"):
            chart_png(make_chart(title="매출"), language="ko", fonts=_BARE_MACHINE)

    def test_sees_that_a_bare_machine_has_no_hangul(self) -> None:
        assert not has_hangul_font(_BARE_MACHINE)
