"""`python -m app.cli` is `madang`."""

import signal
import sys

# Until a command takes it: Python's own handler raises wherever the program is, and raised in the
# middle of an import, where Python calls back into itself, it is printed and forgotten.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from app.cli import main  # noqa: E402 - what is imported takes a while

sys.exit(main())
