"""An embedded PostgreSQL for installations without a server of their own."""

from app.core.postgres.errors import DatabaseUnavailable
from app.core.postgres.server import EmbeddedPostgres

__all__ = ["DatabaseUnavailable", "EmbeddedPostgres"]
