"""Write a formula as the file holds it: cleaned names, full structured references."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.artifacts.xlsx.formula.functions import NEWER_FUNCTIONS
from app.artifacts.xlsx.formula.parse import sheet_name
from app.artifacts.xlsx.formula.structured import (
    StructuredReference,
    parse_brackets,
    write_reference,
)
from app.artifacts.xlsx.formula.tokens import Token, TokenKind, tokenize


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMap:
    """Names as the author wrote them, and as the file has them.

    `own_table` is the table that the formula stands in, if any. `columns` is by the file's table
    name.
    """

    sheets: Mapping[str, str]
    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    own_table: str | None = None


def rewrite_formula(formula: str, names: NameMap) -> str:
    """Return the formula with "=", every name as the file has it.

    Raises:
        UnreadableFormulaError: the formula cannot be split.
    """
    tokens = tokenize(formula)
    return "=" + "".join(_rewritten(tokens, names))


def _rewritten(tokens: tuple[Token, ...], names: NameMap) -> Iterator[str]:
    for place, token in enumerate(tokens):
        following = tokens[place + 1].kind if place + 1 < len(tokens) else None
        previous = tokens[place - 1] if place else None
        if token.kind is TokenKind.SHEET:
            yield quoted_sheet(names.sheets.get(sheet_name(token.text), sheet_name(token.text)))
        elif token.kind is TokenKind.BRACKETS:
            named = previous is not None and previous.kind is TokenKind.NAME
            yield _reference(previous.text if named and previous else None, token.text, names)
        elif not (token.kind is TokenKind.NAME and following is TokenKind.BRACKETS):
            yield _as_stored(token)


def _as_stored(token: Token) -> str:
    newer = token.kind is TokenKind.NAME and token.text.upper() in NEWER_FUNCTIONS
    return f"_xlfn.{token.text}" if newer else token.text


def _reference(table: str | None, brackets: str, names: NameMap) -> str:
    reference = parse_brackets(table, brackets)
    name = names.own_table if table is None else names.tables.get(table, table)
    return write_reference(_with_columns(replace(reference, table=name), names))


def _with_columns(reference: StructuredReference, names: NameMap) -> StructuredReference:
    known = names.columns.get(reference.table or "", {})
    first, last = reference.first_column, reference.last_column
    return replace(
        reference,
        first_column=first if first is None else known.get(first, first),
        last_column=last if last is None else known.get(last, last),
    )


def quoted_sheet(name: str) -> str:
    """Write a sheet prefix: 'My sheet'!."""
    escaped = name.replace("'", "''")
    return f"'{escaped}'!"
