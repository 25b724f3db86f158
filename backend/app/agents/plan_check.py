"""What every plan must hold before it is priced or run, whoever wrote it."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from app.agents.dag import PlanInvalid, topological_order
from app.schemas.plan import AgentName, PlanStep

EXTENSIONS = {
    AgentName.DOCS: (".docx", ".md", ".html"),
    AgentName.SHEETS: (".xlsx",),
    AgentName.SLIDES: (".pptx",),
}
DEFAULT_NAMES = {
    AgentName.DOCS: "document.docx",
    AgentName.SHEETS: "workbook.xlsx",
    AgentName.SLIDES: "deck.pptx",
}
# Most file systems take 255; a little is left for what is put before or behind.
MAX_FILE_NAME_BYTES = 200
# The ledger enters the calls that made the plan under this key.
RESERVED_KEYS = frozenset({"plan"})
PLAIN_NAME = re.compile(r"[^/\\]+")


def check_steps(steps: Sequence[PlanStep]) -> None:
    """Check that the steps form a DAG and that each can write the file that it names.

    Raises:
        PlanInvalid: They do not; the message names the step and what to change.
    """
    topological_order(steps)
    for step in steps:
        if step.key in RESERVED_KEYS:
            raise PlanInvalid(
                f"Step {step.key!r}: this key is taken by the planning itself; choose another.",
                step=step.key,
                field="key",
                reason="reserved_key",
            )
        if not step.title.strip():
            raise PlanInvalid(
                f"Step {step.key!r}: the title is blank; say in a few words what the step does.",
                step=step.key,
                field="title",
                reason="blank_title",
            )
    names = [output_name(step) for step in steps if step.agent in DEFAULT_NAMES]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        writers = [s.key for s in steps if s.agent in DEFAULT_NAMES and output_name(s) in repeated]
        raise PlanInvalid(
            f"Steps {', '.join(map(repr, writers))} write the same file: {', '.join(repeated)}; "
            "rename one.",
            step=writers[-1],
            field="file_name",
            reason="same_file",
        )
    for step in steps:
        if step.file_name is not None:
            _check_file_name(step, step.file_name)


def output_name(step: PlanStep) -> str:
    """Return the name of the file that a step of a file-making agent writes."""
    return step.file_name or DEFAULT_NAMES[step.agent]


def _check_file_name(step: PlanStep, name: str) -> None:
    is_plain = (
        PLAIN_NAME.fullmatch(name) is not None and name.isprintable() and not name.startswith(".")
    )
    if not is_plain or len(name.encode()) > MAX_FILE_NAME_BYTES:
        raise PlanInvalid(
            f"Step {step.key!r}: the file name must be a plain name of at most "
            f"{MAX_FILE_NAME_BYTES} bytes, without a folder.",
            step=step.key,
            field="file_name",
            reason="bad_file_name",
        )
    allowed = EXTENSIONS.get(step.agent, ())
    if PurePath(name).suffix.lower() not in allowed:
        can = ", ".join(allowed) or "no file"
        raise PlanInvalid(
            f"Step {step.key!r}: the agent {step.agent} writes {can}, not {name}.",
            step=step.key,
            field="file_name",
            reason="bad_file_name",
        )
