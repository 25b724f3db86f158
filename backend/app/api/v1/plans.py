"""A task's plan: read it, edit it, quote it anew, approve or reject it."""

from typing import Annotated

from fastapi import Path

from app.api.deps import CurrentUser, RuntimeDep, TaskId
from app.api.paging import PageDep
from app.api.problems import problems
from app.api.routing import identified_router
from app.schemas.page import Page
from app.schemas.plan_edit import (
    PlanDecision,
    PlanEdits,
    PlanRead,
    PlanRequote,
    PlanSummary,
)
from app.schemas.task import TaskRead

router = identified_router("/tasks/{task_id}/plan", tag="plans")

MAX_REVISION = 2**31 - 1
Revision = Annotated[int, Path(ge=1, le=MAX_REVISION, description="The number of the revision.")]


class PlanPage(Page[PlanSummary]):
    """A page of revisions, newest first."""


@router.get("", response_model=PlanRead, responses=problems(404))
async def read_plan(task_id: TaskId, user: CurrentUser, runtime: RuntimeDep) -> PlanRead:
    """Return the current revision of a task's plan, with its quote and what was decided on it."""
    return await runtime.plans.get(user.id, task_id)


@router.get("/revisions", response_model=PlanPage, responses=problems(404, 422))
async def list_revisions(
    task_id: TaskId, user: CurrentUser, runtime: RuntimeDep, page: PageDep
) -> PlanPage:
    """List the revisions of a task's plan, newest first."""
    rows, cursor = await page.cut(
        lambda limit, before: runtime.plans.page(user.id, task_id, limit=limit, before=before)
    )
    return PlanPage(items=tuple(rows), next_cursor=cursor)


@router.get("/revisions/{revision}", response_model=PlanRead, responses=problems(404, 422))
async def read_revision(
    task_id: TaskId, revision: Revision, user: CurrentUser, runtime: RuntimeDep
) -> PlanRead:
    """Return one revision of a task's plan."""
    return await runtime.plans.get(user.id, task_id, revision)


@router.patch("", response_model=PlanRead, responses=problems(404, 409, 413, 415, 422, 429))
async def edit_plan(
    task_id: TaskId, body: PlanEdits, user: CurrentUser, runtime: RuntimeDep
) -> PlanRead:
    """Edit a plan that waits for approval: all edits or none make a new revision with its quote.

    409 when the plan is no longer the one that `content_hash` names; the facts give the current
    one. 422 when an edit cannot be done; the facts name the step, its field and the reason.
    """
    return await runtime.plans.edit(user.id, task_id, body)


@router.post("/requote", response_model=PlanRead, responses=problems(404, 409, 413, 415, 422, 429))
async def requote_plan(
    task_id: TaskId, body: PlanRequote, user: CurrentUser, runtime: RuntimeDep
) -> PlanRead:
    """Quote a plan that waits for approval at today's prices; its steps and its hash stay."""
    return await runtime.plans.requote(user.id, task_id, body)


@router.post(
    "/approve",
    status_code=202,
    response_model=TaskRead,
    responses=problems(404, 409, 413, 415, 422),
)
async def approve_plan(
    task_id: TaskId, body: PlanDecision, user: CurrentUser, runtime: RuntimeDep
) -> TaskRead:
    """Approve exactly the plan that `content_hash` names, and start it."""
    await runtime.plans.approve(user.id, task_id, body.content_hash)
    return await runtime.tasks.get(user.id, task_id)


@router.post("/reject", response_model=PlanRead, responses=problems(404, 409, 413, 415, 422))
async def reject_plan(
    task_id: TaskId, body: PlanDecision, user: CurrentUser, runtime: RuntimeDep
) -> PlanRead:
    """Reject the plan that `content_hash` names and cancel its task."""
    return await runtime.plans.reject(user.id, task_id, body.content_hash)
