"""
What everybody may look up: who is booked where and when, by plate, never by name; and a day's history, signed (open data).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.bookings import Booking
from chalicelib.domain.public_history import History, history_of
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Bookings, Clock, Histories, KeyedHash, Passages, Signer

LOOKS_BACK = timedelta(days=90)
"""How long an ended booking is found by its plate alone."""
HISTORY_TYPE = "history+jwt"


@dataclass(frozen=True, slots=True)
class OpenRegister:
    """
    Reads for the public; whoever has a number is in the register, whatever became of it.
    """

    bookings: Bookings
    histories: Histories
    passages: Passages
    keyed: KeyedHash
    signer: Callable[[], Signer]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def of_day(self, *, checkpoint: str, day: date) -> Sequence[Booking]:
        """
        List a checkpoint's numbered bookings of a day in queue order.
        """
        return [booking for booking in self.bookings.of_day(checkpoint, day) if booking.number is not None]

    def of_plates(self, plates: Sequence[str]) -> Sequence[Booking]:
        """
        List the numbered bookings of a vehicle, latest slot first; plates are keys (`KZ#123ABC02`), one for each country it may be of.
        """
        since = self.clock.now() - LOOKS_BACK
        found = [booking for plate in plates for booking in self.bookings.find(plate=plate)]
        shown = [
            booking for booking in found if booking.number is not None and booking.slot_start is not None and booking.slot_start > since
        ]
        return sorted(shown, key=lambda booking: (str(booking.day), booking.number or ""), reverse=True)

    def history(self, *, checkpoint: str, day: date) -> History:
        """
        Make a day's history from its events, read consistently.
        """
        now = self.clock.now()
        gateway = self.passages.gateway(checkpoint)
        told_upto = gateway.reported_upto or gateway.last_seen
        events = self.histories.of_day(checkpoint, day)
        rules = self.rules_on(now)
        return history_of(events, checkpoint=checkpoint, day=day, told_upto=told_upto, reference=self._reference, now=now, rules=rules)

    def signed(self, history: History) -> str:
        """
        Sign a history's count and last link, as a compact token under the published keys.
        """
        return self.signer().sign(history.claims, typ=HISTORY_TYPE)

    def _reference(self, id_: str) -> str:
        return self.keyed.of(f"public-history:{id_}")
