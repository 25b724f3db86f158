"""Errors as the API answers them: problem documents of RFC 9457."""

from typing import Any

from pydantic import Field

from app.schemas.base import Frozen


class FieldProblem(Frozen):
    """What is wrong with one part of a request; the value itself is never repeated."""

    location: str = Field(description="body, query, path or header.")
    pointer: str = Field(description="JSON pointer (RFC 6901) to the part within its location.")
    message: str = Field(description="What is wrong with it.")


class Problem(Frozen):
    """A problem document, sent as `application/problem+json`."""

    type: str = Field(
        description="A URN that names the kind of problem.",
        examples=["urn:madang:error:task_missing"],
    )
    title: str = Field(description="The kind of problem in words.", examples=["Task missing"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(
        description="What happened and how to go on.",
        examples=["There is no task 3f0e1c5a-9d8e-4c55-8f38-0f6b5e8f2a11 among yours."],
    )
    code: str = Field(description="The stable code of the error.", examples=["task_missing"])
    request_id: str | None = Field(
        default=None, description="The `X-Request-ID` of this answer; the log knows it."
    )
    facts: dict[str, Any] | None = Field(default=None, description="More, for machines.")
    errors: tuple[FieldProblem, ...] | None = Field(
        default=None, description="Each part of the request that is wrong."
    )
