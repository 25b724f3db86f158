"""What can go wrong with the database as a whole."""

from app.core.errors import Unavailable


class DatabaseUnavailable(Unavailable):
    """The database cannot be started or reached."""

    code = "database_unavailable"
