"""The command line's words in the chosen language."""

from typing import Literal

from app.cli.messages_en import ENGLISH
from app.cli.messages_ko import KOREAN

Language = Literal["en", "ko"]
CATALOGUES: dict[Language, dict[str, str]] = {"en": ENGLISH, "ko": KOREAN}


def message(key: str, language: Language, **facts: str | int) -> str:
    """Return the words under a key with the facts filled in."""
    return CATALOGUES[language][key].format(**facts)
