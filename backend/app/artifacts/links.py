"""Which links an artefact may carry."""

from urllib.parse import urlsplit

from app.artifacts.characters import clean_line

_SCHEMES = frozenset({"http", "https", "mailto"})


def safe_href(href: str | None) -> str | None:
    """Return the link if it is http, https or mailto and well formed; None otherwise."""
    if href is None:
        return None
    cleaned = clean_line(href).replace(" ", "%20")
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES:
        return None
    return cleaned if parts.netloc or parts.scheme.lower() == "mailto" else None
