"""What a file's owner is told, in English and Korean: what happened and how to go on."""

from app.schemas.source import Language

_MESSAGES: dict[str, dict[Language, str]] = {
    "empty": {
        "en": "{name} is empty; add its content or leave it out.",
        "ko": "{name} 파일이 비어 있습니다. 내용을 채우거나 목록에서 빼 주세요.",
    },
    "too_large": {
        "en": "{name} has {size} and the limit is {limit}; split it or leave parts out.",
        "ko": "{name} 파일은 {size}로 한도 {limit}를 넘습니다. 나누거나 줄여서 올려 주세요.",
    },
    "unsupported": {
        "en": "{name} is {kind}, which is not read here; save it as {advice}.",
        "ko": "{name} 파일은 {kind} 형식이라 읽을 수 없습니다. {advice} 형식으로 저장해 주세요.",
    },
    "mismatch": {
        "en": "{name} is really {kind}; rename it to {right_name}.",
        "ko": "{name} 파일의 실제 형식은 {kind}입니다. 이름을 {right_name}(으)로 바꿔 주세요.",
    },
    "mismatch_unsupported": {
        "en": "{name} is really {kind}, which is not read here; save it as {advice}.",
        "ko": "{name} 파일은 실제로 {kind}이며 읽을 수 없습니다. {advice} 형식으로 저장해 주세요.",
    },
    "encrypted": {
        "en": "{name} is protected by a password; save a copy without it.",
        "ko": "{name} 파일은 암호로 보호되어 있습니다. 암호를 푼 사본을 올려 주세요.",
    },
    "unpacks_too_large": {
        "en": "{name} would unpack to more than {limit} MB; make it smaller or split it.",
        "ko": "{name} 파일의 압축을 풀면 {limit}MB를 넘습니다. 줄이거나 나눠서 올려 주세요.",
    },
    "bomb": {
        "en": "{name} is packed as no office program packs files; save it again in its program.",
        "ko": "{name} 파일의 압축 상태가 비정상입니다. 원래 프로그램에서 다시 저장해 주세요.",
    },
    "unreadable": {
        "en": "{name} is damaged and cannot be opened; open it in its program and save a new copy.",
        "ko": "{name} 파일이 손상되어 열 수 없습니다. 원래 프로그램에서 열어 새로 저장해 주세요.",
    },
    "unsafe_xml": {
        "en": "{name} holds XML declarations that office files never need; save a new copy.",
        "ko": "{name} 파일에 오피스 문서에 쓰이지 않는 XML 선언이 있습니다. 새로 저장해 주세요.",
    },
    "pictures_only": {
        "en": "{name} has only pictures of pages and no text; run OCR on it first.",
        "ko": "{name} 파일에는 글자 없이 페이지 그림만 있습니다. 먼저 OCR로 글자를 인식해 주세요.",
    },
    "no_text": {
        "en": "{name} holds no text or table; check that it is the right file.",
        "ko": "{name} 파일에 글이나 표가 없습니다. 올바른 파일인지 확인해 주세요.",
    },
    "too_many_pages": {
        "en": "{name} has {pages} pages and the limit is {limit}; take out the pages you need.",
        "ko": "{name} 파일은 {pages}쪽으로 한도 {limit}쪽을 넘습니다. 필요한 쪽만 올려 주세요.",
    },
    "hidden_sheets": {
        "en": "Hidden sheets were left out: {sheets}.",
        "ko": "숨겨진 시트는 제외했습니다: {sheets}.",
    },
    "no_cached_values": {
        "en": "Formulas without stored results were left blank in: {sheets}. "
        "Open the workbook in its program and save it.",
        "ko": "다음 시트의 수식은 저장된 결과가 없어 비워 두었습니다: {sheets}. "
        "엑셀에서 열어 저장해 주세요.",
    },
    "many_rows": {
        "en": "{place} has {rows} rows: its table was read in full, "
        "but only the first {read} rows can be searched and quoted.",
        "ko": "{place}은(는) {rows}행입니다. 표는 모두 읽었지만, "
        "검색과 인용은 처음 {read}행만 됩니다.",
    },
    "too_many_rows": {
        "en": "{place} has more than {limit} rows: only its first {read} rows were read, as text, "
        "and nothing is computed from it.",
        "ko": "{place}은(는) {limit}행이 넘습니다. "
        "처음 {read}행만 글로 읽었고 계산에는 쓰지 않습니다.",
    },
    "too_long": {
        "en": "{name} is very long: only its first {count} passages were read.",
        "ko": "{name} 파일이 매우 길어 처음 {count}개 단락까지만 읽었습니다.",
    },
    "too_many_columns": {
        "en": "Columns after the first {limit} were left out in: {place}.",
        "ko": "{place}: 처음 {limit}열까지만 읽었습니다.",
    },
    "pages_without_text": {
        "en": "Pages without text (pictures need OCR): {pages}.",
        "ko": "글자가 없는 쪽(그림은 OCR 필요): {pages}.",
    },
    "pages_unreadable": {
        "en": "Pages that could not be read: {pages}.",
        "ko": "읽지 못한 쪽: {pages}.",
    },
    "ragged_rows": {
        "en": "{count} rows of {place} have more cells than the header; see rows {rows}.",
        "ko": "{place}의 {count}개 행은 머리글보다 칸이 많습니다. {rows}행을 확인해 주세요.",
    },
    "encoding_guessed": {
        "en": "{name} is not UTF-8; it was read as {encoding}.",
        "ko": "{name} 파일은 UTF-8이 아니어서 {encoding}(으)로 읽었습니다.",
    },
    "lossy_text": {
        "en": "Some characters of {name} could not be read; save it as UTF-8.",
        "ko": "{name} 파일의 일부 글자를 읽지 못했습니다. UTF-8로 저장해 주세요.",
    },
}


