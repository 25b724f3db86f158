"""A user's tasks: list, read, cancel, pause, resume, plan anew."""

from typing import Annotated

from fastapi import Query

from app.agents.transitions import TaskStatus
from app.api.deps import CurrentUser, RuntimeDep, TaskId
from app.api.paging import PageDep
from app.api.problems import problems
from app.api.routing import identified_router
from app.schemas.orchestrator import ResumeRequest
from app.schemas.page import Page
from app.schemas.replan import ReplanRead, ReplanRequest
from app.schemas.task import TaskRead, TaskSummary

router = identified_router("/tasks", tag="tasks")

StatusQuery = Annotated[TaskStatus | None, Query(description="Only tasks in this status.")]


class TaskPage(Page[TaskSummary]):
    """A page of tasks, newest first."""


@router.get("", response_model=TaskPage, responses=problems(422))
async def list_tasks(
    user: CurrentUser, runtime: RuntimeDep, page: PageDep, status: StatusQuery = None
) -> TaskPage:
    """List your tasks, newest first; the `Link` header leads to the next page."""
    rows, cursor = await page.cut(
        lambda limit, before: runtime.tasks.page(user.id, limit=limit, before=before, status=status)
    )
    return TaskPage(items=tuple(rows), next_cursor=cursor)


@router.get("/{task_id}", response_model=TaskRead, responses=problems(404))
async def read_task(task_id: TaskId, user: CurrentUser, runtime: RuntimeDep) -> TaskRead:
    """Return a task whole: its plan, steps, money, files and summary."""
    return await runtime.tasks.get(user.id, task_id)


@router.post("/{task_id}/cancel", response_model=TaskRead, responses=problems(404, 409))
async def cancel_task(task_id: TaskId, user: CurrentUser, runtime: RuntimeDep) -> TaskRead:
    """Cancel a task. What is done stays; `resume` runs it again from there."""
    return await runtime.tasks.cancel(user.id, task_id)


@router.post("/{task_id}/pause", response_model=TaskRead, responses=problems(404, 409))
async def pause_task(task_id: TaskId, user: CurrentUser, runtime: RuntimeDep) -> TaskRead:
    """Pause a running task: steps in work are stopped and run again on `resume`."""
    return await runtime.tasks.pause(user.id, task_id)


@router.post(
    "/{task_id}/replan",
    response_model=ReplanRead,
    responses=problems(404, 409, 413, 415, 422, 429),
)
async def replan_task(
    task_id: TaskId, user: CurrentUser, runtime: RuntimeDep, body: ReplanRequest | None = None
) -> ReplanRead:
    """Plan a stopped, failed or partial task anew: around what failed, or for another goal.

    Finished steps stay with their results. Within what was approved the task goes on at once; a
    plan that may cost more waits for approval.
    """
    return await runtime.replans.replan(user.id, task_id, body or ReplanRequest())


@router.post(
    "/{task_id}/resume", response_model=TaskRead, responses=problems(404, 409, 413, 415, 422)
)
async def resume_task(
    task_id: TaskId, user: CurrentUser, runtime: RuntimeDep, body: ResumeRequest | None = None
) -> TaskRead:
    """Run a paused, cancelled, partial or failed task again, with new limits if given."""
    caps = body or ResumeRequest()
    return await runtime.tasks.resume(
        user.id,
        task_id,
        cap_usd=caps.cap_usd,
        step_caps_usd=caps.step_caps_usd,
        deadline_s=caps.deadline_s,
    )
