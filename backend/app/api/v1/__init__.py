"""The routes of version 1, by noun."""

from app.api.v1 import artifacts, bundles, events, files, me, orchestrator, plans, tasks

ROUTERS = (
    orchestrator.router,
    tasks.router,
    plans.router,
    events.router,
    artifacts.router,
    bundles.router,
    files.router,
    me.router,
)

__all__ = ["ROUTERS"]
