"""Hybrid search in memory: BM25 over words and Hangul bigrams, and sentence embeddings, fused.

Fusion is by reciprocal rank with k = 60 (Cormack, Clarke and Buettcher, Reciprocal Rank Fusion
outperforms Condorcet and individual Rank Learning Methods, SIGIR 2009): scores of different kinds
need no calibration against each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import bm25s
import numpy as np
import numpy.typing as npt

from app.schemas.source import Passage
from app.sources.embed import Embedder, Matrix
from app.sources.text import tokens

RANK_CONSTANT = 60
# Depth to which each ranking counts.
_DEPTH = 60
# Cosine below which two texts have nothing to do with each other.
_MIN_LIKENESS = 0.15
# Above this many passages only the best by words are embedded, to bound time (about 2 ms each).
_MAX_EMBEDDED = 3_000
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
        self._texts = [f"{p.section}\n{p.text}" if p.section else p.text for p in passages]

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
        if len(self._passages) <= _MAX_EMBEDDED:
            scores = self._matrix @ self._embedder.encode([query])[0]
            return _ranked(scores, allowed, above=_MIN_LIKENESS)
        candidates = list(words[:_CANDIDATES])
        vectors = self._embedder.encode([self._texts[i] for i in candidates])
        scores = np.zeros(len(self._passages), dtype=np.float32)
        scores[candidates] = vectors @ self._embedder.encode([query])[0]
        return _ranked(scores, candidates, above=_MIN_LIKENESS)

    @cached_property
    def _bm25(self) -> bm25s.BM25 | None:
        corpus = [tokens(text) for text in self._texts]
        if not any(corpus):
            return None
        index = bm25s.BM25(method="lucene")  # type: ignore[no-untyped-call]  # the package has no types
        index.index(corpus, show_progress=False)
        return index

    @cached_property
    def _matrix(self) -> Matrix:
        if self._embedder is None:
            return np.zeros((len(self._texts), 1), dtype=np.float32)
        return self._embedder.encode(self._texts)


def fuse_ranks(rankings: Iterable[Sequence[int]]) -> list[tuple[int, float]]:
    """Fuse rankings of the same items by reciprocal rank, best first, ties by item number."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _ranked(scores: Floats, allowed: Sequence[int], above: float) -> list[int]:
    kept = [i for i in allowed if scores[i] > above]
    # Rounded, so that noise in the last bits cannot change the order between machines.
    return sorted(kept, key=lambda i: (-round(float(scores[i]), 5), i))
