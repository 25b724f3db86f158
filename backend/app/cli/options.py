"""Options that more than one command has."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.errors import OptionInvalid
from app.cli.messages import Language
from app.core.money import MAX_CAP_USD
from app.core.policy import Policy
from app.schemas.priority import TaskPriority

MAX_STEP_S = 604_800

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
LanguageOption = Annotated[
    Language | None,
    typer.Option("--language", help="Language of the output (default: that of the goal)."),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder for the files (default: madang-out/...)."),
]
TaskArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The task's id, or its first characters.")
]
FilesOption = Annotated[
    list[Path] | None,
    typer.Option("--file", "-f", metavar="PATH", help="A file to work from; repeatable."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help='"builtin" (no model, the default) or "provider:name".'),
]
PolicyOption = Annotated[
    Policy | None,
    typer.Option(
        "--policy",
        help="How each step's model is chosen from MADANG_MODEL__CANDIDATES, by need and price.",
    ),
]
CapOption = Annotated[
    float | None,
    typer.Option("--cap-usd", metavar="USD", help="Most dollars that the task may spend."),
]
DeadlineOption = Annotated[
    float | None,
    typer.Option(
        "--deadline-s",
        metavar="S",
        help="Stop the task after so many seconds, with what is done by then.",
    ),
]
PriorityOption = Annotated[
    TaskPriority | None,
    typer.Option("--priority", help="Which of your own tasks go first (default: normal)."),
]
StepCapsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--step-cap",
        metavar="KEY=USD",
        help="With --resume: most dollars that a step may spend; may be given again.",
    ),
]
MaxTimeOption = Annotated[
    float | None,
    typer.Option("--max-time-s", metavar="S", help="Most seconds that the plan may need."),
]
MaxTokensOption = Annotated[
    int | None, typer.Option("--max-tokens", min=0, help="Most tokens that the plan may need.")
]
MaxStepsOption = Annotated[
    int | None, typer.Option("--max-steps", min=1, help="Most steps that the plan may have.")
]
AgentsOption = Annotated[
    list[str] | None,
    typer.Option("--allow-agent", metavar="AGENT", help="Only these agents; repeatable."),
]
ModelsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-model",
        metavar="NAME",
        help="Only these models, a cheaper one where the cap asks for it; repeatable.",
    ),
]
FilesNeededOption = Annotated[
    list[str] | None,
    typer.Option(
        "--need-file",
        metavar="NAME",
        help='A file that the plan must make: a name or an ending (".pptx"); repeatable.',
    ),
]
HashOption = Annotated[
    str | None,
    typer.Option(
        "--hash",
        metavar="HASH",
        help="The plan's hash as it was shown, or its beginning (default: the plan as it is now).",
    ),
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=1000, help="Most rows to show.")]


@dataclass(frozen=True)
class OrderLimits:
    """The limits of an order, as typed."""

    max_time_s: float | None = None
    max_tokens: int | None = None
    max_steps: int | None = None
    agents: list[str] | None = None
    models: list[str] | None = None
    needed_files: list[str] | None = None

    @property
    def is_given(self) -> bool:
        """Whether any limit was typed."""
        return self != OrderLimits()


def clean_argument(text: str) -> str:
    """Return typed text with bytes that are no UTF-8 replaced: no file could hold them."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def checked_step_caps(given: Sequence[str] | None, *, is_resumed: bool = True) -> dict[str, float]:
    """Return the caps of steps by key.

    Raises:
        OptionInvalid: One is not KEY=USD, no amount of money, or given for a new task.
    """
    if given and not is_resumed:
        raise OptionInvalid("--step-cap changes a task that stopped; give it with --resume.")
    caps: dict[str, float] = {}
    for pair in given or ():
        key, _, amount = pair.partition("=")
        try:
            cap = checked_cap(float(amount), option="--step-cap")
        except ValueError as error:
            raise OptionInvalid(f"--step-cap must be KEY=USD, not {pair!r}.") from error
        if not key or cap is None:
            raise OptionInvalid(f"--step-cap must be KEY=USD, not {pair!r}.")
        caps[key] = cap
    return caps


def checked_deadline(deadline_s: float | None) -> float | None:
    """Return a deadline that can be kept.

    Raises:
        OptionInvalid: It is no time that a task can have.
    """
    if deadline_s is None or 0 < deadline_s <= MAX_STEP_S:
        return deadline_s
    raise OptionInvalid(f"--deadline-s must be above 0 and at most {MAX_STEP_S:,} seconds.")


def checked_cap(cap_usd: float | None, *, option: str = "--cap-usd") -> float | None:
    """Return a cap that can be kept.

    Raises:
        OptionInvalid: It is no amount of money.
    """
    if cap_usd is None or (math.isfinite(cap_usd) and 0 <= cap_usd <= MAX_CAP_USD):
        return cap_usd
    raise OptionInvalid(f"{option} must be between 0 and {MAX_CAP_USD:,} dollars.")
