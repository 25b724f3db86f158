"""From a goal to a priced plan, and from a plan to a running task."""

from typing import Annotated

from fastapi import Body, Response

from app.api.deps import CurrentUser, RuntimeDep
from app.api.problems import problems
from app.api.routing import identified_router
from app.schemas.calibration import CalibrationRead
from app.schemas.orchestrator import ComplexTaskRequest, ExecutePlanRequest, RunTaskRequest
from app.schemas.priority import TaskPriority
from app.schemas.task import TaskRead

router = identified_router("/orchestrator", tag="orchestrator")

Order = Annotated[ComplexTaskRequest, Body()]


@router.post(
    "/plan", status_code=201, response_model=TaskRead, responses=problems(404, 413, 415, 422, 429)
)
async def plan_task(
    order: Order, user: CurrentUser, runtime: RuntimeDep, response: Response
) -> TaskRead:
    """Plan a goal and price it: a task in status `planned`. Nothing runs before it is approved."""
    return _located(response, await runtime.orchestration.plan(user.id, order))


@router.post(
    "/complex-task",
    status_code=202,
    response_model=TaskRead,
    responses=problems(404, 413, 415, 422, 429),
)
async def run_task(
    order: Annotated[RunTaskRequest, Body()],
    user: CurrentUser,
    runtime: RuntimeDep,
    response: Response,
) -> TaskRead:
    """Plan a goal and start it at once, within its cap: the order is the approval.

    With `require_approval` its plan waits for one, unless it costs less than your limit.
    """
    task = await runtime.orchestration.run(user.id, order, require_approval=order.require_approval)
    return _located(response, task)


@router.post(
    "/execute-plan",
    status_code=202,
    response_model=TaskRead,
    responses=problems(404, 409, 413, 415, 422, 429),
)
async def execute_plan(
    body: ExecutePlanRequest, user: CurrentUser, runtime: RuntimeDep, response: Response
) -> TaskRead:
    """Approve and start a planned task, or start a new task that runs exactly the given plan."""
    orchestration = runtime.orchestration
    if body.plan is not None:
        task = await orchestration.execute_plan(
            user.id,
            body.plan,
            cap_usd=body.cap_usd,
            deadline_s=body.deadline_s,
            priority=body.priority or TaskPriority.NORMAL,
        )
    else:
        task = await orchestration.execute(user.id, body.task_id or "", body.content_hash or "")
    return _located(response, task)


@router.get("/calibration", response_model=CalibrationRead)
async def read_calibration(user: CurrentUser, runtime: RuntimeDep) -> CalibrationRead:
    """Show how often your tasks took what was forecast: per agent and model, plans as a whole."""
    return await runtime.quotes.calibration(user.id)


def _located(response: Response, task: TaskRead) -> TaskRead:
    response.headers["Location"] = f"/api/v1/tasks/{task.id}"
    return task
