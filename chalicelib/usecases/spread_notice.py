"""
One notice becomes a line in the cabinet and one message for each recipient, in one commit: nobody's phone keeps another's back (§29, §34, D21).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.notices import Notification, is_true, kind_of
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.rules import Rules
from chalicelib.usecases.deliver_outbox import UndeliveredError
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Remove, Write

USER: Final = "user"
ENVELOPE: Final = frozenset({"template", "booking", "account", "person"})
"""What of a message's payload is its address, not its contents."""


@dataclass(frozen=True, slots=True)
class SpreadNotice:
    """
    The task `notify`. Needs no personal data, so the cabinet learns of everything though their store be away.
    """

    committer: Committer
    bookings: Bookings
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, message: OutboxMessage) -> bool:
        """
        Replace the message by what it becomes: true; false: nothing is to be told any more. Raises `UndeliveredError`, as when another sweep
        was first: what is put off then is there no more.
        """
        name = message.payload.get("booking")
        booking = self.bookings.get(str(name)) if name else None
        template = str(message.payload["template"])
        if booking is not None and not is_true(template=template, figures=message.payload, booking=booking):
            return False
        line = self._line(message, template)
        told = [replace(self._one(message, who, line.id), payload={**message.payload, "to": who}) for who in recipients(booking, template)]
        if not isinstance(self.committer.commit(Remove(message, message.version), Write(line), *map(Write, told)), Committed):
            raise UndeliveredError(message.id)
        return True

    def _line(self, message: OutboxMessage, template: str) -> Notification:
        rules = self.rules_on(message.created_at)
        figures = {name: value for name, value in message.payload.items() if name not in ENVELOPE and value is not None}
        return Notification(
            account=str(message.payload["account"]),
            id=f"{message.created_at.astimezone(UTC):%Y%m%dT%H%M%S%f}.{message.id}",
            at=message.created_at,
            template=template,
            figures=figures,
            keep_until=message.created_at + rules.notification_kept,
            booking=str(message.payload["booking"]) if message.payload.get("booking") else None,
        )

    def _one(self, message: OutboxMessage, who: str, line: str) -> OutboxMessage:
        # the line's id has the notice's instant: the same notice given again on another day is another message
        return replace(message, id=f"{Task.TELL.value}.{line}.{who}", task=Task.TELL, due_at=self.clock.now(), tries=0, version=1)


def recipients(booking: Booking | None, template: str) -> Sequence[str]:
    """
    Name who is told: the account's user, and the ids of the drivers where it concerns their trip.
    """
    if booking is None or not kind_of(template).trip:
        return (USER,)
    return (USER, *dict.fromkeys(driver.person for driver in booking.drivers))
