"""
Samples of consents and identity sessions.
"""

from datetime import datetime, timedelta, timezone

from chalicelib.domain.consents import Consent, ConsentStatus, Text, Via
from chalicelib.domain.identity import IdentitySession, SessionStatus

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=timezone(timedelta(hours=5)))
TEXT = Text("2026.11", "ab")


def consent(**changes):
    """
    A driver's consent through the state service.
    """
    fields = {"account": "acc_1", "id": "cns_1", "person": "per_2", "subject": "driver", "via": Via.STATE_SERVICE}
    fields |= {"status": ConsentStatus.GIVEN, "text": TEXT, "asked_at": NOW, "answered_at": NOW}
    return Consent(**{**fields, **changes})


def session(**changes):
    """
    A completed session of the account's holder.
    """
    fields = {"id": "ids_1", "account": "acc_1", "subject": "user", "person": "per_1", "who": "ab", "status": SessionStatus.COMPLETED}
    return IdentitySession(**{**fields, "url": "https://x", "created_at": NOW, "completed_at": NOW, **changes})


def everything():
    """
    One of each.
    """
    return [consent(), session()]
