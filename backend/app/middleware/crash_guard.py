"""Answer what nobody foresaw: the log gets the whole story, the client only the request's id."""

from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.logging import get_logger

log = get_logger(__name__)


class CrashGuardMiddleware:
    """The edge of the process for exceptions: logs each one, and answers if nothing was sent.

    `answer` makes the answer; middleware does not know what problem documents look like.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[], ASGIApp]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; catch what it raises."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def watched_send(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except ClientDisconnect:
            # The sender left before its body was whole: nobody to answer, nothing to mend.
            log.info("client_left")
        except Exception:
            log.exception("request_crashed")
            if not has_started:
                await self._answer()(scope, receive, send)
