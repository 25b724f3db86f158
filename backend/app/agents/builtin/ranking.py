"""Ranking of statements: centrality (TextRank), nearness to the goal, diversity (MMR)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.sources import Embedder, tokens

Floats = npt.NDArray[np.float32]
_DAMPING, _ROUNDS, _TOLERANCE = 0.85, 60, 1e-6
_LEAST_LIKENESS = 0.1
_RELEVANCE_SHARE = 0.7
_MOST_WORDS = 6000


def text_vectors(texts: Sequence[str], embedder: Embedder | None) -> Floats:
    """Return a row of length one per text: sentence embeddings, else TF-IDF over words."""
    if not texts:
        return np.zeros((0, 1), dtype=np.float32)
    if embedder is not None:
        return np.asarray(embedder.encode(list(texts)), dtype=np.float32)
    return _word_vectors(texts)


def _word_vectors(texts: Sequence[str]) -> Floats:
    bags = [tokens(text) for text in texts]
    counts: dict[str, int] = {}
    for bag in bags:
        for word in set(bag):
            counts[word] = counts.get(word, 0) + 1
    kept = sorted(counts, key=lambda word: (-counts[word], word))[:_MOST_WORDS]
    place = {word: index for index, word in enumerate(kept)}
    matrix = np.zeros((len(texts), max(1, len(kept))), dtype=np.float32)
    for row, bag in enumerate(bags):
        for word in bag:
            if word in place:
                matrix[row, place[word]] += np.log1p(len(texts) / counts[word])
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(norms, 1e-12), dtype=np.float32)


def centrality(vectors: Floats) -> Floats:
    """Score texts by TextRank (Mihalcea and Tarau, TextRank, EMNLP 2004), 0 to 1."""
    count = len(vectors)
    if count < 2:
        return np.ones(count, dtype=np.float32)
    likeness = np.clip(vectors @ vectors.T, 0.0, 1.0)
    np.fill_diagonal(likeness, 0.0)
    likeness[likeness < _LEAST_LIKENESS] = 0.0
    out = likeness.sum(axis=1, keepdims=True)
    moves = np.divide(likeness, out, out=np.full_like(likeness, 1.0 / count), where=out > 0)
    scores = np.full(count, 1.0 / count, dtype=np.float32)
    for _ in range(_ROUNDS):
        fresh = (1 - _DAMPING) / count + _DAMPING * (scores @ moves)
        if float(np.abs(fresh - scores).sum()) < _TOLERANCE:
            scores = fresh
            break
        scores = fresh
    return normalised(scores)


def normalised(scores: Floats) -> Floats:
    """Stretch scores to 0 to 1; all 1 where they are equal."""
    low, high = float(scores.min()), float(scores.max())
    if high - low < 1e-9:
        return np.ones_like(scores)
    return np.asarray((scores - low) / (high - low), dtype=np.float32)


def diverse(scores: Floats, vectors: Floats, count: int, *, most_alike: float = 0.86) -> list[int]:
    """Choose texts by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).

    A text more like a chosen one than `most_alike` says it again and is never chosen.
    """
    chosen: list[int] = []
    nearest = np.zeros(len(scores), dtype=np.float32)
    open_ = np.ones(len(scores), dtype=bool)
    while len(chosen) < count and open_.any():
        gain = _RELEVANCE_SHARE * scores - (1 - _RELEVANCE_SHARE) * nearest
        best = int(np.argmax(np.where(open_, gain, -np.inf)))
        chosen.append(best)
        open_[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
        open_ &= nearest < most_alike
    return chosen
