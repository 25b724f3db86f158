"""The web application: assembly only."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvicorn
from fastapi import FastAPI

from app.api import health
from app.api.application import DESCRIPTION, MadangAPI, operation_id
from app.api.errors import add_error_handlers, body_refusal, crash_response
from app.api.first_key import show_first_key
from app.api.http_protocol import BoundedHttpProtocol
from app.api.readiness import Readiness
from app.api.v1 import ROUTERS
from app.core.build import VERSION
from app.core.config import Settings
from app.middleware import middleware_stack
from app.runtime import open_runtime

# After a SIGTERM: requests and event streams that are still open are cut off.
SHUTDOWN_S = 5


def create_app(settings: Settings, *, has_worker: bool = True) -> FastAPI:
    """Return the application. `has_worker`: this process also works on tasks."""
    app = MadangAPI(
        title="Madang",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=_lifespan(settings, has_worker=has_worker),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        middleware=middleware_stack(
            max_body_bytes=settings.server.max_body_bytes,
            refuse_body=body_refusal,
            answer_crash=crash_response,
        ),
    )
    add_error_handlers(app)
    for router in (health.router, *ROUTERS):
        app.include_router(router)
    return app


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return how the application is served: our log, bounded request heads, bounded shutdown."""
    return uvicorn.Config(
        app,
        host=settings.server.host,
        port=settings.server.port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        http=BoundedHttpProtocol,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )


def _lifespan(
    settings: Settings, *, has_worker: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_runtime(settings) as runtime:
            app.state.runtime = runtime
            app.state.readiness = Readiness(runtime.database)
            await show_first_key(runtime)
            app.state.worker = runtime.start_worker() if has_worker else None
            yield

    return lifespan
