"""The event loop that every process of ours runs on: uvloop, where it can be installed."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on a new loop. uvloop halves what waiting on a connection costs."""
    try:
        import uvloop  # noqa: PLC0415 - not made for Windows
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)
