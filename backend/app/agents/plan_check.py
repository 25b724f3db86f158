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
PLAIN_NAME = re.compile(r"[^/\\]+")


def check_steps(steps: Sequence[PlanStep]) -> None:
    """Check that the steps form a DAG and that each can write the file that it names.

    Raises:
        PlanInvalid: They do not; the message names the step and what to change.
    """
    topological_order(steps)
    names = [output_name(step) for step in steps if step.agent in DEFAULT_NAMES]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise PlanInvalid(f"Two steps write the same file: {', '.join(repeated)}; rename one.")
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
            f"{MAX_FILE_NAME_BYTES} bytes, without a folder."
        )
    allowed = EXTENSIONS.get(step.agent, ())
    if PurePath(name).suffix.lower() not in allowed:
        can = ", ".join(allowed) or "no file"
        raise PlanInvalid(f"Step {step.key!r}: the agent {step.agent} writes {can}, not {name}.")
