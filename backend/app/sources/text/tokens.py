"""Search tokens: Latin words and numbers, and Hangul words with their bigrams.

Korean joins particles to nouns, so whole words miss ("시장은" is not "시장"); pairs of neighbouring
syllables find the noun in all its forms without a dictionary.
"""

import re
import unicodedata
from collections.abc import Iterator

from app.sources.text.stop_words import ALL_STOP_WORDS

_WORD = re.compile(
    r"\d+(?:[.,]\d+)*%?"
    r"|[a-z\u00c0-\u024f]+(?:'[a-z]+)?"
    r"|[\uac00-\ud7a3\u3400-\u9fff\u3040-\u30ff]+"
)


def tokens(text: str) -> list[str]:
    """Return the search tokens of `text`, in order, lower case, without stop words."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    return [
        token
        for word in _WORD.findall(folded)
        if word not in ALL_STOP_WORDS
        for token in _tokens_of(word)
    ]


def _tokens_of(word: str) -> Iterator[str]:
    first = word[0]
    if first.isdigit():
        yield word.replace(",", "")
    elif first >= "\u3040":
        yield word
        if len(word) > 2:
            yield from (word[i : i + 2] for i in range(len(word) - 1))
    else:
        yield _singular(word.removesuffix("'s"))


def _singular(word: str) -> str:
    """Fold plurals as the S-stemmer does (Harman, How effective is suffixing?, JASIS 1991)."""
    if len(word) > 4 and word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and word[-2] not in "us":
        return word[:-1]
    return word
