"""What streaming a workbook does not tell: merged cells, and formulas without results."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers import expat

from app.sources.request import ReadRequest

_MAX_MERGES = 20_000
_CHUNK_BYTES = 1 << 18


@dataclass(slots=True)
class SheetFacts:
    """Merges over several rows as (top, left, bottom), from 1, and formulas without results."""

    vertical_merges: list[tuple[int, int, int]] = field(default_factory=list)
    uncached_formulas: int = 0


def scan_sheets(request: ReadRequest) -> dict[str, SheetFacts]:
    """Scan the sheets of a workbook, by sheet name."""
    with zipfile.ZipFile(request.open()) as archive:
        targets = _sheet_parts(archive)
        known = set(archive.namelist())
        return {name: _scan(archive, part) for name, part in targets.items() if part in known}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def on_sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            relation = next((v for k, v in attributes.items() if _local(k) == "id"), "")
            sheets[attributes.get("name", "")] = relation

    def on_relation(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(archive, "xl/workbook.xml", on_sheet)
    _parse(archive, "xl/_rels/workbook.xml.rels", on_relation)
    return {name: _part_name(targets.get(relation, "")) for name, relation in sheets.items()}


def _part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _scan(archive: zipfile.ZipFile, part: str) -> SheetFacts:
    facts = SheetFacts()
    has_formula = has_value = in_value = False

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal has_formula, has_value, in_value
        name = _local(tag)
        in_value = name == "v"
        if name == "c":
            has_formula = has_value = False
        elif name == "f":
            has_formula = True
        elif name == "mergeCell":
            _add_merge(facts, attributes.get("ref", ""))

    def on_text(text: str) -> None:
        nonlocal has_value
        has_value = has_value or (in_value and bool(text.strip()))

    def on_end(tag: str) -> None:
        if _local(tag) == "c" and has_formula and not has_value:
            facts.uncached_formulas += 1

    _parse(archive, part, on_start, on_end, on_text)
    return facts


def _add_merge(facts: SheetFacts, reference: str) -> None:
    first, _, last = reference.replace("$", "").partition(":")
    top, left = _cell(first)
    bottom, _ = _cell(last or first)
    if bottom > top > 0 and len(facts.vertical_merges) < _MAX_MERGES:
        facts.vertical_merges.append((top, left, bottom))


def _cell(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    digits = reference[len(letters) :]
    return (int(digits) if digits else 0), column


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None] | None = None,
    on_text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = on_text
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk)
    parser.Parse(b"", True)  # noqa: FBT003 - the parameter has no name
