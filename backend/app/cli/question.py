"""Ask yes or no without blocking the event loop, so that Ctrl+C is heard at once."""

import asyncio
import sys
from typing import TextIO

# "ㅛ" is what the key Y types on a Korean keyboard.
YES = frozenset({"y", "yes", "ㅛ", "네", "예", "ㅇ"})


def may_ask(source: TextIO, screen: TextIO) -> bool:
    """Whether somebody sits before the screen."""
    return source.isatty() and screen.isatty()


def is_yes(answer: str) -> bool:
    """Whether an answer says yes."""
    return answer.strip().lower() in YES


async def ask(question: str) -> bool:
    """Put the question on standard error and wait for a line."""
    sys.stderr.write(question)
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def take() -> None:
        if not answer.done():
            answer.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin.fileno(), take)
    try:
        return is_yes(await answer)
    finally:
        loop.remove_reader(sys.stdin.fileno())
