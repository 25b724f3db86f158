"""What was typed after `madang plan edit`, as edits of a plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.cli.errors import OptionInvalid
from app.cli.input_files import refusal
from app.cli.options import clean_argument
from app.core.policy import Policy
from app.schemas.plan_edit import MAX_EDITS, PlanEdit, StepFields

NUMBERS: dict[str, type[int] | type[float]] = {
    "slide_count": int,
    "cap_usd": float,
    "deadline_s": float,
}
LISTS = frozenset({"depends_on", "after"})
YES_AND_NO = {"yes": True, "true": True, "no": False, "false": False}
MAX_EDITS_BYTES = 1_000_000
EDITS: TypeAdapter[tuple[PlanEdit, ...]] = TypeAdapter(tuple[PlanEdit, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class EditFlags:
    """The options of the command, as typed."""

    path: Path | None
    added: Sequence[str]
    changes: Sequence[str]
    moved: Sequence[str]
    removed: Sequence[str]
    policy: Policy | None = None


def edits_of(flags: EditFlags) -> tuple[PlanEdit, ...]:
    """Return the edits: those of the file, then what is added, set, moved and removed.

    Raises:
        OptionInvalid: One of them cannot be understood.
        PathMissing, PathDenied, PathUnusable: The file cannot be read.
    """
    raw = [
        *(_of_file(flags.path) if flags.path is not None else ()),
        *(_added(clean_argument(text)) for text in flags.added),
        *(_changed(clean_argument(text)) for text in flags.changes),
        *(_moved(clean_argument(text)) for text in flags.moved),
        *({"op": "remove", "key": clean_argument(key)} for key in flags.removed),
    ]
    if len(raw) > MAX_EDITS:
        raise OptionInvalid(f"{len(raw)} edits were given; at most {MAX_EDITS} go together.")
    try:
        return EDITS.validate_python(raw)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise OptionInvalid(f"Edit {place} cannot be used: {wrong['msg']}.") from None


def _of_file(path: Path) -> list[Any]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_EDITS_BYTES + 1)
    except OSError as error:
        raise refusal(path, error) from error
    if len(content) > MAX_EDITS_BYTES:
        raise OptionInvalid(f"{path} is too long for a list of edits.")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise OptionInvalid(f"{path} holds no JSON list of edits.")
    return found


def _added(text: str) -> dict[str, Any]:
    key, _, rest = text.partition(":")
    agent, _, title = rest.partition(":")
    if not (key and agent and title):
        raise OptionInvalid(f"--add takes KEY:AGENT:TITLE, not {text[:60]!r}.")
    return {"op": "add", "step": {"key": key, "agent": agent, "title": title}}


def _moved(text: str) -> dict[str, Any]:
    key, _, place = text.partition(":")
    if not (key and place.isascii() and place.isdigit()):
        raise OptionInvalid(f"--move takes KEY:PLACE with a number, not {text[:60]!r}.")
    return {"op": "move", "key": key, "position": place}


def _changed(text: str) -> dict[str, Any]:
    target, equals, value = text.partition("=")
    key, _, field = target.partition(".")
    if not (key and equals and field in StepFields.model_fields):
        raise OptionInvalid(
            f"--set takes KEY.FIELD=VALUE with one of the fields "
            f"{', '.join(StepFields.model_fields)}, not {text[:60]!r}."
        )
    return {"op": "change", "key": key, field: _value(field, value.strip())}


def _value(field: str, text: str) -> str | bool | float | tuple[str, ...] | None:
    if field in LISTS:
        return tuple(key for part in text.split(",") if (key := part.strip()))
    if field == "required" and text:
        if text.lower() not in YES_AND_NO:
            raise OptionInvalid(f"--set takes yes or no for required, not {text[:60]!r}.")
        return YES_AND_NO[text.lower()]
    if field in NUMBERS and text:
        return _number(field, text)
    return text or None


def _number(field: str, text: str) -> float:
    try:
        return NUMBERS[field](text)
    except ValueError:
        raise OptionInvalid(f"--set takes a number for {field}, not {text[:60]!r}.") from None
