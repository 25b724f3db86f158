"""What measures, tables and rows are called in running text."""

import re

from app.agents.builtin.amounts import parse_unit
from app.agents.builtin.column_roles import Aggregation
from app.agents.builtin.phrases_en import in_sentence, without_average, without_total
from app.schemas.source import Language, SourceTable, TableColumn

_UNIT_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_BY_SOMETHING = re.compile(
    r"\s+by\s+.*$|^.*별\s+|\s+(?:현황|추이|통계|표|data|table|figures)$|^(?:table|표)\s*\d*[.:]\s*",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"^(?:sheet\s*\d*|table\s*\d*|시트\s*\d*|표\s*\d*|data|unnamed.*|untitled.*|page\s*\d+.*)?$",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:amounts?|values?|total|figure|number|금액|값|수치|계|합계|실적)$", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"^(?:what|how|why|where|when|which|who|our|my|their|the|this|these)\b|[?!]|(?:것|까|는가"
    r"|은가|나요)$",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"\s*\b(?:19|20|21)\d{2}(?:\s*[-~/\u2013]\s*(?:19|20|21)?\d{2})?(?:년도?)?(?:\b|(?=\s|$))"
)
_GENERIC_HEADER = re.compile(
    r"^(?:items?|names?|categor(?:y|ies)|types?|regions?|products?|countr(?:y|ies)|departments?"
    r"|구분|항목|분류|지역|권역|제품|이름|부서|국가)\b",
    re.IGNORECASE,
)
_AMOUNT = {"en": "amount", "ko": "금액"}
_FILE_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
_MOST_TITLE_CHARS = 48


def split_unit(label: str) -> tuple[str, str | None]:
    """Split "Revenue (USD m)" into the name and the unit; other brackets stay."""
    bracket = _UNIT_BRACKET.search(label)
    unit = bracket.group().strip(" ()[]") if bracket is not None else ""
    is_unit = bool(unit) and (parse_unit(unit).currency is not None or unit in {"%", "kWh", "MW"})
    if bracket is None or not is_unit:
        return label, None
    return label[: bracket.start()].strip(), unit


def column_title(column: TableColumn) -> str:
    """Return a column's name for a label: no unit in brackets, no underscores."""
    name = " ".join(_UNIT_BRACKET.sub("", column.name).replace("_", " ").split())
    return name or column.name


def column_phrase(column: TableColumn, language: Language) -> str:
    """Return a column's name for the middle of a sentence."""
    name = column_title(column)
    return in_sentence(name) if language == "en" else name


def table_title(table: SourceTable) -> str:
    """Return the table's title, or its file's name where the title is a placeholder."""
    title = " ".join(_UNIT_BRACKET.sub("", table.title).replace("_", " ").split())
    if not _PLACEHOLDER.match(title):
        return title[:1].upper() + title[1:]
    stem = _FILE_ENDING.sub("", table.file_name).replace("_", " ").replace("-", " ")
    words = " ".join(stem.split())
    return words[:1].upper() + words[1:]


def subject_of(table: SourceTable, language: Language) -> str:
    """Return what a table's cells measure, from its title: "Revenue by region" is "revenue"."""
    title = _YEARS.sub("", _BY_SOMETHING.sub("", table_title(table))).strip(" ,-")
    if not title or len(title) > _MOST_TITLE_CHARS or _CLAUSE.search(title):
        title = _corner_of(table) or _AMOUNT[language]
    return in_sentence(title) if language == "en" else title


def _corner_of(table: SourceTable) -> str:
    """Return the corner cell of a table where it names the measure: "Investment (USD m)"."""
    corner = table.columns[0].name if table.columns else ""
    has_unit = _UNIT_BRACKET.search(corner) is not None or table.columns[0].unit is not None
    name = _UNIT_BRACKET.sub("", corner).strip()
    return name if has_unit and name and not _GENERIC_HEADER.match(name) else ""


def measure_phrase(table: SourceTable, column: TableColumn, language: Language) -> str:
    """Return the name of a measure; a vague one ("amount") takes the table's subject."""
    name = column_phrase(column, language)
    return subject_of(table, language) if _VAGUE.match(name) else name


def combined_phrase(name: str, aggregation: Aggregation, language: Language) -> str:
    """Mark a name as a sum or an average of several rows."""
    if aggregation is Aggregation.MEAN:
        return (
            f"average {without_average(name)}"
            if language == "en"
            else f"평균 {name.removeprefix('평균 ')}"
        )
    if language == "en":
        return f"total {without_total(name)}"
    return f"전체 {name.removesuffix(' 합계').removeprefix('총 ')}"
