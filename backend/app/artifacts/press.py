"""Where files are made: in processes of their own.

The office libraries may not be used by several threads of one process: lxml frees a tree in
whichever thread drops it last while another is reading, and the process crashes or sees an error
that is nobody's. A process of its own cannot harm the worker, and leaves it its interpreter.
"""

import asyncio

from app.artifacts.blocks import Deck, Document, Workbook
from app.artifacts.rendering import add_review, load_renderers, render
from app.artifacts.report import RenderedFile
from app.core.errors import Unavailable
from app.core.processes import ProcessDied, WorkProcesses
from app.schemas.review import ReviewReport
from app.schemas.source import Language

PROCESSES = 2


class RenderingBroke(Unavailable):
    """The process that made a file died; the file is made again."""

    code = "rendering_broke"


class Press:
    """Makes files, each in one of a few processes that start with the first file."""

    def __init__(self) -> None:
        self._processes = WorkProcesses(PROCESSES)
        self.last_used_s = self._processes.last_used_s
        self.release = self._processes.release
        self.close = self._processes.close

    async def warm_up(self) -> None:
        """Start the processes and load the renderers, so that the first files need not wait."""
        loads = (self._processes.call(load_renderers) for _ in range(PROCESSES))
        # What fails here fails again with a file, and is told there.
        await asyncio.gather(*loads, return_exceptions=True)

    async def render(self, made: Document | Workbook | Deck, name: str) -> RenderedFile:
        """Render a file and check it.

        Raises:
            FileTypeUnknown: Nothing like this can be written under such a name.
            RenderingBroke: The process died of it; it may be tried again.
        """
        try:
            return await self._processes.call(render, made, name)
        except ProcessDied as error:
            raise RenderingBroke(f"Making {name} broke off; the step is tried again.") from error

    async def with_review(self, content: bytes, review: ReviewReport, language: Language) -> bytes:
        """Return the file with its review in its properties.

        Raises:
            RenderingBroke: The process died of it; it may be tried again.
        """
        try:
            return await self._processes.call(add_review, content, review, language)
        except ProcessDied as error:
            raise RenderingBroke("Adding the review broke off; the step is tried again.") from error
