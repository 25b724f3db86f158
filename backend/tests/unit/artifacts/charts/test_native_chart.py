import io
from datetime import date

import openpyxl
import pytest
from lxml import etree
from pptx.chart.chart import Chart
from pptx.oxml import parse_xml

from app.artifacts.blocks import ChartKind, ChartSpec
from app.artifacts.charts import NativeChart, native_chart
from app.schemas.source import Language
from tests.factories.artifacts import make_chart

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def _native(spec: ChartSpec, language: Language = "en") -> NativeChart:
    return native_chart(spec, language=language, created_on=date(2026, 11, 24))


def _read(native: NativeChart) -> Chart:
    return Chart(parse_xml(native.xml), None)


def _value_axis_code(native: NativeChart) -> str:
    return str(_read(native).value_axis.tick_labels.number_format)


class TestNativeChart:
    @pytest.mark.parametrize("kind", list(ChartKind))
    def test_reads_back_with_its_values(self, kind: ChartKind) -> None:
        plot = _read(_native(make_chart(kind, values=((1, 2.5, 3),)))).plots[0]
        assert list(plot.categories) == ["C0", "C1", "C2"]
        assert [tuple(series.values) for series in plot.series] == [(1.0, 2.5, 3.0)]

    def test_carries_the_same_values_in_its_workbook(self) -> None:
        native = _native(make_chart(values=((1, None, 3), (4, 5, 6))))
        sheet = openpyxl.load_workbook(io.BytesIO(native.workbook))["Sheet1"]
        assert list(sheet.values) == [
            (None, "Series 1", "Series 2"),
            ("C0", 1, 4),
            ("C1", None, 5),
            ("C2", 3, 6),
        ]

    def test_points_to_the_cells_of_its_workbook(self) -> None:
        root = etree.fromstring(_native(make_chart(values=((1, 2),))).xml)
        references = [node.text for node in root.iter(f"{_CHART}f")]
        assert references == ["Sheet1!$B$1", "Sheet1!$A$2:$A$3", "Sheet1!$B$2:$B$3"]

    def test_is_the_same_for_the_same_chart(self) -> None:
        assert _native(make_chart()) == _native(make_chart())

    def test_shows_large_english_values_in_compact_form(self) -> None:
        assert _value_axis_code(_native(make_chart(values=((1.2e6, 2.4e6),)))) == '#,##0.0,,"M"'

    def test_divides_large_korean_values_and_says_so(self) -> None:
        native = _native(make_chart(values=((52e9, 98e9),), unit="원"), "ko")
        assert native.unit_note == "단위: 억 원"
        assert tuple(_read(native).plots[0].series[0].values) == (520.0, 980.0)

    def test_leaves_korean_values_that_are_counted_already(self) -> None:
        native = _native(make_chart(values=((52e9, 98e9),), unit="십억 원"), "ko")
        assert native.unit_note == ""

    def test_folds_the_small_slices_of_a_pie(self) -> None:
        values = tuple(float(value) for value in range(12, 0, -1))
        plot = _read(_native(make_chart(ChartKind.PIE, values=(values,)), "ko")).plots[0]
        assert list(plot.categories)[-1] == "기타"
        assert sum(plot.series[0].values) == sum(values)

    def test_prints_no_labels_that_would_overlap(self) -> None:
        narrow = tuple(1_234_567.0 for _ in range(5))
        wide = _read(_native(make_chart(values=((1.0, 2.0),))))
        crowded = _read(_native(make_chart(values=(narrow, narrow, narrow)), "ko"))
        assert wide.plots[0].has_data_labels
        assert not crowded.plots[0].has_data_labels
