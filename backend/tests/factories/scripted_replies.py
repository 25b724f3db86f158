"""Answers made from the request alone: its JSON Schema says the shape, its prompt the content.

Known operations are answered so that the whole way through a composer makes sense; any other
schema is filled by its own rules.
"""

import json
import re
from typing import Any

from tests.factories.scripted_composer import WRITERS
from tests.factories.scripted_prompt import ScriptedPrompt

Schema = dict[str, Any]

IN_PROMPT = re.compile(r"JSON Schema (\w+):\n(\{.*\})")
WORD = re.compile(r"[A-Za-z가-힣]{3,}")


def scripted_reply(prompt: str, response_format: Schema | None) -> tuple[str, str]:
    """Return the operation's name and the answer as JSON text."""
    if response_format is not None:
        name = str(response_format["json_schema"]["name"])
        schema = response_format["json_schema"]["schema"]
    else:
        found = IN_PROMPT.search(prompt)
        if found is None:
            return "", "Hello."
        name, schema = found.group(1), json.loads(found.group(2))
    writer = WRITERS.get(name)
    if writer is None:
        return name, json.dumps(fill(schema, schema, prompt), ensure_ascii=False)
    answer = writer(ScriptedPrompt(prompt))
    return name, json.dumps(answer, ensure_ascii=False)


def fill(schema: Schema, root: Schema, prompt: str) -> Any:
    """Return the smallest value that fits a schema, with words of the prompt as texts."""
    if "$ref" in schema:
        return fill(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, prompt)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return fill(schema["anyOf"][-1], root, prompt)
    kind = schema.get("type")
    if kind == "object":
        return {n: fill(s, root, prompt) for n, s in schema.get("properties", {}).items()}
    if kind == "array":
        return [fill(schema["items"], root, prompt)] * max(1, schema.get("minItems", 1))
    plain: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "null": None}
    return plain[kind] if kind in plain else " ".join(WORD.findall(prompt)[:4]) or "text"
