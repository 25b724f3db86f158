"""An upper bound on the tokens of a text, without a vocabulary and without the network.

Every tokeniser in use works on bytes or on characters that fall back to bytes: a token covers at
least one byte of UTF-8, so a text never has more tokens than bytes. English really takes about a
quarter of the bound, Korean a third to a half; the reservation is given back when the reply comes.
"""

import json

from app.agents.ledger_port import ModelRequest

MESSAGE_OVERHEAD_TOKENS = 256
"""Room for the marks that providers put around messages and the answer's schema."""

MAX_INPUT_TOKENS = 128_000
"""The largest input ever sent, by its bound: below the dearer tiers of every price list."""


def token_bound(text: str) -> int:
    """Return a number of tokens that `text` cannot exceed."""
    return len(text.encode())


def input_token_bound(request: ModelRequest) -> int:
    """Return a number of tokens that the request cannot exceed, however its schema is sent."""
    schema = json.dumps(request.json_schema, ensure_ascii=False)
    texts = (request.system, request.prompt, request.schema_name, schema)
    return sum(token_bound(text) for text in texts) + MESSAGE_OVERHEAD_TOKENS
