"""Why an identity does not hold."""

from app.core.errors import Unauthenticated


class KeyRefused(Unauthenticated):
    """No key, or one that does not hold; the answer never says why."""

    code = "key_refused"
