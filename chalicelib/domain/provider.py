"""
What is remembered of the payment provider beside payments: who pays there under which name, and how far its news was read.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Payer:
    """
    An account as the provider knows it: a customer with our pseudonymous id and nothing else. Written before the provider is asked.
    """

    account: str
    created_at: datetime
    version: int
    customer: str | None = None

    @property
    def attempt(self) -> str:
        """
        Our own id for the provider's making of the customer.
        """
        return f"customer:{self.account}"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """
    How far something was read: everything before `at`.
    """

    id: str
    at: datetime
    version: int
