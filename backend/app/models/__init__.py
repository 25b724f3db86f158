"""The tables."""

from app.models.agent_task import AgentTaskEdge, AgentTaskRow
from app.models.base import Base
from app.models.blob import Blob
from app.models.file import File, FilePassage
from app.models.model_call import ModelCall
from app.models.spend_limit import USER_DAY, SpendLimit
from app.models.task import Artifact, Plan, Task, TaskEvent
from app.models.user import ApiKey, User
from app.models.worker import WorkerRow

__all__ = [
    "USER_DAY",
    "AgentTaskEdge",
    "AgentTaskRow",
    "ApiKey",
    "Artifact",
    "Base",
    "Blob",
    "File",
    "FilePassage",
    "ModelCall",
    "Plan",
    "SpendLimit",
    "Task",
    "TaskEvent",
    "User",
    "WorkerRow",
]
