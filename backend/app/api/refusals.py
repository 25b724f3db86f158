"""What is wrong with a request as HTTP, before any service sees it."""

from collections.abc import Sequence

from app.core.errors import Invalid, NotFound
from app.schemas.problem import FieldProblem


class RequestInvalid(Invalid):
    """A part of the request is missing or wrong; `errors` says which and why."""

    code = "request_invalid"

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__("The request is not valid; mend the parts named in `errors`.")
        self.errors = tuple(errors)


class RequestUnreadable(Invalid):
    """The request's body cannot be taken apart."""

    code = "request_unreadable"


class RequestTooLarge(Invalid):
    """The request's body has more bytes than are read."""

    code = "request_too_large"


class MediaTypeUnsupported(Invalid):
    """The route takes its body in another media type."""

    code = "media_type_unsupported"


class RouteMissing(NotFound):
    """The API has no such path."""

    code = "route_not_found"


class MethodForbidden(Invalid):
    """The path is there but does not take this method."""

    code = "method_not_allowed"


class CursorInvalid(Invalid):
    """The cursor was not given out by this list."""

    code = "cursor_invalid"
