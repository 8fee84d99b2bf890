"""
Who calls, by his token; what he may, as the store says now: the token never carries rights.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.domain.records import Account
from chalicelib.usecases.ports import Accounts


class TokenReader(Protocol):
    """
    Reads access tokens; raises where one does not hold.
    """

    def claims_of(self, token: str) -> Mapping[str, Any]:
        """
        Give a valid token's claims.
        """


@dataclass(frozen=True, slots=True)
class KnowCaller:
    """
    The API's view of a caller.
    """

    accounts: Accounts
    tokens: Callable[[], TokenReader]

    def claims_of(self, token: str) -> Mapping[str, Any]:
        """
        Give a valid access token's claims.
        """
        return self.tokens().claims_of(token)

    def rights_of(self, account: str) -> Account | None:
        """
        Read the account whose roles and checkpoints count at this request.
        """
        return self.accounts.account(account)
