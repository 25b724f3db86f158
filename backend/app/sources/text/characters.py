"""Characters that no text has: control codes, lone surrogates, noncharacters.

Office formats are XML, which cannot hold them, PostgreSQL keeps no NUL, and a terminal obeys some.
"""

import re

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def plain_text(text: str) -> str:
    """Return `text` with a space for each character that no text has."""
    return _UNFIT.sub(" ", text)
