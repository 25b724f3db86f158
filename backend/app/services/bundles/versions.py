"""Which programs made a bundle: with others, the same plan may give other bytes."""

import platform
from importlib.metadata import PackageNotFoundError, version

from app.core.build import VERSION

# Those whose version can show in the bytes of a file.
WRITERS = ("lxml", "markdown-it-py", "python-docx", "python-pptx", "XlsxWriter", "numpy")


def versions_here() -> dict[str, str]:
    """Return the versions of Madang, Python and the libraries that write files."""
    return {
        "madang": VERSION,
        "python": platform.python_version(),
        **{name: found for name in WRITERS if (found := _version(name)) is not None},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
