"""The application whose routes are described."""

from typing import Any

from app.core.config import Settings
from app.main import create_app


def described_api() -> dict[str, Any]:
    """Return the OpenAPI description of the application with its default settings."""
    return create_app(Settings(_env_file=None)).openapi()
