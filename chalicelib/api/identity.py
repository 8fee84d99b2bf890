"""
Who calls, and whether he may: a bearer token says who, the store says what rights he has now. Denied unless declared.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from chalicelib import wiring
from chalicelib.api.call import Principal, Rights, Role
from chalicelib.api.problems import ProblemError
from chalicelib.domain.decisions import Code, Reason
from chalicelib.gateways.tokens import UnableToVerifyTokenError
from chalicelib.jurisdictions import jurisdiction

BEARER = "bearer "


class Identity(Protocol):
    """
    What the API asks of the wiring to know its caller.
    """

    def claims_of(self, token: str) -> Mapping[str, Any]:
        """
        Give a valid access token's claims (`sub`, perhaps `sid`), or raise `UnableToVerifyTokenError`.
        """

    def rights_of(self, account: str) -> Rights | None:
        """
        Read an account's rights as they are now; none: there is no such account any more.
        """


def identity() -> Identity:
    """
    Find the wiring's identity: the one door through which tests bring callers of their own.
    """
    return wiring.identity()


def authenticate(header: str | None) -> Principal | None:
    """
    Recognize the caller: none for no credentials at all, 401 for any that do not hold, always the same.
    """
    if header is None:
        return None
    if header[: len(BEARER)].lower() != BEARER:
        raise ProblemError(Reason(Code.UNAUTHENTICATED))
    known = identity()
    try:
        claims = known.claims_of(header[len(BEARER) :].strip())
    except UnableToVerifyTokenError as error:
        raise ProblemError(Reason(Code.UNAUTHENTICATED)) from error
    rights = known.rights_of(claims["sub"])
    if rights is None:
        raise ProblemError(Reason(Code.UNAUTHENTICATED))
    return Principal(claims["sub"], frozenset(Role(name) for name in rights.roles), frozenset(rights.checkpoints), claims.get("sid"))


def authorize(principal: Principal | None, *, roles: frozenset[Role], checkpoint: str | None) -> None:
    """
    Let a caller with one of the roles pass; an officer only to his own checkpoint (403: checkpoints are public; 404: there is none).
    """
    if not roles:
        return
    if principal is None:
        raise ProblemError(Reason(Code.UNAUTHENTICATED))
    held = principal.roles & roles
    if not held:
        raise ProblemError(Reason(Code.FORBIDDEN))
    if checkpoint is not None and held == {Role.OFFICER} and checkpoint not in principal.checkpoints:
        if jurisdiction().checkpoint(checkpoint) is None:
            raise ProblemError(Reason(Code.NOT_FOUND))
        raise ProblemError(Reason(Code.NOT_YOUR_CHECKPOINT, parameters={"checkpoint": checkpoint}))
