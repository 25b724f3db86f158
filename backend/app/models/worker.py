"""Who runs steps, and when it was last heard."""

from sqlalchemy import String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Timestamp


class WorkerRow(Base):
    """One living worker; a process that comes back is a new one."""

    __tablename__ = "workers"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[Timestamp] = mapped_column(server_default=func.now())
    heartbeat_at: Mapped[Timestamp] = mapped_column(server_default=func.now())
