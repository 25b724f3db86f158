"""Keep what belongs to this installation out of a bundle: keys, addresses, folders, e-mail.

They can stand in what was said when something failed: providers repeat parts of a request in their
refusals, a full disk names its folder. What users wrote (goal, plan, files) is theirs and is never
changed; where a later prompt or result repeats such an error, it gets the same cleaned words.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy.engine import make_url

from app.core.config import Settings

REMOVED = "[removed]"
MIN_LENGTH = 4
# What keys of the known providers look like, for those that the settings do not hold.
KEYS = re.compile(r"\b(?:sk|pk|rk|gsk)[-_][A-Za-z0-9_*.-]{4,}|\bAIza[A-Za-z0-9_-]{10,}")

Json = TypeVar("Json", bound=dict[str, Any] | list[Any] | str | None)


class Redaction:
    """Takes known secrets out of errors, and those errors' words out of what repeats them."""

    def __init__(self, secrets: Iterable[str], errors: Iterable[str] = ()) -> None:
        known = {_inside(secret) for secret in secrets if len(secret) >= MIN_LENGTH}
        # The longest first: a part of a secret must not be left beside the mark.
        self._secrets = sorted(known, key=lambda secret: (-len(secret), secret))
        self._echoes = {_inside(e): clean for e in errors if (clean := self._clean(e)) != e}

    def clean_error(self, value: Json) -> Json:
        """Return what was said of a failure without secrets or anything that looks like a key."""
        text = json.dumps(value, ensure_ascii=False)
        cleaned: Json = json.loads(self._clean(text))
        return cleaned

    def clean_echo(self, value: Json) -> Json:
        """Return a value in which the errors given are repeated only in their cleaned words."""
        text = cleaned = json.dumps(value, ensure_ascii=False)
        for said, clean in self._echoes.items():
            cleaned = cleaned.replace(said, _inside(clean))
        if cleaned == text:
            return value
        found: Json = json.loads(cleaned)
        return found

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REMOVED)
        return KEYS.sub(REMOVED, text)


def secrets_of(settings: Settings, database_url: str) -> tuple[str, ...]:
    """Return the keys, addresses and folders of an installation."""
    model = settings.model
    others = model.candidates
    api_keys = [model.api_key, *(other.api_key for other in others)]
    keys = [settings.secret_key, *filter(None, api_keys)]
    password = make_url(database_url).password
    places = [database_url, password, model.base_url, *(other.base_url for other in others)]
    places += [str(settings.data_path)]
    return (*(key.get_secret_value() for key in keys), *(str(place) for place in places if place))


def _inside(text: str) -> str:
    """Return a text as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
