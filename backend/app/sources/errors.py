"""Why a file cannot be read, or a quote not cited, in sentences made for its owner."""

from app.core.errors import Invalid, NotFound


class FileRefused(Invalid):
    """A file that cannot be used; the message says why and how to go on."""

    code = "file_refused"


class FileEmpty(FileRefused):
    """The file has no content."""

    code = "file_empty"


class FileTypeUnsupported(FileRefused):
    """The file is of a type that is not read."""

    code = "file_type_unsupported"


class FileTypeMismatch(FileRefused):
    """The content is not what the name says."""

    code = "file_type_mismatch"


class FileEncrypted(FileRefused):
    """The file asks for a password."""

    code = "file_encrypted"


class FileTooLarge(FileRefused):
    """The file has more bytes than allowed."""

    code = "file_too_large"


class FileUnpacksTooLarge(FileRefused):
    """The file would unpack to more than allowed, as a zip bomb does."""

    code = "file_unpacks_too_large"


class FileHasNoText(FileRefused):
    """The file holds pictures or nothing, but no text."""

    code = "file_has_no_text"


class FileUnreadable(FileRefused):
    """The file is damaged."""

    code = "file_unreadable"


class FileTooManyPages(FileRefused):
    """The file has more pages than allowed."""

    code = "file_too_many_pages"


class QuoteNotFound(Invalid):
    """The quote does not stand word for word in the passage."""

    code = "quote_not_found"


class PassageNotFound(NotFound):
    """No passage of this task has that id."""

    code = "passage_not_found"
