"""Shorten sentences at clause boundaries, without changing what they claim.

Only what explains or adds is dropped: brackets, attributions, "which" and "because" clauses, and
second main clauses. Conditions, limits and contrasts ("if", "unless", "but", "~면", "~지만") stay.
"""

import re

from app.artifacts.text_width import em_width
from app.sources import split_sentences

_BRACKETS = re.compile(r"\s*\([^()]{1,120}\)")
_CONDITION = re.compile(
    r"\b(?:if|unless|only|except|but|although|though|without|until|whether|provided)\b|면\s"
    r"|지만|다만|않는\s한",
    re.IGNORECASE,
)
_EN_TAILS: tuple[re.Pattern[str], ...] = (
    re.compile(r",?\s+according\s+to\s+[^,.;]+(?=[.,;]|$)", re.IGNORECASE),
    re.compile(r",\s+(?:which|who|where|whose)\b[^;]*$", re.IGNORECASE),
    re.compile(r",\s+(?:up|down|compared|against|from)\s[^;]*$", re.IGNORECASE),
    re.compile(r";\s.*$"),
    re.compile(
        r",?\s+(?:because|since|as|so\s+that|to|in\s+order\s+to|by\s+\w+ing)\s[^;]*$", re.IGNORECASE
    ),
    re.compile(r",\s+(?:and|while|whereas)\s[^;]*$", re.IGNORECASE),
    re.compile(r",\s+\w+ing\s[^;]*$", re.IGNORECASE),
    re.compile(r":\s.*$"),
)
_EN_LEADS = re.compile(
    r"^(?:according\s+to\s+[^,]+|in\s+(?:our|their)\s+view|overall|in\s+short|notably"
    r"|importantly|as\s+expected|of\s+course),\s+",
    re.IGNORECASE,
)
_KO_SPLIT = re.compile(r"(?P<stem>[가-힣]*[았었였겠했됐갔왔났렸졌쳤켰])(?:으며|고),?\s+")
_KO_QUOTE = re.compile(r"^[^,.]{2,40}(?:에\s*따르면|에\s*의하면),?\s*")
_END = re.compile(r"[.。]\s*$")
_DIGIT = re.compile(r"\d")
_LEAST_WORDS = 4


def shorten(text: str, most_em: float) -> str:
    """Return the text, or a faithful shorter form of its first sentence, without a full stop.

    It may still be longer than `most_em` when nothing can be dropped; see `fits`.
    """
    first = next(iter(split_sentences(text)), text).strip()
    candidates = [_END.sub("", text.strip())] if first == text.strip() else []
    candidates += [_END.sub("", form) for form in _forms(first)]
    fitting = (form for form in candidates if em_width(form) <= most_em)
    return next(fitting, min(candidates, key=em_width))


def keeps_point(text: str, most_em: float) -> bool:
    """Say whether a text can be said in so little room without losing all its figures."""
    short = shorten(text, most_em)
    return fits(short, most_em) and (not _DIGIT.search(text) or _DIGIT.search(short) is not None)


def fits(text: str, most_em: float) -> bool:
    """Say whether a text is no wider than `most_em`, set on one line."""
    return em_width(text) <= most_em


def _forms(sentence: str) -> list[str]:
    """Return ever shorter forms of a sentence, longest first."""
    forms = [sentence]
    for form in (_BRACKETS.sub("", sentence), *_cuts(_BRACKETS.sub("", sentence))):
        if form != forms[-1] and len(form.split()) >= _LEAST_WORDS:
            forms.append(form)
    return sorted(dict.fromkeys(forms), key=lambda form: -em_width(form))


def _cuts(sentence: str) -> list[str]:
    if re.search(r"[가-힣]", sentence):
        return _korean_cuts(sentence)
    forms, current = [], _EN_LEADS.sub("", sentence)
    current = current[:1].upper() + current[1:]
    if current != sentence:
        forms.append(current)
    for tail in _EN_TAILS:
        match = tail.search(current)
        if match is None or _CONDITION.search(match.group()):
            continue
        shorter = tail.sub("", current).rstrip(" ,;:")
        if _has_verb(shorter):
            current = shorter
            forms.append(current)
    return forms


def _has_verb(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|must|should|do|does|did|"
            r"grew|rose|fell|cut|cost|costs|\w{3,}(?:ed|es|s))\b",
            text,
        )
    )


def _korean_cuts(sentence: str) -> list[str]:
    forms = []
    current = _KO_QUOTE.sub("", sentence)
    if current != sentence:
        forms.append(current)
    match = _KO_SPLIT.search(current)
    if match is not None:
        forms.append(f"{current[: match.end('stem')]}다")
    return forms
