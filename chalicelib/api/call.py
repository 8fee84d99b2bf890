"""
What a handler is given: one request, parsed, with its caller known and allowed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from chalicelib.api.languages import Language
from chalicelib.api.problems import ProblemError
from chalicelib.domain.decisions import Code

BodyT_co = TypeVar("BodyT_co", covariant=True)
QueryT_co = TypeVar("QueryT_co", covariant=True)


class Role(StrEnum):
    """
    Who may do what (§2.6: the registrar; §14: who runs the equipment for him). Staff have staff roles only: whoever guards the queue does not queue by the same account.
    """

    USER = "user"
    OFFICER = "officer"
    REGISTRAR = "registrar"
    FINANCE = "finance"
    ADMIN = "admin"
    DEVICE_OPERATOR = "device_operator"


class Rights(Protocol):
    """
    An account's rights as they are now: role names and, for an officer, the checkpoints that are his.
    """

    @property
    def roles(self) -> Collection[str]:
        """
        Name the roles.
        """

    @property
    def checkpoints(self) -> Collection[str]:
        """
        Name the checkpoints.
        """


@dataclass(frozen=True, slots=True)
class Principal:
    """
    A signed-in caller: `account` is a pseudonymous id, `session` the refresh family of the token.
    """

    account: str
    roles: frozenset[Role]
    checkpoints: frozenset[str] = frozenset()
    session: str | None = None


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """
    A client's key, what it is good for (account, method, path) and the request it came with, canonically written.
    """

    key: str
    scope: str
    request: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call(Generic[BodyT_co, QueryT_co]):
    """
    One request. `body` and `query` are the operation's models; `raw` is the body as it came, for signatures over bytes.
    """

    body: BodyT_co
    query: QueryT_co
    path: Mapping[str, str]
    headers: Mapping[str, str]
    language: Language
    request_id: str
    address: str = field(repr=False, default="")
    principal: Principal | None = None
    idempotency: IdempotencyKey | None = None
    raw: bytes = field(repr=False, default=b"")

    @property
    def account(self) -> str:
        """
        The caller's account, for operations that are never anonymous.
        """
        if self.principal is None:
            raise LookupError("an anonymous call has no account")
        return self.principal.account

    @property
    def idempotency_key(self) -> IdempotencyKey:
        """
        The key, where it is required; without one the request is refused.
        """
        if self.idempotency is None:
            raise ProblemError.because(Code.IDEMPOTENCY_KEY_REQUIRED)
        return self.idempotency


AnyCall = Call[Any, Any]
