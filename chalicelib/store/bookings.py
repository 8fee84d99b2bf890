"""
Bookings by id, and the sparse indexes that lead to them. Indexes hold keys only: what they find is read again, consistently.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.bookings import Booking, Excuse, Status, Suspension
from chalicelib.domain.money import DepositState, Due
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.registers import Answer
from chalicelib.domain.schedule import NextStep, Step
from chalicelib.domain.vehicles import Cargo, Party, Trailer, Vehicle
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, PositionAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row, shard_of
from chalicelib.usecases.ports import Page

Clockwork = Callable[[Booking], NextStep | None]


class BookingRow(Row):
    """
    One booking.
    """

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    status = ChoiceAttribute(Status)
    class_ = ChoiceAttribute(PlaceClass, attr_name="class")
    checkpoint = UnicodeAttribute()
    toward = UnicodeAttribute()
    created_at = InstantAttribute()
    vehicle = ValueAttribute(Vehicle)
    owner = ValueAttribute(Party)
    drivers = ValueAttribute(tuple[Party, ...])
    authorized_drivers = NumberAttribute()
    cargo = ValueAttribute(Cargo)
    trailer = ValueAttribute(Trailer, null=True)
    user = ValueAttribute(Party, null=True)
    acts_as = UnicodeAttribute()
    checks = ValueAttribute(tuple[Answer, ...])
    refusal = UnicodeAttribute(null=True)
    verify_attempts = NumberAttribute()
    verify_at = InstantAttribute(null=True)
    verified_at = InstantAttribute(null=True)
    pool = ChoiceAttribute(Pool, null=True)
    day = DayAttribute(null=True)
    position = PositionAttribute(null=True)
    slot_start = InstantAttribute(null=True)
    slot_end = InstantAttribute(null=True)
    number = UnicodeAttribute(null=True)
    hold_expires_at = InstantAttribute(null=True)
    hold_extended = BooleanAttribute()
    due = ValueAttribute(Due, null=True)
    attempt = UnicodeAttribute(null=True)
    deposit = ChoiceAttribute(DepositState)
    reschedules_left = NumberAttribute()
    forgiven_on = DayAttribute(null=True)
    confirmed_at = InstantAttribute(null=True)
    reminded_at = InstantAttribute(null=True)
    arrived_at = InstantAttribute(null=True)
    called_at = InstantAttribute(null=True)
    leave_by = InstantAttribute(null=True)
    left_area_at = InstantAttribute(null=True)
    admitted_at = InstantAttribute(null=True)
    crossed_at = InstantAttribute(null=True)
    ended_at = InstantAttribute(null=True)
    annul_not_before = InstantAttribute(null=True)
    crossing_ask_at = InstantAttribute(null=True)
    shift_minutes = NumberAttribute()
    valid_until = InstantAttribute(null=True)
    excuse = ValueAttribute(Excuse, null=True)
    ready_at = InstantAttribute(null=True)
    suspended = ValueAttribute(Suspension, null=True)
    fee_returned = BooleanAttribute()
    plate_corrected = BooleanAttribute()
    demoted = BooleanAttribute()
    listed = UnicodeAttribute(null=True)
    rechecked_at = InstantAttribute(null=True)
    recheck_attempts = NumberAttribute()
    officer_only = UnicodeAttribute(null=True)
    language = UnicodeAttribute()

    plate_key = UnicodeAttribute(null=True)
    vin_key = UnicodeAttribute(null=True)
    checkpoint_day = UnicodeAttribute(null=True)
    due_step = UnicodeAttribute(null=True)
    due_at = InstantAttribute(null=True)

    by_account = index(
        "by_account", {"account": UnicodeAttribute(hash_key=True), "created_at": InstantAttribute(range_key=True)}, keys_only=True
    )
    by_plate = index(
        "by_plate", {"plate_key": UnicodeAttribute(hash_key=True), "created_at": InstantAttribute(range_key=True)}, keys_only=True
    )
    by_vin = index("by_vin", {"vin_key": UnicodeAttribute(hash_key=True), "created_at": InstantAttribute(range_key=True)}, keys_only=True)
    by_number = index("by_number", {"number": UnicodeAttribute(hash_key=True)}, keys_only=True)
    by_day = index(
        "by_day", {"checkpoint_day": UnicodeAttribute(hash_key=True), "position": PositionAttribute(range_key=True)}, keys_only=True
    )
    by_due = index("due", {"due_step": UnicodeAttribute(hash_key=True), "due_at": InstantAttribute(range_key=True)}, keys_only=True)


def booking_kind(next_step: Clockwork) -> Kind[Booking]:
    """
    Describe bookings; `next_step` tells what each waits for and when (`domain.schedule.next_step` under the rules in force).
    """

    def derive(booking: Booking) -> Mapping[str, object]:
        waits = next_step(booking)
        return {
            "plate_key": booking.vehicle.plate_key,
            "vin_key": booking.vehicle.vin_key or None,
            "checkpoint_day": None if booking.day is None else f"{booking.checkpoint}#{booking.day}",
            "due_step": None if waits is None else f"{waits.step}#{shard_of(booking.id)}",
            "due_at": None if waits is None else waits.at,
        }

    return Kind(Booking, BookingRow, "bookings", derive, patched=True)


class StoredBookings:
    """
    The port `Bookings`.
    """

    def __init__(self, reader: Reader, kind: Kind[Booking]) -> None:
        self._reader = reader
        self._kind = kind

    def get(self, booking: str) -> Booking | None:
        """
        Read one, consistently.
        """
        return self._reader.get(self._kind, booking)

    def get_many(self, bookings: Sequence[str]) -> Sequence[Booking]:
        """
        Read several in the order asked for, consistently; unknown ones are left out.
        """
        return self._reader.get_many(self._kind, bookings)

    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Booking]:
        """
        List an account's bookings, newest first.
        """
        page = self._reader.page(self._kind, account, index="by_account", limit=limit, cursor=cursor)
        return Page(self.get_many([row.id for row in page.items]), page.next_cursor)

    def of_day(self, checkpoint: str, day: date) -> Sequence[Booking]:
        """
        List a checkpoint's bookings of a day in queue order; one that has just come or gone may be missing.
        """
        found = self._ids("by_day", f"{checkpoint}#{day}")
        return [booking for booking in self.get_many(found) if booking.checkpoint == checkpoint and booking.day == day]

    def find(self, *, plate: str | None = None, vin: str | None = None, number: str | None = None) -> Sequence[Booking]:
        """
        Find bookings by plate key (`KZ#…`), VIN key or number; newest first.
        """
        asked = {"by_plate": plate, "by_vin": vin, "by_number": number}
        ids = [id_ for index, key in asked.items() if key for id_ in self._ids(index, key, ascending=False)]
        return [booking for booking in self.get_many(list(dict.fromkeys(ids))) if _fits(booking, plate=plate, vin=vin, number=number)]

    def due(self, step: Step, *, shard: int, until: datetime, limit: int) -> Sequence[str]:
        """
        Name bookings that wait for a step by now, longest waiting first. Who acts on one reads it again.
        """
        rows = self._reader.rows(self._kind, f"{step}#{shard}", index="due", until=("due_at", until), limit=limit)
        return [row.id for row in rows]

    def next_due(self, step: Step, *, shard: int) -> datetime | None:
        """
        Give the earliest moment at which a booking of the shard waits for a step.
        """
        rows: Sequence[Any] = self._reader.rows(self._kind, f"{step}#{shard}", index="due", limit=1)
        moment: datetime | None = rows[0].due_at if rows else None
        return moment

    def waiting(self, step: Step, *, shard: int, limit: int, cursor: str | None) -> Page[str]:
        """
        Name all bookings that wait for a step, whenever, last first.
        """
        page = self._reader.page(self._kind, f"{step}#{shard}", index="due", limit=limit, cursor=cursor)
        return Page([row.id for row in page.items], page.next_cursor)

    def planned(self, bookings: Sequence[str]) -> Mapping[str, NextStep | None]:
        """
        Tell what each was last written to wait for, consistently.
        """
        rows = self._reader.many_rows(self._kind, bookings)
        return {row.id: row.due_step and NextStep(Step(row.due_step.partition("#")[0]), row.due_at) for row in rows}

    def _ids(self, index: str, key: str, *, ascending: bool = True) -> list[str]:
        return [row.id for row in self._reader.rows(self._kind, key, index=index, ascending=ascending)]


def _fits(booking: Booking, *, plate: str | None, vin: str | None, number: str | None) -> bool:
    asked = ((plate, booking.vehicle.plate_key), (vin, booking.vehicle.vin_key), (number, booking.number))
    return all(wanted is None or wanted == has for wanted, has in asked)
