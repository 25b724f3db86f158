"""Text as the sources see it: normal form, language, sentences, search tokens, numbers."""

from app.sources.text.characters import plain_text
from app.sources.text.language import detect_language, hangul_share
from app.sources.text.normalise import normalise_text, stands_in, text_sha256
from app.sources.text.numbers import Quantity, numbers_in, quantities_in, unsupported_numbers
from app.sources.text.sentences import split_sentences
from app.sources.text.stop_words import STOP_WORDS
from app.sources.text.tokens import tokens

__all__ = [
    "STOP_WORDS",
    "Quantity",
    "detect_language",
    "hangul_share",
    "normalise_text",
    "numbers_in",
    "plain_text",
    "quantities_in",
    "split_sentences",
    "stands_in",
    "text_sha256",
    "tokens",
    "unsupported_numbers",
]
