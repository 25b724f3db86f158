"""What measures, tables and rows are called in running text."""

import re

from app.agents.builtin.amounts import parse_unit
from app.agents.builtin.column_roles import Aggregation
from app.agents.builtin.phrases_en import in_sentence
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
_MEASURE = re.compile(
    r"\b(?:(?:operating|net|gross)\s+)?(?:revenues?|sales|costs?|expenses?|spending|budgets?|profits?"
    r"|income|earnings|margins?|headcount|visits|orders|output|production|investments?|demand"
    r"|supply|shipments|installations|exports|imports|capacity|units\s+sold|market\s+size)\b"
    r"|(?:영업|순|총)?\s?(?:매출액?|이익|비용|원가|손익)|예산|지출|수입|생산량?|판매량?|출하량?|설치량?"
    r"|투자액?|인원|주문|수요|수출|시장\s?규모|방문자?\s?수",
    re.IGNORECASE,
)
_UNNAMED = {
    ("en", False): "the total",
    ("en", True): "the average",
    ("ko", False): "합계",
    ("ko", True): "평균",
}
_DIVIDED = re.compile(r"\s+by\s+|별\s+", re.IGNORECASE)
_AVERAGED = re.compile(r"\b(?:average|avg|mean|median)\b|평균", re.IGNORECASE)
_SUMMED = re.compile(r"\b(?:total|sum|overall|combined)\b|합계|총|전체|누적", re.IGNORECASE)
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
    ending = f" {column.unit}".casefold() if column.unit else ""
    if ending and name.casefold().endswith(ending):
        name = name[: -len(ending)]
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


def wide_subject(table: SourceTable, language: Language, goal: str) -> str:
    """Return what the cells of a table of periods measure; empty when nothing says it.

    The table's own title names it, or its corner cell; else the goal ("매출 보고서").
    """
    title = table_title(table)
    is_own = _is_titled(table) and (bool(_MEASURE.search(title)) or bool(_DIVIDED.search(title)))
    if is_own or _corner_of(table):
        return subject_of(table, language)
    named = next((m.group().strip() for m in _MEASURE.finditer(goal) if _fits(m, language)), "")
    return in_sentence(named) if language == "en" else named


def _is_titled(table: SourceTable) -> bool:
    """Say whether the title stands in the file, and is not made of its name."""
    title = " ".join(table.title.split())
    return not _PLACEHOLDER.match(title) and title != _FILE_ENDING.sub("", table.file_name)


def _fits(match: re.Match[str], language: Language) -> bool:
    return match.group().isascii() == (language == "en")


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
    """Mark a name as a sum or an average of several rows, unless it says so itself."""
    is_mean = aggregation is Aggregation.MEAN
    if not name:
        return _UNNAMED[language, is_mean]
    if (_AVERAGED if is_mean else _SUMMED).search(name):
        return name
    if language == "en":
        return f"{'average' if is_mean else 'total'} {name}"
    return f"{'평균' if is_mean else '전체'} {name}"
