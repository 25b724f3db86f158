"""A chart as data: rendered natively in xlsx and pptx, as a picture in docx, as SVG in HTML."""

from enum import StrEnum

from pydantic import model_validator

from app.schemas.base import Frozen


class ChartKind(StrEnum):
    """The chart types that every renderer draws."""

    COLUMN = "column"
    BAR = "bar"
    LINE = "line"
    PIE = "pie"


class ChartSeries(Frozen):
    """One named run of values, one per category; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]


class ChartSpec(Frozen):
    """A chart. `number_format` is an Excel format code; `alt_text` says what it shows in words.

    `emphasis_from` is the index of the first category drawn lighter (forecasts), if any.
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    number_format: str = "#,##0"
    unit: str | None = None
    alt_text: str
    emphasis_from: int | None = None

    @model_validator(mode="after")
    def _values_match_categories(self) -> "ChartSpec":
        for series in self.series:
            if len(series.values) != len(self.categories):
                message = (
                    f"series {series.name!r} has {len(series.values)} values "
                    f"for {len(self.categories)} categories"
                )
                raise ValueError(message)
        return self
