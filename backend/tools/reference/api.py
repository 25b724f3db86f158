"""The page of all routes, from the application's own OpenAPI description."""

from collections.abc import Iterator
from typing import Any

from tools.reference.application import described_api
from tools.reference.markdown import page, table


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and operation of an OpenAPI description."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def type_of(schema: dict[str, Any]) -> str:
    """Return the words for the type of a JSON schema."""
    match schema:
        case {"$ref": reference}:
            words = f"`{reference.rsplit('/', 1)[-1]}`"
        case {"anyOf": parts}:
            words = " or ".join(type_of(part) for part in parts if part.get("type") != "null")
        case {"type": "array"}:
            words = f"list of {type_of(schema.get('items', {}))}"
        case {"enum": values}:
            words = ", ".join(str(value) for value in values)
        case _:
            words = str(schema.get("const", schema.get("format", schema.get("type", "any"))))
    return words


def body_of(operation: dict[str, Any]) -> str:
    """Return a line on the request body, or nothing."""
    content = operation.get("requestBody", {}).get("content", {})
    kinds = [f"{type_of(media['schema'])} as `{name}`" for name, media in content.items()]
    return f"Body: {', '.join(kinds)}." if kinds else ""


def parameters_of(operation: dict[str, Any]) -> str:
    """Return the table of parameters, or nothing."""
    rows = [
        (f"`{p['name']}`", p["in"], type_of(p["schema"]), p.get("description", ""))
        for p in operation.get("parameters", [])
    ]
    return table(("Parameter", "In", "Type", "Meaning"), rows) if rows else ""


def meaning_of(answer: dict[str, Any]) -> str:
    """Return the words for an answer: its own, or the type that it sends."""
    words = answer.get("description", "")
    if words != "Successful Response":
        return str(words)
    kinds = [type_of(media["schema"]) for media in answer.get("content", {}).values()]
    return ", ".join(kinds) or "No body."


def operation_section(method: str, path: str, operation: dict[str, Any]) -> str:
    """Return the section of one route."""
    answers = sorted((s, meaning_of(a)) for s, a in operation["responses"].items())
    parts = [
        f"## {method} {path}",
        operation.get("description") or operation.get("summary", ""),
        body_of(operation),
        parameters_of(operation).strip(),
        table(("Status", "Answer"), answers).strip(),
    ]
    return "\n\n".join(part for part in parts if part)


def schema_section(name: str, schema: dict[str, Any]) -> str:
    """Return the section of one body type."""
    required = set(schema.get("required", []))
    rows = [
        (
            f"`{field}`",
            type_of(part),
            "yes" if field in required else "",
            part.get("description", ""),
        )
        for field, part in schema.get("properties", {}).items()
    ]
    words = " ".join(schema.get("description", "").split())
    fields = table(("Field", "Type", "Required", "Meaning"), rows) if rows else ""
    kind = "" if rows else type_of(schema)
    return "\n\n".join(part for part in (f"### {name}", words, kind, fields.strip()) if part)


def render() -> str:
    """Return the whole page."""
    description = described_api()
    routes = [operation_section(*entry) for entry in operations(description)]
    schemas = description.get("components", {}).get("schemas", {})
    types = [schema_section(name, schemas[name]) for name in sorted(schemas)]
    return page(
        "API",
        "Every route below `/api/v1` needs a key: `Authorization: Bearer md_live_...`. Errors are "
        "[problem documents](errors.md). Times are UTC, money is in US dollars. A running server "
        "gives the same description for machines at `/openapi.json`.",
        *routes,
        "## Types",
        *types,
    )
