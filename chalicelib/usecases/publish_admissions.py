"""
Who may enter in the next 72 hours, signed once per version, sent to the gateway that decides alone (D23, D24).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.contracts import messages
from chalicelib.contracts.admissions import Admission, AdmissionsManifest, AdmissionStatus, in_parts
from chalicelib.contracts.plates import normalize
from chalicelib.domain.bookings import EXPECTED, Booking, Status
from chalicelib.domain.calling import in_queue_order
from chalicelib.domain.records import GatewayState
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import call_at, effective_end, opens_at, stands_until
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, DeviceLink, Passages, Places, Signer, StoreBusyError, Write
from chalicelib.usecases.sold_bookings import running_days, sold_bookings

RESIGN_AFTER = timedelta(hours=6)
MOST_TRIES = 5
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PublishAdmissions:
    """
    Build a checkpoint's list from its sold places (consistent reads), give it a version when it changed, sign and send it.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    passages: Passages
    link: Callable[[], DeviceLink]
    signer: Callable[[], Signer]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, checkpoint: str) -> int:
        """
        Publish the current list: its version. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            rules = self.rules_on(now)
            # the state is read before the list: who published meanwhile makes this version a conflict, so that an older list never follows
            seen = self.passages.gateway(checkpoint)
            text = json.dumps([messages.to_document(item) for item in self._list(checkpoint, now, rules)], ensure_ascii=False)
            digest = hashlib.sha256(text.encode()).hexdigest()
            state = self._versioned(seen, digest, now)
            if state is seen or isinstance(self.committer.commit(Write(state, seen.version)), Committed):
                self._send(state, text, digest, rules)
                return state.admissions_version
        raise StoreBusyError("admissions")

    def _versioned(self, seen: GatewayState, digest: str, now: datetime) -> GatewayState:
        signed = seen.admissions_signed_at
        if seen.admissions_hash == digest and signed is not None and signed <= now < signed + RESIGN_AFTER:
            return seen
        return replace(
            seen,
            version=seen.version + 1,
            admissions_version=seen.admissions_version + 1,
            admissions_hash=digest,
            admissions_signed_at=now,
        )

    def _send(self, state: GatewayState, text: str, digest: str, rules: Rules) -> None:
        signed_at = state.admissions_signed_at or self.clock.now()
        manifest = AdmissionsManifest(
            checkpoint=state.checkpoint,
            version=state.admissions_version,
            parts=len(in_parts(text)),
            sha256=digest,
            valid_from=signed_at,
            valid_until=signed_at + rules.admissions_horizon,
        )
        token = self.signer().sign(messages.to_document(manifest), typ="admissions+jwt")
        self.link().publish_admissions(checkpoint=state.checkpoint, version=manifest.version, text=text, token=token)

    def _list(self, checkpoint: str, now: datetime, rules: Rules) -> Sequence[Admission]:
        days = running_days(self.places, checkpoint=checkpoint, today=rules.today(now), ahead=rules.admissions_horizon.days)
        sold = sold_bookings(self.places, checkpoint=checkpoint, days=days, guests=self.passages.notes(checkpoint).guests)
        coming = in_queue_order([booking for booking in self.bookings.get_many(sold) if may_come(booking)])
        horizon = now + rules.admissions_horizon
        return [item for item in (admission(booking, rules) for booking in coming) if item.opens_at <= horizon]


def may_come(booking: Booking) -> bool:
    """
    Tell whether the gateway needs to know the booking: expected at the gate, or inside and yet to leave.
    """
    return booking.status in EXPECTED or booking.status is Status.ADMITTED


def admission(booking: Booking, rules: Rules) -> Admission:
    """
    Say about a booking what the gate needs: no person, only vehicle and moments.
    """
    if booking.slot_start is None or booking.slot_end is None or booking.number is None:
        raise LookupError(booking.id)
    stopped = booking.suspended if booking.status in EXPECTED else None
    return Admission(
        booking=booking.id,
        version=booking.version,
        number=booking.number,
        plate=normalize(booking.vehicle.plate),
        country=booking.vehicle.country,
        status=AdmissionStatus.SUSPENDED if stopped else AdmissionStatus(booking.status.value),
        class_=booking.class_.value,
        slot_start=booking.slot_start,
        slot_end=booking.slot_end,
        opens_at=opens_at(booking, rules),
        call_due_at=call_at(booking, rules),
        expires_at=stands_until(booking, rules),
        trailer=normalize(booking.trailer.plate) if booking.trailer else None,
        called_at=booking.called_at,
        arrived_at=booking.arrived_at,
        left_area_at=booking.left_area_at,
        officer_only=stopped.reason if stopped else booking.officer_only,
        ends_at=effective_end(booking),
        leave_minutes=rules.leave_within // A_MINUTE,
        reach_minutes=rules.reach_gate_within // A_MINUTE,
    )
