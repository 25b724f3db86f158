"""Which methods a path takes, over all routes that match it (RFC 9110, `Allow`)."""

from fastapi.routing import iter_route_contexts
from starlette.routing import Match, Route
from starlette.types import Scope


def allowed_methods(scope: Scope) -> list[str]:
    """Return the methods of every route that matches the path of this request."""
    methods: set[str] = set()
    for context in iter_route_contexts(scope["app"].routes):
        route = context.original_route
        if isinstance(route, Route) and _matches(route, scope):
            methods |= route.methods or set()
    return sorted(methods)


def _matches(route: Route, scope: Scope) -> bool:
    probe = {"type": scope["type"], "path": scope["path"], "method": scope["method"]}
    probe["root_path"] = scope.get("root_path", "")
    return route.matches(probe)[0] is not Match.NONE
