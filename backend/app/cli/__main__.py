"""`python -m app.cli` is `madang`."""

import sys

from app.cli import main

sys.exit(main())
