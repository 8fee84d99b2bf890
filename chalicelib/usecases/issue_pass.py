"""
The pass proves itself: a signed token of number, plate, checkpoint and interval that gate and console check offline (D25).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.contracts.plates import normalize
from chalicelib.domain.bookings import ACTIVE, Booking, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import no_show_at
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Bookings, Clock, Signer


@dataclass(frozen=True, slots=True)
class Pass:
    """
    What is drawn: the booking and the token of its QR code; no person.
    """

    booking: Booking
    token: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class IssuePass:
    """
    `GET /v1/bookings/{id}/pass`.
    """

    bookings: Bookings
    signer: Callable[[], Signer]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, account: str, booking: str) -> Pass | Refused | Missing:
        """
        Sign a confirmed booking's pass; before that there is none.
        """
        found = self.bookings.get(booking)
        if found is None or found.account != account:
            return Missing()
        return self.of(found)

    def of(self, found: Booking) -> Pass | Refused:
        """
        Sign the pass of a booking that the caller may see.
        """
        if found.status not in ACTIVE or found.status is Status.HELD or found.slot_start is None or found.slot_end is None:
            return Refused.because(Code.NOT_CONFIRMED, status=found.status.value)
        rules = self.rules_on(self.clock.now())
        claims = {
            "number": found.number,
            "plate": normalize(found.vehicle.plate),
            "country": found.vehicle.country,
            "checkpoint": found.checkpoint,
            "start": int(found.slot_start.timestamp()),
            "end": int(found.slot_end.timestamp()),
            "version": found.version,
            "exp": int(no_show_at(found, rules).timestamp()),
        }
        return Pass(found, self.signer().sign(claims, typ="pass+jwt"), rules)
