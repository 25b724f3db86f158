"""The bounds of money, for settings, requests and the command line alike."""

MAX_CAP_USD = 100_000
# A dollar a token: beyond it a price is a mistake, and sums of money could not hold it.
MAX_USD_PER_MTOK = 1_000_000
