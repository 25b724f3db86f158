"""Korean particles: chosen by the sound that the word before them ends in."""

import re
from collections.abc import Mapping

_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS = 0xAC00, 0xD7A3, 28
_RIEUL = 8
_TRAILING = re.compile(r"[\s\"'\u201c\u201d\u2018\u2019\u300d\u300f\])>.,:;!?\u2026]+$")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
# Digits as they are read: 영 일 이 삼 사 오 육 칠 팔 구. True: ends in a consonant.
_DIGIT_FINAL: Mapping[str, bool] = {
    "0": True, "1": True, "2": False, "3": True, "4": False,
    "5": False, "6": True, "7": True, "8": True, "9": False,
}  # fmt: skip
_RIEUL_DIGITS = frozenset("178")
_SIGNS_FINAL: Mapping[str, bool] = {"%": False, "℃": False, "$": False, "€": False, "₩": True}
_UNITS_FINAL: Mapping[str, bool] = {
    "kg": True, "g": True, "mg": True, "ton": True, "kwh": False, "mwh": False, "gwh": False,
    "kw": False, "mw": False, "gw": False, "km": False, "cm": False, "mm": False, "m": False,
    "usd": False, "eur": False, "krw": False, "kpi": False, "roi": False, "ai": False,
}  # fmt: skip
_LETTER_NAMES_WITH_FINAL = frozenset("LMNR")
_LETTER_NAMES_WITH_RIEUL = frozenset("LR")
# Endings that are read with a final consonant: Male is 메일, time is 타임, line is 라인.
_FINAL_ENDINGS = ("l", "m", "n", "ng", "le", "me", "ne")
_SPELT = re.compile(r"[A-Z]+$")
_LATIN = re.compile(r"[A-Za-z]+$")
_PARTICLES: Mapping[str, tuple[str, str]] = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이며": ("이며", "며"),
    "이라": ("이라", "라"),
}


def with_particle(word: str, particle: str) -> str:
    """Join a particle, named by its form after a consonant ("은", "이", "을", "과", "으로")."""
    return word + particle_for(word, particle)


def particle_for(word: str, particle: str) -> str:
    """Return the form of `particle` that follows `word`."""
    after_consonant, after_vowel = _PARTICLES[particle]
    final, is_rieul = _ending(word)
    if particle == "으로" and is_rieul:
        return after_vowel
    return after_consonant if final else after_vowel


def _ending(word: str) -> tuple[bool, bool]:
    """Return whether the word is read with a final consonant, and whether that is ㄹ."""
    stem = _spoken_end(word)
    last = stem[-1:]
    code = ord(last) if last else 0
    if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        final = (code - _FIRST_SYLLABLE) % _FINALS
        return final != 0, final == _RIEUL
    if last in _DIGIT_FINAL:
        return _DIGIT_FINAL[last], last in _RIEUL_DIGITS
    if last in _SIGNS_FINAL:
        return _SIGNS_FINAL[last], False
    return _latin_ending(stem)


def _spoken_end(word: str) -> str:
    """Drop what is not read aloud at the end: brackets, quotes, stops."""
    stem = _TRAILING.sub("", word) if not word.rstrip().endswith((")", "]")) else word
    without = _BRACKETED.sub("", stem)
    return _TRAILING.sub("", without or stem)


def _latin_ending(stem: str) -> tuple[bool, bool]:
    word = _LATIN.search(stem)
    if word is None:
        return False, False
    known = _UNITS_FINAL.get(word.group().lower())
    if known is not None:
        return known, False
    if _SPELT.search(stem) and word.group().isupper():
        last = word.group()[-1]
        return last in _LETTER_NAMES_WITH_FINAL, last in _LETTER_NAMES_WITH_RIEUL
    read = word.group().lower()
    return read.endswith(_FINAL_ENDINGS), read.endswith(("l", "le"))
