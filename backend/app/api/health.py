"""Health of this process, for people, supervisors and load balancers. No identity is needed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from app.api.problems import problems
from app.api.readiness import Readiness
from app.core.build import VERSION
from app.core.errors import Unavailable
from app.schemas.health import Health, Liveness, PartState

router = APIRouter(prefix="/health", tags=["health"])


def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


ReadinessDep = Annotated[Readiness, Depends(_readiness)]


@router.get("", response_model=Health)
async def read_health(request: Request, readiness: ReadinessDep) -> Health:
    """Return the version and how each part is; the answer is 200 whatever they are."""
    try:
        await readiness.require()
        database = PartState.OK
    except Unavailable:
        database = PartState.AWAY
    parts = {"database": database, "worker": worker_state(request)}
    is_away = PartState.AWAY in parts.values()
    return Health(status=PartState.AWAY if is_away else PartState.OK, version=VERSION, parts=parts)


@router.get("/live", response_model=Liveness)
async def read_liveness() -> Liveness:
    """Answer 200 as long as this process runs at all; a supervisor restarts it otherwise."""
    return Liveness()


@router.get("/ready", response_model=Liveness, responses=problems(503))
async def read_readiness(readiness: ReadinessDep) -> Liveness:
    """Answer 200 when requests can be served, 503 while the database is away or outdated."""
    await readiness.require()
    return Liveness()


def worker_state(request: Request) -> PartState:
    """Return whether this process works on tasks itself."""
    worker = request.app.state.worker
    if worker is None:
        return PartState.OFF
    return PartState.AWAY if worker.done() else PartState.OK
