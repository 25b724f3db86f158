"""Units, in headers ("Sales (USD m)", "매출(억원)") and in lines above a table ("단위: 백만원")."""

import re

_MONEY = (
    r"(?:(?:천|만|십만|백만|천만|억|십억|백억|천억|조)\s?)?(?:원|달러|유로|엔|위안)"
    r"|(?:US\$|USD|EUR|GBP|KRW|JPY|CNY|[$\u20ac\u00a3\u20a9\u00a5])"
    r"(?:\s?(?:k|m|mn|mm|b|bn|t|tn|thousands?|millions?|billions?|trillions?|'000s?|000s?))?"
    r"|(?:k|m|mn|mm|b|bn|thousands?|millions?|billions?)\s?(?:of\s)?"
    r"(?:US\$|USD|EUR|GBP|KRW|JPY|dollars?|euros?|won|[$\u20ac\u00a3\u20a9\u00a5])"
)
_OTHER = (
    r"[kMGT]?Wh?p?|k?g|t|tonnes?|tons?|km2?|m2|\u33a1|\u33a2|m|cm|mm|l|ea|pcs|units?|hours?|hrs?|h"
    r"|days?|weeks?|months?|years?|minutes?|min|sec|s|ms|people|persons?|households?|homes?|customers?"
    r"|(?:thousand|million|'000|000)\s(?:units?|households?|homes?|people|tonnes?|tons?)"
    r"|(?:천|만|십만|백만|억)?\s?(?:대|명|개|건|톤|호|가구|세대|곳|회|시간|일|주|개월|년|분|초|점|기|㎡)"
    r"|index|points?|p|pp|%p|bp|bps"
)
_MONEY_UNIT = re.compile(rf"(?:{_MONEY})(?:\s?(?:/|per )\s?[\w가-힣]+)?", re.IGNORECASE)
_OTHER_UNIT = re.compile(rf"(?:{_OTHER})(?:\s?/\s?[\w가-힣]+)?", re.IGNORECASE)
_PERCENT = re.compile(r"%|\uff05|percent|per cent|퍼센트", re.IGNORECASE)
_IN_BRACKETS = re.compile(
    r"^(?P<name>.+?)\s*[(\[\uff08](?:단위\s*[:\uff1a]\s*|in\s)?(?P<unit>[^()\[\]]{1,24})[)\]\uff09]$"
)
_AFTER_COMMA = re.compile(r"^(?P<name>.+?),\s*(?:in\s)?(?P<unit>[^,]{1,20})$")
_UNIT_LINE = re.compile(
    r"(?:단위|units?|all figures in|figures in|amounts in|in)\s*[:\uff1a]?\s*"
    r"(?P<unit>[^()\[\]]{1,24}?)\s*[)\]\uff09.]?$",
    re.IGNORECASE,
)
_LINE_START = re.compile(
    r"^[(\[<\uff08]?\s*(?:단위|units?\s*[:\uff1a]|(?:all |amounts |figures )?.*\bin\b)"
)


def is_money_unit(unit: str) -> bool:
    """Say whether a unit is money, with or without a scale."""
    return _MONEY_UNIT.fullmatch(unit.strip()) is not None


def is_percent_unit(unit: str) -> bool:
    """Say whether a unit is percent."""
    return _PERCENT.fullmatch(unit.strip()) is not None


def is_unit(unit: str) -> bool:
    """Say whether a text is a unit that is known here."""
    text = unit.strip()
    return is_money_unit(text) or is_percent_unit(text) or bool(_OTHER_UNIT.fullmatch(text))


def split_header(header: str) -> tuple[str, str | None]:
    """Split "Sales (USD m)" into name and unit; a bracket that is no unit stays in the name."""
    for pattern in (_IN_BRACKETS, _AFTER_COMMA):
        match = pattern.match(header.strip())
        if match is not None and is_unit(match["unit"]):
            return match["name"].strip(), match["unit"].strip()
    return header.strip(), None


def unit_line(text: str) -> str | None:
    """Return the unit that a line such as "(단위: 백만원)" or "Figures in USD m" gives."""
    line = " ".join(text.split())
    if len(line) > 60 or _LINE_START.match(line) is None:
        return None
    match = _UNIT_LINE.search(line)
    if match is None:
        return None
    for candidate in re.split(r"[,\u00b7]", match["unit"]):
        if is_unit(candidate):
            return candidate.strip()
    return None
