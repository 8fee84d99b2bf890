"""
An officer opens or closes a barrier: for a match he confirms, or by a ground that is counted and reported (§11, D26).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.contracts.commands import Command, CommandKind, Ground
from chalicelib.domain.bookings import EXPECTED, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.records import Event, OutboxMessage, Task
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, DeviceLink, Requests, StoreBusyError, Write


@dataclass(frozen=True, slots=True)
class Order:
    """
    What the officer wants: a lane of his checkpoint, on what ground and why.
    """

    checkpoint: str
    lane: str
    kind: CommandKind
    ground: Ground
    reason: str
    booking: str | None


@dataclass(frozen=True, slots=True)
class CommandBarrier:
    """
    `POST /v1/officer/checkpoints/{id}/lanes/{lane}/barrier`.
    """

    committer: Committer
    bookings: Bookings
    requests: Requests
    link: Callable[[], DeviceLink]
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, officer: str, order: Order, request: IdempotentRequest | None) -> Outcome:
        """
        Keep who, when and why, and have the command sent: 202 with its id. Raises `StoreBusyError`.
        """
        now = self.clock.now()
        known = replay(self.requests, request, now=now) if request else None
        if known is not None:
            return known
        number = None
        if order.ground is Ground.MATCH_CONFIRMED:
            if order.booking is None:
                return Refused.because(Code.MATCH_REQUIRED, "11")
            booking = self.bookings.get(order.booking)
            if booking is None or booking.checkpoint != order.checkpoint:
                return Missing()
            if booking.status not in EXPECTED and booking.status is not Status.ADMITTED:
                return Refused.because(Code.MATCH_REQUIRED, "11")
            number = booking.number
        return self._send(officer, order, number, request, now)

    def _send(self, officer: str, order: Order, number: str | None, request: IdempotentRequest | None, now: datetime) -> Outcome:
        rules = self.rules_on(now)
        id_ = self.chance.id("cmd")
        day = rules.today(now)
        detail = {"lane": order.lane, "command": order.kind.value, "booking": order.booking, "reason": order.reason}
        event = Event(
            id=f"{order.checkpoint}.{day}.{id_}.000001",
            aggregate=id_,
            aggregate_version=1,
            checkpoint=order.checkpoint,
            day=day,
            kind="barrier_command",
            at=now,
            by=f"officer:{officer}",
            ground=order.ground.value,
            detail=detail,
        )
        payload: dict[str, str | int | None] = {
            "checkpoint": order.checkpoint,
            "lane": order.lane,
            "kind": order.kind.value,
            "author": officer,
            "ground": order.ground.value,
            "booking": order.booking if order.ground is Ground.MATCH_CONFIRMED else None,  # no other ground admits a booking
            "number": number,
            "valid_until": (now + rules.command_validity).isoformat(),
        }
        row = OutboxMessage(f"command.{id_}", Task.COMMAND, id_, 1, now, now, payload)
        writes = [Write(event), Write(row)]
        if request is not None:
            writes.append(Write(request.record(status=202, resource=id_, answer={"event": event.id}, at=now)))
        if not isinstance(self.committer.commit(*writes), Committed):
            raise StoreBusyError("command")
        return Done(202, id_, {"event": event.id})

    def deliver(self, message: OutboxMessage) -> None:
        """
        Send a kept command to its gateway; one that ran out is not sent at all.
        """
        payload = {name: str(value) for name, value in message.payload.items() if value is not None}
        valid_until = datetime.fromisoformat(payload["valid_until"])
        if valid_until <= self.clock.now():
            return
        command = Command(
            id=message.aggregate,
            lane=payload["lane"],
            kind=CommandKind(payload["kind"]),
            author=payload["author"],
            ground=Ground(payload["ground"]),
            valid_until=valid_until,
            booking=payload.get("booking"),
            booking_number=payload.get("number"),
        )
        self.link().publish_command(checkpoint=payload["checkpoint"], command=command)
