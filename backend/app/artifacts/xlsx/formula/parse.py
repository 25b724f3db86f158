"""Read a formula into its syntax tree: precedence climbing with the spreadsheet's own order.

A sign binds tighter than a power (=-2^2 is 4), and powers group from the left, as in Excel.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.artifacts.xlsx.formula.errors import UnreadableFormulaError
from app.artifacts.xlsx.formula.structured import StructuredReference, parse_brackets
from app.artifacts.xlsx.formula.syntax import (
    Binary,
    Call,
    CellRange,
    Constant,
    Expression,
    Unary,
)
from app.artifacts.xlsx.formula.tokens import Token, TokenKind, tokenize

_PRECEDENCE = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1),
    "&": 2,
    **dict.fromkeys("+-", 3),
    **dict.fromkeys("*/", 4),
    "^": 5,
}
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_TRUTH = {"TRUE": True, "FALSE": False}
_MAX_NESTING = 64


@lru_cache(maxsize=4096)
def parse_formula(formula: str) -> Expression:
    """Read a formula.

    Raises:
        UnreadableFormulaError: it is no formula that this calculator knows.
    """
    parser = _Parser(
        tuple(token for token in tokenize(formula) if token.kind is not TokenKind.SPACE)
    )
    expression = parser.expression()
    parser.expect_end()
    return expression


def called_functions(expression: Expression | None) -> Iterator[str]:
    """List the functions that an expression calls, with repeats."""
    match expression:
        case Unary(operand=operand):
            yield from called_functions(operand)
        case Binary(left=left, right=right):
            yield from called_functions(left)
            yield from called_functions(right)
        case Call(function=function, arguments=arguments):
            yield function
            for argument in arguments:
                yield from called_functions(argument)


class _Parser:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._place = 0
        self._nesting = 0

    def expression(self, minimum: int = 1) -> Expression:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            message = f"more than {_MAX_NESTING} levels of nesting"
            raise UnreadableFormulaError(message)
        left = self._signed()
        while (precedence := _PRECEDENCE.get(self._operator(), 0)) >= minimum:
            operator = self._take().text
            left = Binary(operator, left, self.expression(precedence + 1))
        self._nesting -= 1
        return left

    def expect_end(self) -> None:
        if self._place < len(self._tokens):
            message = f"cannot read {self._tokens[self._place].text!r}"
            raise UnreadableFormulaError(message)

    def _signed(self) -> Expression:
        signs = []
        while self._operator() in {"+", "-"}:
            signs.append(self._take().text)
        operand = self._primary()
        for sign in reversed(signs):
            operand = Unary(sign, operand)
        while self._operator() == "%":
            self._take()
            operand = Unary("%", operand)
        return operand

    def _primary(self) -> Expression:
        token = self._take()
        match token.kind:
            case TokenKind.NUMBER:
                return Constant(float(token.text))
            case TokenKind.TEXT:
                return Constant(token.text[1:-1].replace('""', '"'))
            case TokenKind.SHEET | TokenKind.CELL:
                return self._range(token)
            case _:
                return self._named(token)

    def _named(self, token: Token) -> Expression:
        if token.text == "(":
            inside = self.expression()
            self._expect(")")
            return inside
        if token.kind is TokenKind.BRACKETS:
            return parse_brackets(None, token.text)
        if token.kind is not TokenKind.NAME:
            message = f"cannot read {token.text!r}"
            raise UnreadableFormulaError(message)
        return self._name(token.text)

    def _name(self, name: str) -> Expression:
        if self._operator() == "(":
            self._take()
            return Call(name.upper().removeprefix("_XLFN."), self._arguments())
        following = self._peek()
        if following is not None and following.kind is TokenKind.BRACKETS:
            return parse_brackets(name, self._take().text)
        if name.upper() in _TRUTH:
            return Constant(_TRUTH[name.upper()])
        return StructuredReference(table=name)

    def _arguments(self) -> tuple[Expression | None, ...]:
        if self._operator() == ")":
            self._take()
            return ()
        arguments = [self._argument()]
        while self._operator() == ",":
            self._take()
            arguments.append(self._argument())
        self._expect(")")
        return tuple(arguments)

    def _argument(self) -> Expression | None:
        return None if self._operator() in {",", ")"} else self.expression()

    def _range(self, token: Token) -> CellRange:
        sheet = None
        if token.kind is TokenKind.SHEET:
            sheet = sheet_name(token.text)
            token = self._take()
        row, column = self._cell(token)
        last_row, last_column = row, column
        if self._operator() == ":":
            self._take()
            last_row, last_column = self._cell(self._take())
        return CellRange(
            sheet=sheet,
            first_row=min(row, last_row),
            first_column=min(column, last_column),
            last_row=max(row, last_row),
            last_column=max(column, last_column),
        )

    def _cell(self, token: Token) -> tuple[int, int]:
        match = _CELL.fullmatch(token.text.upper())
        if token.kind is not TokenKind.CELL or match is None:
            message = f"{token.text!r} is no cell"
            raise UnreadableFormulaError(message)
        return int(match.group(2)), column_number(match.group(1))

    def _peek(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _operator(self) -> str:
        token = self._peek()
        return token.text if token is not None and token.kind is TokenKind.OPERATOR else ""

    def _take(self) -> Token:
        token = self._peek()
        if token is None:
            message = "the formula ends too early"
            raise UnreadableFormulaError(message)
        self._place += 1
        return token

    def _expect(self, text: str) -> None:
        if self._take().text != text:
            message = f"a {text!r} is missing"
            raise UnreadableFormulaError(message)


def sheet_name(token_text: str) -> str:
    """Return the name in a sheet prefix: 'My sheet'! is My sheet."""
    name = token_text[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def column_number(letters: str) -> int:
    """Return the number of a column, from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
