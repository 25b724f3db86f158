"""What stands around every request, in pure ASGI."""

from collections.abc import Callable

from starlette.middleware import Middleware
from starlette.types import ASGIApp

from app.middleware.body_limit import BodyLimitMiddleware
from app.middleware.crash_guard import CrashGuardMiddleware
from app.middleware.request_context import RequestContextMiddleware
from app.middleware.security_headers import SecurityHeadersMiddleware

__all__ = ["middleware_stack"]


def middleware_stack(
    *,
    max_body_bytes: int,
    refuse_body: Callable[[int], ASGIApp],
    answer_crash: Callable[[], ASGIApp],
) -> list[Middleware]:
    """Return the middleware, outermost first.

    1. request context: everything below is logged under the request's id;
    2. security headers: every answer carries them, refusals and crashes as well;
    3. crash guard: catches what anything below raises;
    4. body limit: nearest to the application, whose reading it counts.
    """
    return [
        Middleware(RequestContextMiddleware),
        Middleware(SecurityHeadersMiddleware),
        Middleware(CrashGuardMiddleware, answer=answer_crash),
        Middleware(BodyLimitMiddleware, max_bytes=max_body_bytes, refuse=refuse_body),
    ]
