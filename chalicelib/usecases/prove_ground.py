"""
The ground of a priority place, looked up and bound to the booking in the transaction that takes the place (§6, D13, D14).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Allowed, Refused
from chalicelib.domain.entitlement import Evidence, Listed, customs_answer, entitled, listed
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicle_lists import LISTED, ListEntry, entry_key, entry_key_of
from chalicelib.domain.vehicles import Cargo, Vehicle
from chalicelib.usecases.ports import Bookings, VehicleLists, Write


@dataclass(frozen=True, slots=True)
class Ground:
    """
    A proven ground: the list it rests on, and what the transaction must write for it.
    """

    listed: str | None = None
    writes: tuple[Write, ...] = ()


UNLISTED: Final = Ground()
"""The ground of a place that rests on no list."""


@dataclass(frozen=True, slots=True)
class ProveGround:
    """
    What takes a place, or moves a booking to another day, asks first: all by key and consistent.
    """

    lists: VehicleLists
    bookings: Bookings

    def of_day(self, booking: Booking, *, day: date, now: datetime, rules: Rules) -> Ground | Refused:
        """
        Prove a booking's class on a day: what must be written together with it, or what lacks.

        A list entry serves one booking: taking it is a versioned write, so that of two at once one meets a conflict.
        """
        if not booking.class_.is_priority:
            return UNLISTED
        entry = self.lists.entry(entry_key_of(booking), day) if booking.class_ in LISTED else None
        holder = self.bookings.get(entry.booking) if entry is not None and entry.booking is not None else None
        evidence = Evidence(listed(entry, booking=booking, holder=holder, now=now, rules=rules), customs_answer(booking))
        decision = entitled(class_=booking.class_, cargo=booking.cargo, evidence=evidence, rules=rules)
        if not isinstance(decision, Allowed):
            return decision
        return UNLISTED if entry is None else Ground(entry.list, _taking(entry, booking))

    def of_application(
        self, *, class_: PlaceClass, checkpoint: str, vehicle: Vehicle, cargo: Cargo, now: datetime, rules: Rules
    ) -> Allowed | Refused:
        """
        Test an application before its day is known: some day from today on must be listed.
        """
        found: Sequence[ListEntry] = ()
        if class_ in LISTED:
            found = self.lists.days(entry_key(class_=class_, checkpoint=checkpoint, plate_key=vehicle.plate_key), since=rules.today(now))
        states = {Listed.PRESENT if entry.vin in (None, vehicle.vin_key) else Listed.OTHER_VIN for entry in found}
        state = next((each for each in (Listed.PRESENT, Listed.OTHER_VIN) if each in states), Listed.ABSENT)
        return entitled(class_=class_, cargo=cargo, evidence=Evidence(state), rules=rules)

    def days(self, booking: Booking, *, now: datetime, rules: Rules) -> frozenset[date] | None:
        """
        Name the days on which a listed vehicle may book; none where the class rests on no list.
        """
        if booking.class_ not in LISTED:
            return None
        found = self.lists.days(entry_key_of(booking), since=rules.today(now))
        holders = {each.id: each for each in self.bookings.get_many([entry.booking for entry in found if entry.booking is not None])}
        states = {
            entry.day: listed(entry, booking=booking, holder=holders.get(entry.booking or ""), now=now, rules=rules) for entry in found
        }
        return frozenset(day for day, state in states.items() if state is Listed.PRESENT)


def _taking(entry: ListEntry, booking: Booking) -> tuple[Write, ...]:
    return () if entry.booking == booking.id else (Write(entry.taken(booking.id), entry.version),)
