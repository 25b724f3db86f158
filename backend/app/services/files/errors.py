"""What can be wrong with a file as a thing of a user."""

from app.core.errors import Invalid, NotFound


class FileMissing(NotFound):
    """There is no such file, or it is not this user's."""

    code = "file_not_found"


class TooManyFiles(Invalid):
    """A task is given more files than are allowed."""

    code = "too_many_files"


class FileReadTimeout(Invalid):
    """Reading took too long; the file may be built to do harm."""

    code = "file_read_timeout"


class FileReadFailed(Invalid):
    """The process that read the file died; the file may be built to do harm."""

    code = "file_read_failed"


class FileNameInvalid(Invalid):
    """The file's name cannot be used."""

    code = "file_name_invalid"
