"""The options of an order, for every command that takes one: `madang run` and `madang plan new`."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import get_type_hints

from app.cli.options import (
    AgentsOption,
    CapOption,
    DeadlineOption,
    FilesNeededOption,
    FilesOption,
    LanguageOption,
    MaxStepsOption,
    MaxTimeOption,
    MaxTokensOption,
    ModelOption,
    ModelsOption,
    OrderLimits,
    PolicyOption,
    PriorityOption,
)

ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOptions:
    """What was typed of an order. Each field is an option of the command."""

    files: FilesOption = None
    model: ModelOption = None
    policy: PolicyOption = None
    cap_usd: CapOption = None
    deadline_s: DeadlineOption = None
    max_time_s: MaxTimeOption = None
    max_tokens: MaxTokensOption = None
    max_steps: MaxStepsOption = None
    agents: AgentsOption = None
    models: ModelsOption = None
    needed: FilesNeededOption = None
    priority: PriorityOption = None
    language: LanguageOption = None

    @property
    def limits(self) -> OrderLimits:
        """The limits of the order."""
        return OrderLimits(
            self.max_time_s,
            self.max_tokens,
            self.max_steps,
            self.agents,
            self.models,
            self.needed,
        )

    @property
    def is_new(self) -> bool:
        """Whether anything was typed that only a new order takes: not a limit or a language."""
        typed = {f.name for f in fields(self) if getattr(self, f.name) not in (None, [])}
        return not typed <= {"cap_usd", "deadline_s", "language"}


def takes_order(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of an order in the place of its parameter `order`."""

    @wraps(command)
    def taking(**typed: object) -> int:
        order = {field.name: typed.pop(field.name) for field in fields(OrderOptions)}
        return command(**typed, order=OrderOptions(**order))  # type: ignore[arg-type]  # typer checked each

    options = get_type_hints(OrderOptions, include_extras=True)
    parameters: list[inspect.Parameter] = []
    hints = get_type_hints(command, include_extras=True)
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name != ORDER:
            parameters.append(parameter.replace(annotation=hints[parameter.name]))
            continue
        for name, hint in options.items():
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(inspect.Parameter(name, kind, default=None, annotation=hint))
    given = {parameter.name: parameter.annotation for parameter in parameters}
    taking.__annotations__ = {**given, "return": int}
    taking.__dict__["__signature__"] = inspect.Signature(parameters, return_annotation=int)
    return taking
