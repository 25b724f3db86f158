"""The application class: FastAPI with one description of its errors."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from app.schemas.problem import Problem

REFERENCE = "#/components/schemas/{model}"
DESCRIPTION = """Turn a goal and some files into finished, sourced office files.

Every route below `/api/v1` needs a key: `Authorization: Bearer md_live_…`. Errors are problem
documents (RFC 9457) with a stable `code`. Times are UTC, money is in US dollars. This description
is at `/openapi.json`; the server has no page at `/docs`."""
# FastAPI's own shape of a validation error, which this API never sends.
UNUSED = ("HTTPValidationError", "ValidationError")
PROMISED_BY_FASTAPI = "422"


class MadangAPI(FastAPI):
    """The application; its OpenAPI description knows the problem document."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description, made once."""
        if self.openapi_schema is None:
            description = super().openapi()
            _describe_problems(description)
        return super().openapi()


def _describe_problems(description: dict[str, Any]) -> None:
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    _, problem = models_json_schema([(Problem, "serialization")], ref_template=REFERENCE)
    schemas.update(problem["$defs"])
    for name in UNUSED:
        schemas.pop(name, None)
    for methods in description["paths"].values():
        for operation in methods.values():
            _drop_unused_answer(operation["responses"])


def _drop_unused_answer(responses: dict[str, Any]) -> None:
    content = responses.get(PROMISED_BY_FASTAPI, {}).get("content", {})
    if "application/json" in content:
        del responses[PROMISED_BY_FASTAPI]


def operation_id(route: APIRoute) -> str:
    """Return the name of an operation: its function's."""
    return route.name
