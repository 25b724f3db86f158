"""The composer that uses no model at all; see `BuiltinComposer`."""

from app.agents.builtin.composer import BuiltinComposer
from app.agents.builtin.pasted import pasted_extract

__all__ = ["BuiltinComposer", "pasted_extract"]