_KOREAN_WORDS = {
    "a PNG picture": "PNG 그림",
    "a JPEG picture": "JPEG 그림",
    "a GIF picture": "GIF 그림",
    "a TIFF picture": "TIFF 그림",
    "an RTF document": "RTF 문서",
    "a gzip archive": "gzip 압축 파일",
    "a 7-Zip archive": "7-Zip 압축 파일",
    "a RAR archive": "RAR 압축 파일",
    "a zip archive": "zip 압축 파일",
    "a program": "실행 파일",
    "a Hangul document (.hwp)": "한글 문서(.hwp)",
    "a Hangul document (.hwpx)": "한글 문서(.hwpx)",
    "a SQLite database": "SQLite 데이터베이스",
    "a Parquet file": "Parquet 파일",
    "an old Word document (.doc)": "옛 워드 문서(.doc)",
    "an old Excel workbook (.xls)": "옛 엑셀 파일(.xls)",
    "an old PowerPoint file (.ppt)": "옛 파워포인트 파일(.ppt)",
    "an old office file": "옛 오피스 파일",
    "a binary Excel workbook (.xlsb)": "이진 엑셀 파일(.xlsb)",
    "an OpenDocument file": "오픈도큐먼트 파일",
    "an e-book (.epub)": "전자책(.epub)",
    "a binary file": "이진 파일",
    "single files": "압축을 푼 낱개 파일",
    "PDF with text (OCR)": "글자를 인식한(OCR) PDF",
}


def worded(text: str, language: Language) -> str:
    """Return the name of a kind of file, or an advice, in that language."""
    if language == "en":
        return text
    return _KOREAN_WORDS.get(text, text.replace(" or ", " 또는 ").removeprefix("a "))


def message(key: str, language: Language, /, **facts: str | int) -> str:
    """Return the message of that key with its facts filled in."""
    return _MESSAGES[key][language].format(**facts)
