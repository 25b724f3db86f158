"""Mark what comes from files as data, between marks that the data cannot hold."""

import hashlib
from collections.abc import Iterable
from importlib import resources
from string import Template

from app.schemas.source import Language

LANGUAGE_NAMES: dict[Language, str] = {"en": "English", "ko": "Korean"}
MARK_LENGTH = 24


def fence(text: str) -> str:
    """Put `text` between two marks.

    The mark is a hash over the whole text: nobody can write a file that holds the hash of itself,
    and a step that is run again sends the same request.
    """
    mark = hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]
    return f"=== BEGIN DATA {mark} ===\n{text}\n=== END DATA {mark} ==="


def system_prompt(operation: str, language: Language) -> str:
    """Return the rules for all operations and the instructions of one; never text of a file."""
    folder = resources.files("app.agents.prompts")
    parts = [(folder / f"{name}.txt").read_text("utf-8") for name in ("rules", operation)]
    return Template("\n".join(parts)).substitute(language=LANGUAGE_NAMES[language])


def user_prompt(order: Iterable[tuple[str, str]], material: str) -> str:
    """Return the order's lines, one "name: text" each, and the fenced material."""
    lines = [f"{name}: {text}" for name, text in order if text]
    return "\n".join([*lines, "", fence(material)])
