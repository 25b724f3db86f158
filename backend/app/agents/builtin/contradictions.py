"""Where two files say different numbers of the same thing.

Precision comes first: two sentences must share most of their words, the same years and the same
unit, hold one number of that unit each, and the numbers must be near enough to be of one kind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from app.agents.builtin.amounts import parse_unit
from app.agents.builtin.naming import column_title
from app.agents.builtin.ranking import Floats
from app.agents.builtin.statements import Statement
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.table_view import Point
from app.schemas.source import ColumnKind, Passage, SourceTable, TableColumn
from app.sources import tokens
from app.sources.text import Quantity, quantities_in

_YEAR = re.compile(r"(?<![\d.,])(?:19|20|21)\d{2}(?![\d.,]\d|%)")
_UNIT_AFTER = re.compile(r"\s*([A-Za-z$€£₩%]+|[가-힣]+)")
_MONEY = re.compile(
    r"[$€£₩¥]|\b(?:USD|EUR|GBP|KRW|JPY|won|dollars?|euros?)\b|원|달러|유로|엔", re.IGNORECASE
)
_COUNTERS = re.compile(
    r"^(kWh|MWh|GWh|MW|GW|kW|units?|homes?|households?|people|employees|customers|years?"
    r"|months?|weeks?|days?|hours?|tonnes?|tons?|kg|km|"
    r"가구|대|명|개|건|곳|호|년|개월|주|일|시간|톤|점|회)",
    re.IGNORECASE,
)
_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_NUMBER_WORD = re.compile(
    rf"\b(?:{'|'.join(_NUMBERS)})\b(?=\s+(?:years?|months?|weeks?|days?|hours?|percent|units?"
    rf"|people))",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;]\s+|(?<=[.!?])\s+")
_LEAST_WORDS, _LEAST_NOUN = 3, 4
_LEAST_OVERLAP, _LEAST_OVERLAP_IF_ALIKE, _LEAST_LIKENESS = 0.5, 0.3, 0.72
_SAME_KIND = Decimal(3)
_LEAST_DIFFERENCE = Decimal("0.01")
_MOST = 5


@dataclass(frozen=True, slots=True)
class _Claim:
    """One number in a statement: its unit, the years named and the words around it."""

    statement: Statement
    value: Decimal
    written: str
    unit: str
    years: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two that disagree: a sentence of a file, or a cell of a table."""

    file_name: str
    text: str
    value: str
    passage: Passage | None = None
    table: SourceTable | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two files that give different numbers of the same thing."""

    first: Side
    second: Side | None = None

    @property
    def text(self) -> str:
        """Both sides as one text, to tell disagreements apart."""
        return f"{self.first.text} {self.second.text if self.second else ''}"


def find_contradictions(
    statements: Sequence[Statement], vectors: Floats, reports: Sequence[TableReport]
) -> list[Contradiction]:
    """Return the disagreements between files, at most five, sentences before tables."""
    found = [*_between_sentences(statements, vectors), *_with_tables(statements, reports)]
    found += _between_tables(reports)
    return list({item.text: item for item in found}.values())[:_MOST]


def _between_sentences(statements: Sequence[Statement], vectors: Floats) -> Iterator[Contradiction]:
    claims = [(i, claim) for i, s in enumerate(statements) for claim in _claims(s)]
    used: set[int] = set()
    for (i, one), (j, other) in combinations(claims, 2):
        if i in used or j in used or not _comparable(one, other):
            continue
        if _speak_of_the_same(one, other, float(vectors[i] @ vectors[j])):
            used |= {i, j}
            yield Contradiction(_side(one), _side(other))


def _comparable(one: _Claim, other: _Claim) -> bool:
    is_elsewhere = one.statement.passage.file_id != other.statement.passage.file_id
    return (
        is_elsewhere
        and one.unit == other.unit
        and one.years == other.years
        and _differ(one.value, other.value)
    )


def _differ(one: Decimal, other: Decimal) -> bool:
    low, high = sorted((abs(one), abs(other)))
    return low > 0 and low * _SAME_KIND >= high and (high - low) / high > _LEAST_DIFFERENCE


def _speak_of_the_same(one: _Claim, other: _Claim, likeness: float) -> bool:
    if not one.words or not other.words:
        return False
    shared = len(one.words & other.words)
    overlap = shared / min(len(one.words), len(other.words))
    union = shared / len(one.words | other.words)
    is_alike = likeness >= _LEAST_LIKENESS
    return union >= _LEAST_OVERLAP or (
        is_alike and overlap >= 0.6 and union >= _LEAST_OVERLAP_IF_ALIKE
    )


def _claims(statement: Statement) -> list[_Claim]:
    """Return the numbers of a statement that stand alone in their unit, clause by clause."""
    text = _NUMBER_WORD.sub(lambda found: str(_NUMBERS[found.group().lower()]), statement.text)
    years = frozenset(_YEAR.findall(text))
    claims = []
    for clause in _CLAUSE.split(text):
        words = frozenset(t for t in tokens(clause) if not t[0].isdigit())
        own = frozenset(_YEAR.findall(clause)) or (years if len(years) == 1 else frozenset())
        if len(words) >= _LEAST_WORDS:
            claims += _claims_of(statement, clause, own, words)
    return claims


def _claims_of(
    statement: Statement, clause: str, years: frozenset[str], words: frozenset[str]
) -> list[_Claim]:
    units: dict[str, list[Quantity]] = {}
    for quantity, unit in _with_units(clause):
        units.setdefault(unit, []).append(quantity)
    return [
        _Claim(statement, q.mantissa * q.scale, q.written, unit, years, words)
        for unit, (q, *more) in units.items()
        if not more
    ]


def _with_units(text: str) -> Iterator[tuple[Quantity, str]]:
    at = 0
    for quantity in quantities_in(text):
        start = text.find(quantity.written, at)
        end = start + len(quantity.written)
        at = max(at, end)
        unit = _unit(text, start, end, quantity)
        if unit:
            yield quantity, unit


def _unit(text: str, start: int, end: int, quantity: Quantity) -> str:
    """Return "%", "money", a counted unit, or nothing for years and bare numbers."""
    is_year = quantity.scale == 1 and _YEAR.fullmatch(quantity.written) is not None
    after = _UNIT_AFTER.match(text[end : end + 16])
    word = after.group(1) if after is not None else ""
    near = text[max(0, start - 4) : start] + quantity.written
    if quantity.is_percent or is_year:
        return "%" if quantity.is_percent else ""
    if _MONEY.search(near) or _MONEY.match(word):
        return "money"
    counter = _COUNTERS.match(word)
    if counter is not None:
        return counter.group(1).lower().rstrip("s")
    is_noun = word.islower() and word.isascii() and len(word) >= _LEAST_NOUN and tokens(word)
    return word.rstrip("s") if is_noun else ""


def _side(claim: _Claim) -> Side:
    passage = claim.statement.passage
    return Side(
        file_name=passage.file_name,
        text=claim.statement.text,
        value=claim.written,
        passage=passage,
    )


def _with_tables(
    statements: Sequence[Statement], reports: Sequence[TableReport]
) -> Iterator[Contradiction]:
    for report in reports:
        for statement in statements:
            if statement.passage.file_id != report.table.file_id:
                found = _against_table(statement, report)
                if found is not None:
                    yield found


def _against_table(statement: Statement, report: TableReport) -> Contradiction | None:
    for claim in _claims(statement):
        if len(claim.years) != 1:
            continue
        for series in report.series:
            name = set(tokens(column_title(series.column))) | set(tokens(series.name))
            needed = {t for t in name if not t[0].isdigit()} - {"total", "average", "전체", "평균"}
            if not needed or not needed <= claim.words or not _same_unit(series.column, claim.unit):
                continue
            point = next((p for p in series.points if str(p.period.year) in claim.years), None)
            if point is not None and _differs_from(point, series.column, claim):
                return Contradiction(
                    _table_side(report, series.say(point.value), point), _side(claim)
                )
    return None


def _same_unit(column: TableColumn, unit: str) -> bool:
    if unit == "%":
        return column.kind is ColumnKind.PERCENT
    parsed = parse_unit(column.unit)
    if unit == "money":
        return bool(parsed.currency)
    if not parsed.label:
        return unit in tokens(column_title(column))
    return parsed.label.lower().rstrip("s") == unit


def _differs_from(point: Point, column: TableColumn, claim: _Claim) -> bool:
    if point.period.grain != "year":
        return False
    factor = (
        Decimal(100)
        if column.kind is ColumnKind.PERCENT
        else Decimal(parse_unit(column.unit).scale)
    )
    return _differ(Decimal(repr(point.value)) * factor, claim.value)


def _table_side(report: TableReport, value: str, point: Point) -> Side:
    said = point.period.said(report.language)
    name = next((s.name for s in report.series if point in s.points), report.table.title)
    return Side(
        file_name=report.table.file_name,
        text=f"{name}, {said}: {value}" if report.language == "en" else f"{said} {name}: {value}",
        value=value,
        table=report.table,
        rows=point.rows,
    )


def _between_tables(reports: Sequence[TableReport]) -> Iterator[Contradiction]:
    for one, other in combinations(reports, 2):
        if one.table.file_id == other.table.file_id:
            continue
        pair = _first_difference(one, other)
        if pair is not None:
            yield pair


def _first_difference(one: TableReport, other: TableReport) -> Contradiction | None:
    """Compare the latest period that both tables give of a measure of the same name and unit."""
    for series in one.series:
        for peer in other.series:
            if series.name.lower() != peer.name.lower() or series.column.unit != peer.column.unit:
                continue
            by_period = {p.period.order: p for p in peer.points if len(p.rows) == 1}
            for point in reversed(series.points):
                twin = by_period.get(point.period.order)
                if twin is None or len(point.rows) != 1:
                    continue
                if _differ(Decimal(repr(point.value)), Decimal(repr(twin.value))):
                    return Contradiction(
                        _table_side(one, series.say(point.value), point),
                        _table_side(other, peer.say(twin.value), twin),
                    )
    return None
