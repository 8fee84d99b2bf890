"""
Every route, known before its code is: a noun's module loads with its first request, so that a cold start waits for libraries, hardly for us.
"""

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import jwt
import pydantic
import pynamodb.connection
from chalice.app import Blueprint, Response

TABLE: Final = Path(__file__).with_name("routes.json")
LIBRARIES: Final = (jwt, pydantic, pynamodb.connection)
"""Loaded here because a Lambda's init phase has a whole core to itself; every request needs them."""


def routes() -> Mapping[str, list[list[str]]]:
    """
    Read the table: a noun's module → its methods and paths.
    """
    table: Mapping[str, list[list[str]]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def load_all() -> None:
    """
    Load every noun: for the OpenAPI document, and where a process lives long.
    """
    for module in routes():
        importlib.import_module(module)


def route(blueprint: Blueprint, *, method: str, path: str, module: str | None = None) -> None:
    """
    Register the route of an operation; `module` declares it when first asked.
    """
    blueprint.route(path, methods=[method], content_types=["*/*"])(_view(blueprint, method, path, module))


def _view(blueprint: Blueprint, method: str, path: str, module: str | None) -> Callable[..., Response]:
    def view(**arguments: str) -> Response:
        if module is not None:
            importlib.import_module(module)
        from chalicelib.api import operation, serving  # noqa: PLC0415 - with the first request

        return serving.serve(operation.OPERATIONS[method, path], blueprint.current_request, arguments)

    view.__name__ = f"{method} {path}"
    return view


def blueprint_of_all() -> Any:
    """
    Make the blueprint of the whole API.
    """
    blueprint = Blueprint(__name__)
    for module, known in routes().items():
        for method, path in known:
            route(blueprint, method=method, path=path, module=module)
    return blueprint
