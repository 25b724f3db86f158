"""The application behind a real server on a real port, in the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from app.api.http_protocol import BoundedHttpProtocol
from app.core.config import Settings
from app.main import create_app, server_config


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running server: its address, `http://127.0.0.1:<port>`, and its application."""

    address: str
    app: FastAPI
    server: uvicorn.Server

    def stop(self) -> None:
        """Ask the server to shut down, as a SIGTERM does."""
        self.server.should_exit = True


@asynccontextmanager
async def served_at(
    settings: Settings, *, has_worker: bool = True, http: type[BoundedHttpProtocol] | None = None
) -> AsyncIterator[Served]:
    """Serve the application until the end of the block, by another protocol if one is given."""
    app = create_app(settings, has_worker=has_worker)
    config = server_config(app, settings)
    config.port = 0
    config.http = http or config.http
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve())
        while not server.started:
            if serving.done():
                message = "the server did not start"
                raise AssertionError(message)
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        served = Served(address=f"http://127.0.0.1:{port}", app=app, server=server)
        try:
            yield served
        finally:
            served.stop()
            await serving
