"""Hybrid search in memory: BM25 over words and Hangul bigrams, and sentence embeddings, fused.

A passage is as near to a query as its nearest sentence: over whole passages the encoder averages
the meaning away (measured: 0.15 for a passage whose best sentence has 0.39, noise up to 0.17).
Fusion is by reciprocal rank with k = 60 (Cormack, Clarke and Buettcher, Reciprocal Rank Fusion
outperforms Condorcet and individual Rank Learning Methods, SIGIR 2009): scores of different kinds
need no calibration against each other.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.schemas.source import Passage, PassageKind
from app.sources.embed import Embedder
from app.sources.text import split_sentences, tokens

if TYPE_CHECKING:
    from bm25s import BM25

logging.getLogger("bm25s").setLevel(logging.WARNING)
RANK_CONSTANT = 60
# Depth to which each ranking counts.
_DEPTH = 60
# Cosine below which two sentences have nothing to do with each other.
_MIN_LIKENESS = 0.2
# Above this many sentences (0.5 ms each) only those of the best passages by words are embedded.
_MAX_EMBEDDED = 6_000
_CANDIDATES = 300

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage and its fused rank score; higher is better."""

    passage: Passage
    score: float


class HybridIndex:
    """An index over a fixed set of passages. Not thread-safe."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder | None) -> None:
        self._passages = tuple(passages)
        self._embedder = embedder
        self._sentences = [_sentences_of(passage) for passage in passages]

    def search(self, query: str, limit: int, file_ids: set[str] | None) -> list[ScoredPassage]:
        """Return at most `limit` passages, best first; ties keep reading order."""
        if not query.strip() or not self._passages or limit < 1:
            return []
        allowed = [
            i for i, p in enumerate(self._passages) if file_ids is None or p.file_id in file_ids
        ]
        words = self._by_words(query, allowed)
        meaning = self._by_meaning(query, allowed, words)
        fused = fuse_ranks([words[:_DEPTH], meaning[:_DEPTH]])
        return [ScoredPassage(self._passages[i], score) for i, score in fused[:limit]]

    def _by_words(self, query: str, allowed: Sequence[int]) -> list[int]:
        query_tokens = tokens(query)
        if self._bm25 is None or not query_tokens:
            return []
        scores = np.asarray(self._bm25.get_scores(query_tokens), dtype=np.float32)
        return _ranked(scores, allowed, above=0.0)

    def _by_meaning(self, query: str, allowed: Sequence[int], words: Sequence[int]) -> list[int]:
        if self._embedder is None:
            return []
        is_small = sum(len(sentences) for sentences in self._sentences) <= _MAX_EMBEDDED
        candidates = list(range(len(self._passages)) if is_small else words[:_CANDIDATES])
        if not candidates:
            return []
        sentences = [self._sentences[i] for i in candidates]
        # The embedder remembers the vectors of sentences it has seen.
        matrix = self._embedder.encode([text for texts in sentences for text in texts])
        starts = np.cumsum([0, *(len(texts) for texts in sentences[:-1])])
        likeness = matrix @ self._embedder.encode([query])[0]
        scores = np.zeros(len(self._passages), dtype=np.float32)
        scores[candidates] = np.maximum.reduceat(likeness, starts)
        chosen = set(candidates) & set(allowed)
        return _ranked(scores, sorted(chosen), above=_MIN_LIKENESS)

    @cached_property
    def _bm25(self) -> "BM25 | None":
        corpus = [tokens(f"{p.section}\n{p.text}") for p in self._passages]
        if not any(corpus):
            return None
        import bm25s  # noqa: PLC0415 - loaded at first use

        index = bm25s.BM25(method="lucene")  # type: ignore[no-untyped-call]  # the package has no types
        index.index(corpus, show_progress=False)
        return index


def fuse_ranks(rankings: Iterable[Sequence[int]]) -> list[tuple[int, float]]:
    """Fuse rankings of the same items by reciprocal rank, best first, ties by item number."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _sentences_of(passage: Passage) -> list[str]:
    """What stands for a passage: its heading and its sentences; of a table, its first row."""
    heading = passage.section.rpartition(" > ")[2]
    is_table = passage.kind is PassageKind.TABLE
    body = passage.text.splitlines()[:1] if is_table else split_sentences(passage.text)
    found = [text for text in (heading, *body) if text]
    return found or [passage.text]


def _ranked(scores: Floats, allowed: Sequence[int], above: float) -> list[int]:
    kept = [i for i in allowed if scores[i] > above]
    # Rounded, so that noise in the last bits cannot change the order between machines.
    return sorted(kept, key=lambda i: (-round(float(scores[i]), 5), i))
