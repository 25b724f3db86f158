"""Users' files, read into citable passages and typed tables, with search and quote checking.

`read_file` turns one file into an `Extract`; `SourceLibrary` holds the extracts of a task.
"""

from app.sources.embed import Embedder, SentenceEmbedder, sentence_embedder
from app.sources.errors import (
    FileEmpty,
    FileEncrypted,
    FileHasNoText,
    FileRefused,
    FileTooLarge,
    FileTooManyPages,
    FileTypeMismatch,
    FileTypeUnsupported,
    FileUnpacksTooLarge,
    FileUnreadable,
    PassageNotFound,
    QuoteNotFound,
)
from app.sources.isolated import read_isolated
from app.sources.library import SourceLibrary
from app.sources.limits import FileLimits
from app.sources.pasted import PastedMaterial, pasted_material
from app.sources.read import read_file
from app.sources.search import ScoredPassage, fuse_ranks
from app.sources.tables import CELL_JOIN, NAME_JOIN
from app.sources.tables.totals import is_total_row
from app.sources.text import (
    STOP_WORDS,
    Quantity,
    detect_language,
    normalise_text,
    numbers_in,
    quantities_in,
    split_sentences,
    stands_in,
    text_sha256,
    tokens,
    unsupported_numbers,
)

__all__ = [
    "CELL_JOIN",
    "NAME_JOIN",
    "STOP_WORDS",
    "Embedder",
    "FileEmpty",
    "FileEncrypted",
    "FileHasNoText",
    "FileLimits",
    "FileRefused",
    "FileTooLarge",
    "FileTooManyPages",
    "FileTypeMismatch",
    "FileTypeUnsupported",
    "FileUnpacksTooLarge",
    "FileUnreadable",
    "PassageNotFound",
    "PastedMaterial",
    "Quantity",
    "QuoteNotFound",
    "ScoredPassage",
    "SentenceEmbedder",
    "SourceLibrary",
    "detect_language",
    "fuse_ranks",
    "is_total_row",
    "normalise_text",
    "numbers_in",
    "pasted_material",
    "quantities_in",
    "read_file",
    "read_isolated",
    "sentence_embedder",
    "split_sentences",
    "stands_in",
    "text_sha256",
    "tokens",
    "unsupported_numbers",
]
