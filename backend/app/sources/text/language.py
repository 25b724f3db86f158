"""Korean or English, by the share of Hangul."""

import re

from app.schemas.source import Language

_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_LATIN = re.compile(r"[A-Za-z]")
_KOREAN_ENDING = re.compile(r"(?:줘|세요|시오|다|요|까|기|함|것|해|자|라|음|임)[.!?~\s]*$")
_SAMPLE_CHARS = 20_000
_KOREAN_SHARE = 0.25
_MIXED_SHARE = 0.08


def hangul_share(text: str) -> float:
    """Return the share of Hangul among the Hangul and Latin letters of `text`, 0 when none."""
    sample = text[:_SAMPLE_CHARS]
    hangul = len(_HANGUL.findall(sample))
    letters = hangul + len(_LATIN.findall(sample))
    return hangul / letters if letters else 0.0


def detect_language(text: str) -> Language:
    """Return "ko" when `text` is Korean, else "en".

    A quarter of Hangul letters makes it Korean: a syllable stands for two or three Latin letters.
    Below that, a Korean verb ending at the end decides ("Q3 revenue report 작성해 줘").
    """
    share = hangul_share(text)
    if share >= _KOREAN_SHARE:
        return "ko"
    if share >= _MIXED_SHARE and _KOREAN_ENDING.search(text):
        return "ko"
    return "en"
