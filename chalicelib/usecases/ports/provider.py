"""
What is kept about the payment provider beside payments.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.provider import Bookmark, Payer
from chalicelib.domain.reconciliation import Difference
from chalicelib.domain.refunds import Refund
from chalicelib.usecases.ports.writing import Page


class Payers(Protocol):
    """
    Accounts as the payment provider knows them, consistent.
    """

    def payer(self, account: str) -> Payer | None: ...


class Bookmarks(Protocol):
    """
    How far something was read, consistent.
    """

    def bookmark(self, bookmark: str) -> Bookmark | None: ...


class Refunds(Protocol):
    """
    Refunds to cards by id, consistent; `due` is for finding work only.
    """

    def refund(self, refund: str) -> Refund | None: ...
    def refunds(self, refunds: Sequence[str]) -> Sequence[Refund]: ...
    def due(self, *, until: datetime, limit: int) -> Sequence[Refund]: ...


class Differences(Protocol):
    """
    What did not agree with the provider: by id consistently, open or cleared for lists, latest first.
    """

    def difference(self, difference: str) -> Difference | None: ...
    def listed(self, *, cleared: bool, limit: int, cursor: str | None) -> Page[Difference]: ...
