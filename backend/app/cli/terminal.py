"""What a command says and where: results on standard output, all else on standard error."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from app.cli.formatting import plain, without_steering
from app.cli.invocation import program
from app.cli.messages import Language, message

# Output that goes to a file or a pipe is not squeezed into the 80 columns of no terminal.
PIPE_WIDTH = 120


def open_console(*, to_stderr: bool) -> Console:
    """Return a console that shows text as it is: no markup, no guessed highlights."""
    console = Console(stderr=to_stderr, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = max(console.width, PIPE_WIDTH)
    return console


class Terminal:
    """The two streams, the form of the answer, and the language."""

    def __init__(
        self,
        *,
        as_json: bool,
        language: Language,
        out: Console | None = None,
        err: Console | None = None,
    ) -> None:
        self.as_json = as_json
        self.language = language
        self.out = out or open_console(to_stderr=False)
        self.err = err or open_console(to_stderr=True)

    def words(self, key: str, **facts: str | int) -> str:
        """Return words of the catalogue in this terminal's language."""
        return message(key, self.language, **facts)

    def show(self, *parts: RenderableType) -> None:
        """Show a result to a person; nothing when the answer is JSON."""
        if self.as_json:
            return
        with self.out.capture() as capture:
            for part in parts:
                words = plain(part) if isinstance(part, str) else part
                self.out.print(words, soft_wrap=isinstance(part, str))
        shown = without_steering(capture.get())
        if not self.out.is_terminal:
            shown = "".join(f"{line.rstrip()}\n" for line in shown.splitlines())
        self.out.file.write(shown)
        self.out.file.flush()

    def say(self, key: str, **facts: str | int) -> None:
        """Show words of the catalogue as a result."""
        self.show(self.words(key, **facts))

    def tell(self, key: str, **facts: str | int) -> None:
        """Say on standard error what happens."""
        self.err.print(plain(self.words(key, **facts)), style="dim", soft_wrap=True)

    def command(self, *words: str) -> None:
        """Show a command that the user may type next."""
        self.show(Text(plain("  " + " ".join((program(), *words))), style="bold"))

    def document(self, content: Mapping[str, Any]) -> None:
        """Print the one JSON document of a command that is asked for JSON."""
        if self.as_json:
            self.out.file.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
            self.out.file.flush()

    def status(self, key: str, **facts: str | int) -> AbstractContextManager[object]:
        """Show a spinner while something takes time, on a terminal only."""
        if not self.err.is_terminal:
            return nullcontext()
        return self.err.status(Text(self.words(key, **facts), style="dim"), spinner="dots")

    def fail(self, sentence: str) -> None:
        """Say on standard error what went wrong."""
        line = Text.assemble(("madang: ", "bold red"), plain(sentence))
        self.err.print(line, soft_wrap=True)
