"""The shape of a model's answer: small bounded models, their JSON Schema, and the way back.

The schema sent is the strict form that providers accept: every property required, nothing extra,
no defaults and no string lengths (said in words instead); pydantic checks the bounds afterwards.
"""

import json
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.errors import Invalid

DROPPED_KEYWORDS = ("default", "title", "minLength", "maxLength", "pattern")
SHOWN_PROBLEMS = 8


class Answer(BaseModel):
    """The base of every answer; unknown properties are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


AnswerT = TypeVar("AnswerT", bound=Answer)


class AnswerUnreadable(Invalid):
    """The text is not an answer of the wanted shape; the message tells the model why."""

    code: ClassVar[str] = "answer_unreadable"


def answer_schema(answer: type[Answer]) -> dict[str, Any]:
    """Return the strict JSON Schema of an answer."""
    schema = _strict(answer.model_json_schema())
    if not isinstance(schema, dict):
        message = f"{answer.__name__} has no object schema"
        raise TypeError(message)
    return schema


def _strict(node: object) -> object:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "properties" in node and isinstance(node["properties"], dict):
        properties = {name: _strict(child) for name, child in node["properties"].items()}
        rest = {k: _strict(v) for k, v in node.items() if k not in {"properties", "title"}}
        return rest | {
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    strict = {k: _strict(v) for k, v in node.items() if k not in DROPPED_KEYWORDS}
    if isinstance(node.get("maxLength"), int):
        bound = f"At most {node['maxLength']} characters."
        strict["description"] = f"{node.get('description', '')} {bound}".strip()
    return strict


def parse_answer(text: str, answer: type[AnswerT]) -> AnswerT:
    """Read the JSON object in `text`, with or without a fence around it.

    Raises:
        AnswerUnreadable: There is no JSON object, or it is outside its schema.
    """
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise AnswerUnreadable("The answer holds no JSON object.")
    try:
        return answer.model_validate(json.loads(text[start : end + 1]))
    except json.JSONDecodeError as error:
        raise AnswerUnreadable(f"The answer is not valid JSON: {error}.") from error
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in e['loc']) or 'answer'}: {e['msg']}"
            for e in error.errors()[:SHOWN_PROBLEMS]
        ]
        raise AnswerUnreadable("; ".join(problems)) from error
