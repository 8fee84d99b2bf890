"""
The one account of the double: its objects, and the events that tell of their changes.
"""

import copy
import random
from dataclasses import dataclass
from typing import Any

from local.payments.deliveries import Deliveries
from local.payments.knobs import KnobBoard
from local.payments.objects import Objects, new_id
from local.payments.parameters import Parameters

API_VERSION = "2026-10-28.endive"
SHUFFLE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Call:
    """
    One authorized call: the object it is addressed to, its parameters, and the second in which it came.
    """

    request: str
    parameters: Parameters
    now: int
    reference: str = ""
    idempotency_key: str | None = None
    api_version: str = API_VERSION
    publishable: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What the account allows and wants to hear of; `events` of `*` are all, `webhooks` is whether anybody listens.
    """

    minimum_amount: int = 25_000
    events: frozenset[str] = frozenset({"*"})
    webhooks: bool = True


class Account:
    """
    Objects and events, changed within the caller's transaction.
    """

    def __init__(self, *, objects: Objects, deliveries: Deliveries, knobs: KnobBoard, terms: Terms) -> None:
        self.objects = objects
        self.terms = terms
        self._deliveries = deliveries
        self._knobs = knobs

    def emit(self, kind: str, *, subject: dict[str, Any], call: Call, changed: dict[str, Any] | None = None) -> None:
        """
        Record that something happened to an object, with the object as it is now, and queue its webhooks.
        """
        heard = self.terms.webhooks and ("*" in self.terms.events or kind in self.terms.events)
        data: dict[str, Any] = {"object": copy.deepcopy(subject)}
        if changed is not None:
            data["previous_attributes"] = changed
        identity = new_id("evt")
        event = {
            "id": identity,
            "object": "event",
            "api_version": call.api_version,
            "created": call.now,
            "data": data,
            "livemode": False,
            "pending_webhooks": int(heard),
            "request": {"id": call.request, "idempotency_key": call.idempotency_key},
            "type": kind,
        }
        self.objects.put(event)
        if heard:
            self._queue(identity, now=call.now)

    def _queue(self, event: str, *, now: int) -> None:
        knobs = self._knobs.webhooks
        for _ in range(knobs.duplicate):
            late = random.uniform(0, SHUFFLE_SECONDS) if knobs.shuffle else 0.0
            self._deliveries.add(event=event, due=now + knobs.delay_seconds + late)
