"""A terminal that writes to strings, as wide as a test wants it."""

from collections.abc import Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, RenderableType

from app.cli.messages import Language
from app.cli.terminal import Terminal


class Screen:
    """A terminal with both of its streams kept."""

    def __init__(
        self,
        *,
        width: int = 80,
        language: Language = "en",
        as_json: bool = False,
        is_terminal: bool = True,
    ) -> None:
        self._out, self._err = StringIO(), StringIO()

        def console(file: StringIO) -> Console:
            return Console(
                file=file,
                width=width,
                force_terminal=is_terminal,
                color_system=None,
                markup=False,
                highlight=False,
                emoji=False,
            )

        self.width = width
        self.terminal = Terminal(
            as_json=as_json, language=language, out=console(self._out), err=console(self._err)
        )

    @property
    def out(self) -> str:
        """What was written to standard output."""
        return self._out.getvalue()

    @property
    def err(self) -> str:
        """What was written to standard error."""
        return self._err.getvalue()

    def shows(self, parts: Sequence[RenderableType]) -> str:
        """Return how the parts look, and check that no line is wider than the screen."""
        with self.terminal.err.capture() as capture:
            for part in parts:
                self.terminal.err.print(part)
        text = capture.get()
        too_wide = [line for line in text.splitlines() if cell_len(line) > self.width]
        assert not too_wide, "\n".join(too_wide)
        return text
