"""What holds for every route of the application, now and when more are added."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from httpx import AsyncClient

from app.core.ids import new_id
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import problem

PUBLIC = {"/health", "/health/live", "/health/ready", "/openapi.json"}
PARAMETER = re.compile(r"\{[^}]+\}")
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


def all_routes(application: FastAPI) -> list[tuple[str, str]]:
    """Return method and path of every route."""
    return [
        (method, str(context.path))
        for context in iter_route_contexts(application.routes)
        for method in sorted((context.methods or set()) - {"HEAD"})
    ]


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and operation of an OpenAPI description."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


class TestEveryRoute:
    async def test_needs_an_identity_unless_it_is_listed_as_public(
        self, application: FastAPI, client: AsyncClient
    ) -> None:
        open_paths = set()
        for method, path in all_routes(application):
            answer = await client.request(method, PARAMETER.sub(new_id(), path))
            if answer.status_code != 401:
                open_paths.add(path)
            else:
                problem(answer, 401, "key_refused")
        assert open_paths == PUBLIC

    async def test_answers_no_500_to_nonsense(self, application: FastAPI, api: AsyncClient) -> None:
        crashed = []
        for method, path in all_routes(application):
            for nonsense in ("%00", "%ff", "0", "a" * 2000, "..", "%F0%9F%98%80", "' OR 1=1"):
                url = nonsense.join(PARAMETER.split(path))
                for headers in ({}, {"Content-Type": "application/json"}):
                    answer = await api.request(
                        method, url, content=b'{"\xf0\x9f\x98\x80": -1}', headers=headers
                    )
                    if answer.status_code >= 500:
                        crashed.append((method, url))
        assert crashed == []

    async def test_refuses_other_methods_and_names_its_own(
        self, application: FastAPI, api: AsyncClient
    ) -> None:
        taken: dict[str, set[str]] = {}
        for method, path in all_routes(application):
            taken.setdefault(path, set()).add(method)
        for path, methods in taken.items():
            if path not in PUBLIC:
                other = next(verb for verb in ("PATCH", "PUT", "DELETE") if verb not in methods)
                answer = await api.request(other, PARAMETER.sub(new_id(), path))
                problem(answer, 405, "method_not_allowed")
                assert methods <= set(answer.headers["Allow"].split(", "))


class TestUnknownPath:
    @pytest.mark.parametrize(
        "path", ["/", "/nothing", "/docs", "/redoc", "/api/v1", "/api/v1/tasks/", "/api/v1/x/%00"]
    )
    async def test_is_a_problem(self, client: AsyncClient, path: str) -> None:
        problem(await client.get(path), 404, "route_not_found")

    async def test_allow_lists_every_method_of_a_path(self, api: AsyncClient) -> None:
        answer = await api.put("/api/v1/files")
        assert answer.headers["Allow"] == "GET, POST"
        document = problem(answer, 405, "method_not_allowed")
        assert document["detail"] == "This path takes GET and POST, not PUT."


class TestDescription:
    async def test_is_served_without_a_key(self, client: AsyncClient) -> None:
        answer = await client.get("/openapi.json")
        assert answer.status_code == 200
        assert answer.json()["info"]["title"] == "Madang"

    def test_names_each_operation_once(self, application: FastAPI) -> None:
        ids = [operation["operationId"] for _, operation in operations(application.openapi())]
        assert len(ids) == len(set(ids))

    def test_explains_and_tags_each_operation(self, application: FastAPI) -> None:
        bare = [
            name
            for name, operation in operations(application.openapi())
            if not (operation.get("description") and operation.get("tags"))
        ]
        assert bare == []

    def test_shows_key_and_refusal_where_an_identity_is_needed(self, application: FastAPI) -> None:
        silent = [
            name
            for name, operation in operations(application.openapi())
            if "/api/v1" in name
            and not (operation.get("security") and {"401", "503"} <= set(operation["responses"]))
        ]
        assert silent == []

    def test_describes_every_error_as_a_problem(self, application: FastAPI) -> None:
        wrong = [
            f"{name} {status}"
            for name, operation in operations(application.openapi())
            for status, answer in operation["responses"].items()
            if status >= "400" and list(answer["content"]) != ["application/problem+json"]
        ]
        assert wrong == []

    async def test_refers_only_to_what_it_holds(self, client: AsyncClient) -> None:
        text = (await client.get("/openapi.json")).text
        held = (await client.get("/openapi.json")).json()["components"]["schemas"]
        assert set(REFERENCE.findall(text)) <= set(held)
        assert "Problem" in held

    def test_gives_an_example_of_each_order(self, application: FastAPI) -> None:
        schemas = application.openapi()["components"]["schemas"]
        assert schemas["ComplexTaskRequest"]["examples"]
        assert schemas["ExecutePlanRequest"]["examples"]


class TestIdentifiedRoutes:
    async def test_leave_no_user_behind(
        self, application: FastAPI, client: AsyncClient, mina: KeyHolder
    ) -> None:
        assert (await client.get("/api/v1/me", headers=mina.headers)).status_code == 200
        problem(await client.get("/api/v1/me"), 401, "key_refused")

    def test_are_all_of_one_class(self, application: FastAPI) -> None:
        kinds = {
            type(context.original_route).__name__
            for context in iter_route_contexts(application.routes)
            if str(context.path).startswith("/api/")
            and isinstance(context.original_route, APIRoute)
        }
        assert kinds == {"IdentifiedRoute"}
