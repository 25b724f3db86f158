"""The list of reference pages that are made from the code."""

from collections.abc import Callable
from pathlib import Path

from tools.reference import api, cli, errors, settings

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "api.md": api.render,
    "cli.md": cli.render,
    "errors.md": errors.render,
    "settings.md": settings.render,
}


def write_pages() -> None:
    """Write every page anew."""
    for name, render in PAGES.items():
        (FOLDER / name).write_text(render(), encoding="utf-8")
