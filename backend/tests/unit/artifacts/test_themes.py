import re
from dataclasses import FrozenInstanceError, fields

import pytest

from app.artifacts.themes import HOUSE_THEME, Palette, css


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestHouseTheme:
    def test_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            HOUSE_THEME.name = "other"  # type: ignore[misc]  # that it fails is the point

    def test_writes_colours_as_office_files_do(self) -> None:
        for field in fields(Palette):
            value = getattr(HOUSE_THEME.palette, field.name)
            for colour in (value,) if isinstance(value, str) else value:
                assert re.fullmatch("[0-9A-F]{6}", colour)
        assert css("4338CA") == "#4338CA"

    def test_text_can_be_read_on_every_ground_it_stands_on(self) -> None:
        palette = HOUSE_THEME.palette
        pairs = [
            (palette.text, palette.white),
            (palette.muted, palette.white),
            (palette.accent, palette.tint),
            (palette.strong, palette.header_fill),
            (palette.warning, palette.warning_tint),
            (palette.accent_light, palette.title),
        ]
        assert all(_contrast(front, ground) >= 4.5 for front, ground in pairs)

    def test_repeats_series_colours_when_they_run_out(self) -> None:
        count = len(HOUSE_THEME.palette.series)
        assert HOUSE_THEME.series_colour(count) == HOUSE_THEME.series_colour(0)
        assert HOUSE_THEME.series_colour(0, light=True) == HOUSE_THEME.palette.accent_light
