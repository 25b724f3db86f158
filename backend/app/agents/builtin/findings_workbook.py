"""A workbook of findings, for files that hold no tables: statements, sources, counts by topic."""

from collections.abc import Sequence
from datetime import date

from app.agents.builtin.formulas import can_be_matched, column_of, condition, formula
from app.agents.builtin.workbook_words import WorkbookWords, workbook_words
from app.agents.results import Finding
from app.artifacts.blocks import ChartKind, Kpi, Run, Sheet, SheetChart, SheetTable, Workbook
from app.schemas.locator import shown_locator
from app.schemas.source import ColumnKind, Language, Source, TableColumn

_TABLE, _COUNTS = "Findings", "ByTopic"
_MOST_TOPICS = 12


def findings_workbook(
    title: str,
    language: Language,
    today: date,
    findings: Sequence[Finding],
    sources: Sequence[Source],
) -> Workbook:
    """List the findings with their sources, and count them by topic with live formulas."""
    words = workbook_words(language)
    table = _table(findings, sources, words, language)
    counts = _counts(findings, words)
    sheets = (_summary(title, words, counts, findings, sources), _list(words, table))
    return Workbook(
        title=title, language=language, created_on=today, sheets=sheets, sources=tuple(sources)
    )


def _table(
    findings: Sequence[Finding],
    sources: Sequence[Source],
    words: WorkbookWords,
    language: Language,
) -> SheetTable:
    by_id = {source.id: source for source in sources}
    rows = []
    for finding in findings:
        cited = [by_id[id] for id in finding.source_ids if id in by_id]
        files = dict.fromkeys(source.file_name or source.title for source in cited)
        places = dict.fromkeys(shown_locator(source.locator, language) for source in cited)
        kind = words.kinds.get(finding.kind, finding.kind)
        rows.append((finding.topic, finding.text, kind, "; ".join(files), "; ".join(places)))
    names = (words.topic, words.statement, words.kind, words.file, words.place)
    return SheetTable(
        name=_TABLE,
        title=words.findings,
        columns=tuple(TableColumn(name=name) for name in names),
        rows=tuple(rows),
        source_ids=tuple(dict.fromkeys(id for f in findings for id in f.source_ids)),
    )


def _counts(findings: Sequence[Finding], words: WorkbookWords) -> SheetTable:
    topics = list(dict.fromkeys(f.topic for f in findings if can_be_matched(f.topic)))
    numbers = {
        topic: sum(f.topic.casefold() == topic.casefold() for f in findings) for topic in topics
    }
    whole = column_of(_TABLE, words.topic)
    rows = tuple(
        (topic, formula(f"COUNTIFS({whole},{condition(topic)})", numbers[topic]))
        for topic in topics[:_MOST_TOPICS]
    )
    columns = (
        TableColumn(name=words.topic),
        TableColumn(name=words.count, kind=ColumnKind.INTEGER),
    )
    return SheetTable(name=_COUNTS, title=words.count_of, columns=columns, rows=rows)


def _summary(
    title: str,
    words: WorkbookWords,
    counts: SheetTable,
    findings: Sequence[Finding],
    sources: Sequence[Source],
) -> Sheet:
    total = formula(f"COUNTA({column_of(_TABLE, words.statement)})", len(findings))
    files = len({source.file_id or source.title for source in sources})
    topics = formula(f"COUNTA({column_of(_COUNTS, words.topic)})", len(counts.rows))
    return Sheet(
        name=words.summary,
        title=title,
        note=(Run(text=words.findings_note),),
        kpis=(
            Kpi(label=words.findings, value=total, kind=ColumnKind.INTEGER),
            Kpi(label=words.topics_count, value=topics, kind=ColumnKind.INTEGER),
            Kpi(label=words.files_count, value=files, kind=ColumnKind.INTEGER),
        ),
        tables=(counts,),
        charts=(_chart(words, counts),) if len(counts.rows) > 1 else (),
    )


def _chart(words: WorkbookWords, counts: SheetTable) -> SheetChart:
    said = ", ".join(f"{row[0]}: {getattr(row[1], 'value', row[1])}" for row in counts.rows)
    return SheetChart(
        kind=ChartKind.BAR,
        title=words.count_of,
        table=_COUNTS,
        category_column=words.topic,
        value_columns=(words.count,),
        alt_text=f"{words.count_of}. {said}",
    )


def _list(words: WorkbookWords, table: SheetTable) -> Sheet:
    return Sheet(name=words.findings, title=words.findings, tables=(table,))
