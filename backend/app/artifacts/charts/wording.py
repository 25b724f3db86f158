"""The words and numbers that a chart prints: title, axis labels, value labels."""

from collections.abc import Mapping, Sequence

from app.artifacts.blocks import ChartSpec
from app.artifacts.characters import clean_line
from app.artifacts.charts.scale import Scale, tick_decimals
from app.artifacts.formatting import format_by_code, format_compact, format_number, format_percent
from app.artifacts.text_width import width_pt
from app.schemas.source import Language

_NO_DATA: Mapping[Language, str] = {"en": "No data", "ko": "데이터 없음"}
OTHER: Mapping[Language, str] = {"en": "Other", "ko": "기타"}
_CODE_STEPS = ((1e12, ',,,,"T"'), (1e9, ',,,"B"'), (1e6, ',,"M"'), (1e3, ',"K"'))
_KOREAN_UNITS = ((1e12, "조"), (1e8, "억"), (1e6, "백만"))
_COUNTED_UNITS = ("십", "백", "천", "만", "억", "조")
_WON = frozenset({"원", "KRW", "₩"})
_COMPACT_AXIS_FROM = 1e5
_SCIENTIFIC_BELOW = 1e-4
_SCIENTIFIC_FROM = 1e15


def no_data_text(language: Language) -> str:
    """Say that a chart has nothing to draw."""
    return _NO_DATA[language]


def is_percent(spec: ChartSpec) -> bool:
    """Whether the values are fractions shown as percentages."""
    return "%" in spec.number_format


def chart_title(spec: ChartSpec) -> str:
    """Return the title with the unit, unless the title has it already."""
    title, unit = clean_line(spec.title), clean_line(spec.unit or "")
    if not unit or unit in title or is_percent(spec):
        return title
    return f"{title} ({unit})" if title else unit


def axis_labels(scale: Scale, spec: ChartSpec, language: Language) -> tuple[str, ...]:
    """Label the ticks of a value axis, all in the same form."""
    if is_percent(spec):
        decimals = tick_decimals(tick * 100 for tick in scale.ticks)
        return tuple(format_percent(tick, decimals) for tick in scale.ticks)
    largest = max(abs(scale.low), abs(scale.high))
    if largest >= _COMPACT_AXIS_FROM or largest < 1e-5:
        labels = tuple(format_compact(tick, language) for tick in scale.ticks)
        if len(set(labels)) == len(labels):
            return labels
    decimals = tick_decimals(scale.ticks)
    return tuple(format_number(tick, decimals) for tick in scale.ticks)


def tick_format_code(scale: Scale, spec: ChartSpec, language: Language) -> str:
    """Return the Excel format code for a native value axis, compact where English values are large.

    Format codes scale by thousands only; large Korean values are divided instead (`korean_unit`).
    """
    factor, suffix = (100.0, "%") if is_percent(spec) else (1.0, "")
    largest = max(abs(scale.low), abs(scale.high))
    if not suffix and language == "en" and _COMPACT_AXIS_FROM <= largest < _SCIENTIFIC_FROM:
        divisor, suffix = next(step for step in _CODE_STEPS if largest >= step[0])
        factor = 1.0 / divisor
    if not suffix and (largest < _SCIENTIFIC_BELOW or largest >= _SCIENTIFIC_FROM):
        return "0.0E+00"
    decimals = tick_decimals(tick * factor for tick in scale.ticks)
    fraction = f".{'0' * decimals}" if decimals else ""
    return f"#,##0{fraction}{suffix}"


def korean_unit(spec: ChartSpec, largest: float) -> tuple[float, str] | None:
    """Return the power of ten thousand by which a Korean chart's large values are divided.

    With it comes the unit then: 100,000,000 and "억 원". None where the values are small, or
    where the unit already counts in such powers ("십억 원").
    """
    unit = clean_line(spec.unit or "")
    if is_percent(spec) or unit.startswith(_COUNTED_UNITS):
        return None
    for divisor, word in _KOREAN_UNITS:
        if largest >= divisor * 10:
            return divisor, f"{word} {'원' if unit in _WON else unit}".strip()
    return None


def value_labels(
    values: Sequence[float], spec: ChartSpec, language: Language, *, slot_px: float, size: float
) -> tuple[str, ...] | None:
    """Label values in the longest form of which every one fits its slot; None if none does."""
    forms = (
        tuple(format_by_code(value, spec.number_format) for value in values),
        tuple(
            format_percent(value) if is_percent(spec) else format_compact(value, language)
            for value in values
        ),
    )
    for labels in forms:
        fits = all(width_pt(label, size) <= slot_px for label in labels)
        if fits and not _hides_values(values, labels):
            return labels
    return None


def _hides_values(values: Sequence[float], labels: Sequence[str]) -> bool:
    """Whether rounding shows a value as zero that is not."""
    return any(
        value != 0 and not any(digit in label for digit in "123456789")
        for value, label in zip(values, labels, strict=True)
    )
