"""
Identity sessions: a person shows his face and document to the provider, once, and the booking rests on it (§18.12, D10).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.rules import Rules


class SessionStatus(StrEnum):
    """
    Opened, the face is the document's, or it is not.
    """

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class IdentitySession:
    """
    One person before the provider's camera. `who` is a keyed hash of what names the person; `url` is the provider's page.
    """

    id: str
    account: str
    subject: str
    person: str
    who: str
    status: SessionStatus
    url: str
    created_at: datetime
    completed_at: datetime | None = None
    version: int = 1

    def turned(self, status: SessionStatus, at: datetime) -> "IdentitySession":
        """
        Note the provider's word; an outcome stays what it is.
        """
        if status is self.status or self.status is not SessionStatus.PENDING:
            return self
        return replace(self, status=status, completed_at=at, version=self.version + 1)

    def proves(self, *, now: datetime, rules: Rules) -> bool:
        """
        Tell whether it still stands for the person: completed, and not longer ago than the policy allows.
        """
        return (
            self.status is SessionStatus.COMPLETED and self.completed_at is not None and now < self.completed_at + rules.identity_validity
        )
