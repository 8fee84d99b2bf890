"""
The month through the API: users and officers come in by HTTP, through routes, schemas, rights and problems as Chalice serves them, to the month's own
use cases. Steps and gateway work as before.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final, NoReturn

from chalice.test import Client

from app import app
from bench.month.desk import HERE, Desk
from bench.month.scenario import ZONE
from chalicelib import wiring
from chalicelib.domain.measures import MeasureKind
from chalicelib.usecases.cancel_booking import CancelBooking
from chalicelib.usecases.order_measure import Order, OrderMeasure
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing
from chalicelib.usecases.pay_booking import PayBooking
from chalicelib.usecases.ports import PersonalDataUnavailableError
from chalicelib.usecases.read_bookings import ReadBookings
from chalicelib.usecases.relocate_booking import Elsewhere, RelocateBooking
from chalicelib.usecases.say_ready import SayReady
from chalicelib.usecases.standing_orders import StandingOrders
from chalicelib.usecases.take_place import Choice, TakePlace

OFFICER: Final = "acc_officer"
Door = Callable[..., Done | Missing]
WORD: Final = {MeasureKind.CLOSURE: "closures", MeasureKind.DELAY: "delays", MeasureKind.CAPACITY: "capacity"}
MADE: Final[Mapping[str, type]] = {
    "cancel_booking": CancelBooking,
    "order_measure": OrderMeasure,
    "pay_booking": PayBooking,
    "read_bookings": ReadBookings,
    "relocate_booking": RelocateBooking,
    "say_ready": SayReady,
    "standing_orders": StandingOrders,
    "take_place": TakePlace,
}

KNOWN: Final = ("clock", "law", "identity", "store", "keyed_hash", "rules_on")
"""What else of the wiring the routes ask for."""


class NoPeople:
    """
    Personal data that nobody keeps here: views show bookings without their people.
    """

    def get_many(self, ids: Sequence[str], *, purpose: str) -> NoReturn:
        """
        Say that the store is away.
        """
        raise PersonalDataUnavailableError(f"{len(ids)} for {purpose}")


class NoHistory:
    """
    Events that the month does not keep.
    """

    def of_aggregate(self, _: str) -> Sequence[Any]:
        """
        Know none.
        """
        return ()


class Callers:
    """
    Everybody of the month, known by the token that is his account's name.
    """

    def claims_of(self, token: str) -> Mapping[str, Any]:
        """
        Read a token.
        """
        return {"sub": token}

    def rights_of(self, account: str) -> Any:
        """
        Give a user's rights, or the officer's.
        """
        role = "officer" if account == OFFICER else "user"
        return SimpleNamespace(roles=(role,), checkpoints=(HERE,) if role == "officer" else ())


@dataclass(frozen=True, slots=True)
class Refusal(Missing):
    """
    What the API said no with.
    """

    status: int
    problem: Mapping[str, Any]


class Front:
    """
    The doors that users and officers come in by, each called as its use case is.
    """

    def __init__(self, desk: Desk) -> None:
        self.requests = 0
        self._client = Client(app)
        desk.know(histories=NoHistory(), people=NoPeople())
        for name, use_case in MADE.items():
            setattr(wiring, name, lambda use_case=use_case: desk.made(use_case))
        known = (desk.clock, desk.law, Callers(), SimpleNamespace(measures=desk.shelves), SimpleNamespace(of=str))
        for name, thing in zip(KNOWN, known, strict=False):
            setattr(wiring, name, lambda thing=thing: thing)
        wiring.rules_on = desk.rules_on

    def doors(self) -> Mapping[type, Door]:
        """
        Give the door of each use case that has one.
        """
        return {
            TakePlace: self._take_place,
            PayBooking: self._pay,
            CancelBooking: self._cancel,
            SayReady: self._say_ready,
            RelocateBooking: self._relocate,
            OrderMeasure: self._order,
        }

    def _take_place(self, *, account: str, booking: str, choice: Choice, request: IdempotentRequest) -> Done | Missing:
        body = {"slot_start": _local(choice.slot_start), "pool": choice.pool.value}
        return self._post(account, f"/v1/bookings/{booking}/place", request, body)

    def _pay(self, *, account: str, booking: str, by_card: bool, request: IdempotentRequest) -> Done | Missing:
        return self._post(account, f"/v1/bookings/{booking}/payment", request, {"method": "card" if by_card else "balance"})

    def _cancel(self, *, account: str, booking: str, request: IdempotentRequest) -> Done | Missing:
        return self._post(account, f"/v1/bookings/{booking}/cancel", request)

    def _say_ready(self, *, account: str, booking: str, request: IdempotentRequest) -> Done | Missing:
        return self._post(account, f"/v1/bookings/{booking}/ready", request)

    def _relocate(self, *, account: str, booking: str, elsewhere: Elsewhere, request: IdempotentRequest) -> Done | Missing:
        body = {"checkpoint": elsewhere.checkpoint, "slot_start": _local(elsewhere.slot_start)}
        return self._post(account, f"/v1/bookings/{booking}/relocate", request, body)

    def _order(self, *, officer: str, order: Order, request: IdempotentRequest) -> Done | Missing:
        body: dict[str, Any] = {"reason": order.reason, "from": _local(order.starts), "to": _local(order.ends)}
        if order.kind is MeasureKind.DELAY:
            body["shift_minutes"] = order.minutes
        if order.kind is MeasureKind.CAPACITY and order.capacity is not None:
            last = order.ends - timedelta(days=1) if order.ends is not None else None
            body |= {"from": _local(order.starts)[:10], "to": _local(last)[:10] if last else None, "per_day": order.capacity.per_day}
        body = {name: value for name, value in body.items() if value}
        method = "PUT" if order.kind is MeasureKind.CAPACITY else "POST"
        return self._send(method, officer, f"/v1/officer/checkpoints/{order.checkpoint}/{WORD[order.kind]}", request, body)

    def _post(self, account: str, path: str, request: IdempotentRequest, body: Mapping[str, Any] | None = None) -> Done | Missing:
        return self._send("POST", account, path, request, body)

    def _send(self, method: str, account: str, path: str, request: IdempotentRequest, body: Mapping[str, Any] | None) -> Done | Missing:
        self.requests += 1
        headers = {
            "Authorization": f"Bearer {account}",
            "Idempotency-Key": request.key.replace("#", "-"),
            "Content-Type": "application/json",
        }
        answer = self._client.http.request(method, path, headers=headers, body=json.dumps(body).encode() if body is not None else b"")
        if answer.status_code < 300:
            return Done(answer.status_code, path)
        return Refusal(answer.status_code, json.loads(answer.body))


def _local(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(ZONE).isoformat()


def doors(desk: Desk) -> Mapping[type, Door]:
    """
    Open the API's doors before a month's use cases.
    """
    return Front(desk).doors()
