"""Locators: where a passage stands, in words a reader can follow."""

import re

_RANGE = re.compile(
    r"(?P<head>.*!)(?P<left>[A-Z]+)(?P<top>\d+)(?::(?P<right>[A-Z]+)(?P<bottom>\d+))?"
)
_SPAN = re.compile(
    r"(?P<head>(?:.*, )?)(?P<word>row|line|paragraph)s? (?P<top>\d+)(?:-(?P<bottom>\d+))?"
)


def column_letters(index: int) -> str:
    """Return the letters of a sheet column, 0 for A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_range(sheet: str, top: int, left: int, bottom: int, right: int) -> str:
    """Return "Sheet1!A2:D21" or "Sheet1!A2"; rows count from 1, columns from 0."""
    first, last = f"{column_letters(left)}{top}", f"{column_letters(right)}{bottom}"
    return f"{sheet}!{first}" if first == last else f"{sheet}!{first}:{last}"


def span(word: str, first: int, last: int) -> str:
    """Return "row 2" or "rows 2-21"; `word` is row, line or paragraph."""
    return f"{word} {first}" if first == last else f"{word}s {first}-{last}"


def narrow_rows(locator: str, offset: int, count: int) -> str:
    """Narrow the locator of a passage of table rows to `count` rows from `offset` on.

    Rows beyond the passage are kept: a range may run over several passages.
    """
    last = offset + max(count, 1) - 1
    if (found := _RANGE.fullmatch(locator)) is not None:
        top = int(found["top"])
        right = found["right"] or found["left"]
        return f"{found['head']}{found['left']}{top + offset}:{right}{top + last}"
    if (found := _SPAN.fullmatch(locator)) is not None:
        top = int(found["top"])
        return found["head"] + span(found["word"], top + offset, top + last)
    return locator


def join_locators(locators: list[str]) -> str:
    """Return the locator of neighbouring pieces: the rows, lines, paragraphs or cells they cover.

    Locators of other kinds do not join: the first one stands.
    """
    for pattern in (_RANGE, _SPAN):
        matches = [pattern.fullmatch(locator) for locator in locators]
        found = [match for match in matches if match is not None]
        heads = {(match["head"], match.groupdict().get("word")) for match in found}
        if len(found) == len(locators) and len(heads) == 1:
            return _covering(found)
    return locators[0]


def _covering(found: list[re.Match[str]]) -> str:
    top = min(int(match["top"]) for match in found)
    bottom = max(int(match["bottom"] or match["top"]) for match in found)
    if "word" in found[0].groupdict():
        return found[0]["head"] + span(found[0]["word"], top, bottom)
    left = min((match["left"] for match in found), key=_column_order)
    right = max((match["right"] or match["left"] for match in found), key=_column_order)
    if (left, top) == (right, bottom):
        return f"{found[0]['head']}{left}{top}"
    return f"{found[0]['head']}{left}{top}:{right}{bottom}"


def _column_order(letters: str) -> tuple[int, str]:
    return len(letters), letters
