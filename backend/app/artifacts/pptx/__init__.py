"""Decks as .pptx: real titles, native charts and tables, text that fits, a gate."""

from app.artifacts.embedded_sources import read_embedded_sources
from app.artifacts.pptx.gate import check_pptx
from app.artifacts.pptx.rendering import MEDIA_TYPE, render

__all__ = ["MEDIA_TYPE", "check_pptx", "read_embedded_sources", "render"]
