"""
One declaration per endpoint: from it come the route, the validation, OpenAPI, the authorization and its tests.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel

from chalicelib.api.answers import Answer, Document
from chalicelib.api.call import AnyCall, Role
from chalicelib.domain.decisions import Code, Refused
from chalicelib.usecases.outcomes import Missing

Answered = BaseModel | Answer | Document | Refused | Missing | None
Handler = Callable[[AnyCall], Answered]

PUBLIC: Final[frozenset[Role]] = frozenset()
SIGNED_IN: Final = frozenset(Role)


class Rate(StrEnum):
    """
    How often a caller may: the limits themselves belong to the gateway in front.
    """

    READ = "read"
    WRITE = "write"
    OTP = "otp"
    PAYMENT = "payment"
    WEBHOOK = "webhook"
    LINK = "link"


class Key(StrEnum):
    """
    Whether a request takes an `Idempotency-Key`.
    """

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class PathParameter:
    """
    A name in the path. What does not match its pattern names nothing: 404, as for an unknown one.
    """

    pattern: str
    description: str
    example: str

    def accepts(self, value: str) -> bool:
        """
        Tell whether the value could name anything.
        """
        return re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True, slots=True)
class Operation:
    """
    Everything that is to know about an endpoint. `checkpoint` and `own` name path parameters: the officer's own checkpoint
    is checked before the handler, the user's own object by the use case (404 when it is another's).
    `raw_types`: media types of a body that is no JSON model, none: any.
    `secret`: whoever knows the path may, so no answer is kept on the way.
    `unversioned`: what a polled view's `ETag` does not depend on, as pydantic's `exclude`.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    tags: tuple[str, ...]
    roles: frozenset[Role]
    response: type[BaseModel] | None
    status: int = 200
    request: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    parameters: Mapping[str, PathParameter] | None = None
    answers: Mapping[int, type[BaseModel]] | None = None
    media_types: tuple[str, ...] = ()
    raw_limit: int | None = None
    raw_types: tuple[str, ...] = ()
    own: str | None = None
    checkpoint: str | None = None
    idempotency: Key | None = None
    problems: tuple[Code, ...] = ()
    rate: Rate = Rate.READ
    rule: str | None = None
    polled: bool = False
    secret: bool = False
    unversioned: Any = None

    @property
    def id(self) -> str:
        """
        Name it as OpenAPI's `operationId` does: the handler's name.
        """
        return self.handler.__name__

    @property
    def name(self) -> str:
        """
        Name it as people do: `POST /v1/bookings`.
        """
        return f"{self.method} {self.path}"

    @property
    def public(self) -> bool:
        """
        Tell whether nobody is asked who he is.
        """
        return not self.roles


OPERATIONS: Final[dict[tuple[str, str], Operation]] = {}
"""Every declared operation by method and path, in the order of declaration."""


def operation(method: str, path: str, **declared: Any) -> Callable[[Handler], Handler]:
    """
    Declare an endpoint. Whatever `Operation` has may be given; `roles` must be. Its route is a line of `routes.json`.
    """
    if "roles" not in declared:
        raise TypeError(f"{method} {path}: roles are missing; say PUBLIC when everybody may")

    def declare(handler: Handler) -> Handler:
        made = Operation(method=method, path=path, handler=handler, **declared)
        check(made)
        OPERATIONS[method, path] = made
        return handler

    return declare


def check(made: Operation) -> None:
    """
    Refuse a declaration that contradicts itself, at import, so that it never ships.
    """
    named = set(re.findall(r"{(\w+)}", made.path))
    faults = {
        "is declared twice": (made.method, made.path) in OPERATIONS,
        "describes other path parameters than it has": set(made.parameters or {}) != named,
        "names an unknown parameter": not {item for item in (made.own, made.checkpoint) if item} <= named,
        "reads a body by GET": made.method == "GET" and (made.request is not None or made.idempotency is not None),
        "is polled but is no GET with a view": made.polled and (made.method != "GET" or made.response is None),
        "owns something for nobody": made.own is not None and made.public,
    }
    for sentence, found in faults.items():
        if found:
            raise TypeError(f"{made.name} {sentence}")


def replace_handler(made: Operation, handler: Handler) -> Operation:
    """
    Give the same declaration with another handler, for tests of the machinery itself.
    """
    return replace(made, handler=handler)
