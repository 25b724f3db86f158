"""The last word of a task: what was made, the main points, what is missing and why."""

import re
from collections.abc import Mapping, Sequence

from app.agents.builtin.amounts import trimmed
from app.agents.builtin.deck_space import slide_count_of
from app.agents.builtin.material import Material
from app.agents.results import AgentResult, Synthesis
from app.schemas.source import Language
from app.sources import numbers_in

_MOST_HIGHLIGHTS = 3
_YEAR = re.compile(r"(?:19|20|21)\d{2}")


def synthesise_task(
    material: Material,
    results: Mapping[str, AgentResult],
    missing: Mapping[str, str],
    asked_slides: int | None,
) -> Synthesis:
    """Sum a task up from its results; nothing is claimed that no step made."""
    language = material.language
    made = [_described(result, language) for result in results.values()]
    named = [text for text in made if text]
    lacking = [*_missing(missing, language), *_short_deck(results, asked_slides, language)]
    return Synthesis(
        summary=_summary(named, len(material.file_names()), language, is_partial=bool(missing)),
        highlights=tuple(_highlights(material)),
        missing=(*lacking, *material.gaps),
    )


def _described(result: AgentResult, language: Language) -> str:
    """Name a file with what is in it: "brief.docx (6 sections, 14 sources)"."""
    if not result.artifacts and not (result.document or result.workbook or result.deck):
        return ""
    names = ", ".join(ref.name for ref in result.artifacts)
    contents = _contents(result, language)
    return f"{names} ({contents})" if names else contents


def _contents(result: AgentResult, language: Language) -> str:
    if result.deck is not None:
        slides, sources = slide_count_of(result.deck), len(result.deck.sources)
        return _count(slides, "slide", "슬라이드 {}장", language) + _sourced(sources, language)
    if result.workbook is not None:
        sheets = len(result.workbook.sheets)
        formulas = _formula_count(result)
        text = _count(sheets, "sheet", "시트 {}개", language)
        return f"{text}, {_count(formulas, 'live formula', '수식 {}개', language)}"
    if result.document is not None:
        sections = sum(
            block.kind == "heading" and block.level == 1 for block in result.document.blocks
        )
        text = _count(sections, "section", "{}개 절", language)
        return text + _sourced(len(result.document.sources), language)
    return ""


def _formula_count(result: AgentResult) -> int:
    if result.workbook is None:
        return 0
    tables = [table for sheet in result.workbook.sheets for table in sheet.tables]
    cells = [cell for table in tables for row in table.rows for cell in row]
    kpis = [kpi.value for sheet in result.workbook.sheets for kpi in sheet.kpis]
    return sum(hasattr(content, "expression") for content in (*cells, *kpis))


def _sourced(count: int, language: Language) -> str:
    return f", {_count(count, 'source', '출처 {}개', language)}" if count else ""


def _count(number: int, noun: str, korean: str, language: Language) -> str:
    if language == "ko":
        return korean.format(trimmed(number, 0))
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _summary(named: Sequence[str], files: int, language: Language, *, is_partial: bool) -> str:
    if language == "ko":
        source = f"파일 {files}개"
        if not named:
            return "만든 파일이 없습니다." if is_partial else f"{source}를 읽고 사실을 모았습니다."
        text = f"{source}를 바탕으로 {', '.join(named)}를 만들었습니다."
        return f"{text} 일부 단계는 끝내지 못했습니다." if is_partial else text
    source = _count(files, "file", "", language)
    if not named:
        return "No file was made." if is_partial else f"Read {source} and collected the findings."
    text = f"Made {_joined(named)} from {source}."
    return f"{text} Some steps could not be finished." if is_partial else text


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _highlights(material: Material) -> list[str]:
    """Take the weightiest figures of different columns, then facts of different topics."""
    found: list[str] = []
    told = set()
    for report, insight in material.insights:
        about = (report.table.id, insight.columns)
        if about not in told and len(found) < _MOST_HIGHLIGHTS - bool(material.facts):
            told.add(about)
            found.append(insight.text)
    topics: set[str] = set()
    for fact in material.key_facts:
        is_told = bool(_figures_of(fact.finding.text) & _figures_of(" ".join(found)))
        if len(found) < _MOST_HIGHLIGHTS and fact.finding.topic not in topics and not is_told:
            topics.add(fact.finding.topic)
            found.append(fact.finding.text)
    return found


def _figures_of(text: str) -> set[str]:
    """Return the numbers of a text that are no years."""
    return {number for number in numbers_in(text) if not _YEAR.fullmatch(number)}


def _missing(missing: Mapping[str, str], language: Language) -> list[str]:
    if language == "ko":
        return [f"끝내지 못한 단계 {key}: {reason}" for key, reason in missing.items()]
    return [f"Step {key} was not finished: {reason}" for key, reason in missing.items()]


def _short_deck(
    results: Mapping[str, AgentResult], asked: int | None, language: Language
) -> list[str]:
    """Say when a deck has fewer slides than asked for, because the files hold no more."""
    if asked is None:
        return []
    counts = [slide_count_of(result.deck) for result in results.values() if result.deck is not None]
    short = [count for count in counts if count < asked]
    if language == "ko":
        return [
            f"슬라이드 {asked}장을 요청했지만 파일의 내용으로 채울 수 있는 것은 {count}장입니다."
            for count in short
        ]
    return [f"{asked} slides were asked for; the files fill {count} honestly." for count in short]
