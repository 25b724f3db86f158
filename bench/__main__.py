"""`./run bench` orchestration, fairness, quotes or startup: measure, print a table, write JSON."""

import argparse
import sys

from app.core import loop
from bench import fairness, orchestration, quotes, startup


def main() -> int:
    """Run the measurement named on the command line."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", choices=("fairness", "orchestration", "quotes", "startup"))
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each figure")
    parser.add_argument("--quick", action="store_true", help="a short look: no 1 s steps")
    given = parser.parse_args()
    if given.what == "startup":
        return startup.main(rounds=given.rounds)
    if given.what == "fairness":
        return loop.run(fairness.main())
    if given.what == "quotes":
        return loop.run(quotes.main())
    return loop.run(orchestration.main(rounds=given.rounds, quick=given.quick))


sys.exit(main())
