"""Which of a user's own tasks go first."""

from enum import StrEnum


class TaskPriority(StrEnum):
    """How a task ranks among the tasks of its user; it never ranks one user before another."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """The number that steps are sorted by; the higher goes first."""
        return RANKS[self]

    @classmethod
    def of_rank(cls, rank: int) -> "TaskPriority":
        """Return the priority of a stored rank."""
        if rank == 0:
            return cls.NORMAL
        return cls.HIGH if rank > 0 else cls.LOW


RANKS = {TaskPriority.LOW: -1, TaskPriority.NORMAL: 0, TaskPriority.HIGH: 1}
