"""The two shapes of tables that commands show, and their left margin."""

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

MARGIN = 2


def listing() -> Table:
    """Return a table with quiet headings."""
    return Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)


def grid(*, gap: int = 2, expand: bool = False) -> Table:
    """Return a table without headings; `gap` is the space between columns."""
    return Table.grid(padding=(0, gap, 0, 0), expand=expand)


def indented(part: RenderableType, *, right: int = 0) -> Padding:
    """Return a part behind the margin."""
    return Padding(part, (0, right, 0, MARGIN))
