"""Split a formula into tokens. Joined again, the tokens give the formula."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.artifacts.xlsx.formula.errors import UnreadableFormulaError


class TokenKind(StrEnum):
    """What a token is."""

    SPACE = "space"
    NUMBER = "number"
    TEXT = "text"
    SHEET = "sheet"
    CELL = "cell"
    NAME = "name"
    BRACKETS = "brackets"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula as it is written."""

    kind: TokenKind
    text: str


_PATTERNS = (
    (TokenKind.SPACE, r"\s+"),
    (TokenKind.TEXT, r'"(?:[^"]|"")*"'),
    (TokenKind.SHEET, r"'(?:[^']|'')+'!|[^\W\d][\w.]*!"),
    (TokenKind.CELL, r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?![\w.(\[])"),
    (TokenKind.NUMBER, r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"),
    (TokenKind.NAME, r"[^\W\d][\w.]*"),
    (TokenKind.OPERATOR, r"<=|>=|<>|[-+*/^&=<>%(),:]"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS))
_BRACKET_STEP = {"[": 1, "]": -1}


def tokenize(formula: str) -> tuple[Token, ...]:
    """Split a formula, with or without its leading "=".

    Raises:
        UnreadableFormulaError: a character belongs to no known token.
    """
    text = formula.removeprefix("=")
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        token = _next_token(text, place)
        tokens.append(token)
        place += len(token.text)
    return tuple(tokens)


def _next_token(text: str, place: int) -> Token:
    if text[place] == "[":
        return Token(TokenKind.BRACKETS, text[place : _closing_bracket(text, place) + 1])
    match = _TOKEN.match(text, place)
    if match is None or match.lastgroup is None:
        message = f"cannot read {text[place : place + 20]!r}"
        raise UnreadableFormulaError(message)
    return Token(TokenKind(match.lastgroup), match.group())


def _closing_bracket(text: str, place: int) -> int:
    depth = 0
    index = place
    while index < len(text):
        if text[index] == "'":
            index += 2
            continue
        depth += _BRACKET_STEP.get(text[index], 0)
        if depth == 0:
            return index
        index += 1
    message = "a bracket is not closed"
    raise UnreadableFormulaError(message)
