"""`madang serve`: the API, and a worker beside it."""

import os
import signal
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.edge import perform_blocking
from app.cli.errors import PortTaken
from app.cli.exit_codes import SUCCESS

if TYPE_CHECKING:
    import uvicorn

    from app.cli.terminal import Terminal
    from app.core.config import Settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class StartWatch:
    """The application, telling when it has started and remembering why it could not: uvicorn
    would log a traceback only.
    """

    def __init__(self, app: Application, on_started: Callable[[], None]) -> None:
        self._app = app
        self._on_started = on_started
        self.error: Exception | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass everything on; keep the error of a failed start."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._on_started()
            is_failure = message["type"] == "lifespan.startup.failed"
            await send({"type": message["type"]} if is_failure else message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            self.error = error
            raise


def serve(
    *,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (default: MADANG_SERVER__HOST).")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port to listen on (default: MADANG_SERVER__PORT)."),
    ] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Serve only; `madang worker` does the work.")
    ] = False,
) -> int:
    """Serve the API, with a worker in the same process."""

    def work(terminal: "Terminal", settings: "Settings") -> int:
        chosen = with_address(settings, host, port)
        with listen(chosen.server.host, chosen.server.port) as listener:
            create_app = resolve_name("app.main:create_app")
            server_config = resolve_name("app.main:server_config")
            config: uvicorn.Config = server_config(
                create_app(chosen, has_worker=not no_worker), chosen
            )
            url = f"http://{_shown(listener)}"
            return _run(config, listener, lambda: terminal.tell("serving", url=url))

    return perform_blocking(work)


def with_address(settings: "Settings", host: str | None, port: int | None) -> "Settings":
    """Return the settings with another address."""
    given = {"host": host, "port": port}
    changes = {name: value for name, value in given.items() if value is not None}
    return settings.model_copy(update={"server": settings.server.model_copy(update=changes)})


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        PortTaken: Another program listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise PortTaken(
            f"{host}:{port} cannot be used ({_reason(error)}); give another --host or --port.",
            host=host,
            port=port,
        ) from error


def _run(config: "uvicorn.Config", listener: socket.socket, on_started: Callable[[], None]) -> int:
    from uvicorn import Server  # noqa: PLC0415 - loads slowly

    watch = StartWatch(config.app, on_started)  # type: ignore[arg-type]  # never a name here
    config.app = watch
    # uvicorn raises the signal again after its shutdown; that is then a wish already granted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return SUCCESS
    except SystemExit:
        if watch.error is None:
            raise
        raise watch.error from None
    return SUCCESS


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
