"""
What a use case answers, and how a repeated request gets its first successful answer again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.records import RequestRecord
from chalicelib.usecases.ports import Requests


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """
    A request that must act once: `key` is account + method + path + Idempotency-Key, `body_hash` a keyed hash of its body.
    """

    key: str
    body_hash: str

    def record(self, *, status: int, resource: str, answer: Mapping[str, Any], at: datetime) -> RequestRecord:
        """
        Keep the answer beside what it reports, in the same transaction.
        """
        return RequestRecord(self.key, self.body_hash, status, resource, json.dumps(answer), at)


@dataclass(frozen=True, slots=True)
class Done:
    """
    A success: HTTP status, the resource's id and non-personal fields of the answer beyond the resource itself.
    """

    status: int
    resource: str
    answer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """
    There is no such thing, or it is not the caller's.
    """


Outcome = Done | Refused | Missing


def replay(requests: Requests, request: IdempotentRequest, *, now: datetime) -> Done | Refused | None:
    """
    Give the first successful answer again; another body under the same key is refused; none: go on.
    """
    record = requests.find(request.key, now=now)
    if record is None:
        return None
    if record.body_hash != request.body_hash:
        return Refused.because(Code.IDEMPOTENCY_KEY_REUSED)
    return Done(record.status, record.resource, json.loads(record.answer))
