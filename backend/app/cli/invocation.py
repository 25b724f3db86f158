"""How the user started Madang, so that hints can be typed as they stand."""

import sys
from pathlib import Path


def program() -> str:
    """Return `./run` when started through it or as a module, else the command's own name."""
    return "./run" if Path(sys.argv[0]).name == "__main__.py" else "madang"
