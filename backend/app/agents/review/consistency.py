"""The same named figure must be the same in every deliverable of a task.

Headline figures are compared by their label. Cells are compared where two grids are the same
table: they name the same rows, and most of their common cells agree. A summary of other years
under the same names has other values everywhere, and is no contradiction.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.agents.results import AgentResult
from app.agents.review.amounts import can_agree
from app.agents.review.content import Content, content_of
from app.agents.review.grids import Cell, Grid
from app.agents.review.statement import Statement
from app.agents.review.wording import fault
from app.schemas.review import Fault, FaultCode
from app.schemas.source import Language
from app.sources import quantities_in

_IN_BRACKETS = re.compile(r"\([^)]*\)")
_NOT_WORD = re.compile(r"[^\w%]+")
_LEAST_LABEL = 6
_LEAST_AGREEING = 2
_SAYS = (
    r"\s*(?:(?:is|was|were|are|of|at|reached|came\s+to|amounts?\s+to|totall?ed)\s+|[:=]\s*|[은는이가]\s+)"
    r"(?:about\s+|약\s*)?(?P<amount>[^\s\d]{0,4}\s?\d[^;!?。]{0,60})"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A deliverable with the name it is known by."""

    name: str
    content: Content


def consistency_faults(content: Content, others: Sequence[Named]) -> Iterator[Fault]:
    """Yield the figures of a deliverable that others give otherwise."""
    told: set[str] = set()
    for other in others:
        for name, here, there in _differences(content, other.content):
            if name in told:
                continue
            told.add(name)
            yield fault(
                FaultCode.FIGURES_DIFFER,
                content.language,
                place=name,
                written=here,
                expected=there,
                name=name,
                other=other.name,
            )


def named_deliverables(results: Mapping[str, AgentResult]) -> tuple[Named, ...]:
    """Return the deliverables among results, by file name; workbooks first: they calculate."""
    found = []
    for key, result in results.items():
        content = content_of(result)
        if content is not None:
            name = result.artifacts[0].name if result.artifacts else key
            found.append((result.workbook is None, Named(name, content)))
    return tuple(named for _, named in sorted(found, key=lambda pair: pair[0]))


def inconsistencies(results: Mapping[str, AgentResult], language: Language) -> tuple[str, ...]:
    """Say, in sentences, which figures differ between any two deliverables."""
    made = named_deliverables(results)
    said: dict[str, str] = {}
    for place, named in enumerate(made):
        for other in made[:place]:
            for name, here, there in _differences(named.content, other.content):
                said.setdefault(
                    name,
                    _SENTENCES[language].format(
                        name=name, first=named.name, here=here, second=other.name, there=there
                    ),
                )
    return tuple(said.values())


_SENTENCES: Mapping[Language, str] = {
    "en": "{name}: {here} in {first}, {there} in {second}.",
    "ko": "{name}: {first}에는 {here}, {second}에는 {there}입니다.",
}

Difference = tuple[str, str, str]


def _differences(here: Content, there: Content) -> Iterator[Difference]:
    """Yield name, our figure and theirs, of each that differs."""
    headlines = _headlines(there)
    for label, cell in _headlines(here).items():
        other = headlines.get(label)
        if other is not None and not can_agree(cell, other):
            yield cell.row, cell.shown, other.shown
    for grid in here.grids:
        for other_grid in there.grids:
            yield from _cell_differences(grid, other_grid)
    for label, cell in headlines.items():
        if len(label) >= _LEAST_LABEL:
            yield from _spoken_differences(here.statements, cell)


def _headlines(content: Content) -> dict[str, Cell]:
    """Return the headline figures by label; a label used for two amounts names neither."""
    found: dict[str, Cell] = {}
    torn: set[str] = set()
    for grid in content.grids:
        for cell in grid.cells if not grid.title else ():
            label = _folded(cell.row)
            if label in found and not can_agree(found[label], cell):
                torn.add(label)
            found.setdefault(label, cell)
    return {label: cell for label, cell in found.items() if label and label not in torn}


def _cell_differences(grid: Grid, other: Grid) -> Iterator[Difference]:
    ours, theirs = _by_name(grid), _by_name(other)
    for column in dict.fromkeys(column for _, column in ours):
        common = [key for key in ours if key[1] == column and key in theirs]
        wrong = [key for key in common if not can_agree(ours[key], theirs[key])]
        agreeing = len(common) - len(wrong)
        if not wrong or agreeing < _LEAST_AGREEING or agreeing < len(wrong):
            continue
        for key in wrong:
            cell = ours[key]
            yield f"{cell.row} · {cell.column}", cell.shown, theirs[key].shown


def _by_name(grid: Grid) -> dict[tuple[str, str], Cell]:
    """Return the cells by row and column; rows of the same name name nothing."""
    found: dict[tuple[str, str], Cell] = {}
    repeated: set[tuple[str, str]] = set()
    for cell in grid.cells if grid.title else ():
        key = (_folded(cell.row), _folded(cell.column))
        if key in found:
            repeated.add(key)
        found[key] = cell
    return {key: cell for key, cell in found.items() if all(key) and key not in repeated}


def _spoken_differences(statements: Sequence[Statement], cell: Cell) -> Iterator[Difference]:
    """Yield a figure that prose states right after its label: "Total revenue was 1,300"."""
    label = r"[\s,:·-]+".join(map(re.escape, _IN_BRACKETS.sub(" ", cell.row).split()))
    pattern = re.compile(rf"(?<!\w){label}(?:\s*\([^)]*\))?{_SAYS}", re.IGNORECASE)
    for statement in statements:
        if statement.is_heading or statement.text.startswith(f"{cell.row}: "):
            continue
        for match in pattern.finditer(statement.text):
            stated = quantities_in(match.group("amount"))
            shown = [Cell(row=cell.row, column="", shown=quantity.written) for quantity in stated]
            # "8 of the 12 million" may name other things before the amount itself.
            is_share = bool(stated) and stated[0].is_percent and not cell.is_fraction
            if not is_share and not any(can_agree(one, cell) for one in shown):
                yield cell.row, shown[0].shown, cell.shown


def _folded(name: str) -> str:
    return _NOT_WORD.sub(" ", _IN_BRACKETS.sub(" ", name)).strip().casefold()
