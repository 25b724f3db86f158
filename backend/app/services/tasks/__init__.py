"""Tasks: planning a goal, running an approved plan, following, stopping, resuming."""

from app.services.tasks.errors import (
    ArtifactMissing,
    NotReplannable,
    PlanChanged,
    PlanDamaged,
    PlanNotFound,
    TaskMissing,
    TooManyReplans,
)
from app.services.tasks.orchestration import OrchestrationService, OrderDefaults
from app.services.tasks.plans import PlanService
from app.services.tasks.ports import PlanningDesk, TaskEngine
from app.services.tasks.replanning import ReplanService
from app.services.tasks.service import TaskService

__all__ = [
    "ArtifactMissing",
    "NotReplannable",
    "OrchestrationService",
    "OrderDefaults",
    "PlanChanged",
    "PlanDamaged",
    "PlanNotFound",
    "PlanService",
    "PlanningDesk",
    "ReplanService",
    "TaskEngine",
    "TaskMissing",
    "TaskService",
    "TooManyReplans",
]
