"""
A booking as its holder or an officer sees it: the booking, its history, its people where their store answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.line import Line
from chalicelib.domain.records import Event
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_start
from chalicelib.domain.turns import expected_in
from chalicelib.domain.vehicles import miss_keys
from chalicelib.usecases.measure_line import line_of
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Bookings, Clock, Histories, Locks, Page, Passages, PersonalDataStore, PersonalDataUnavailableError


@dataclass(frozen=True, slots=True)
class BookingSeen:
    """
    What a view of a booking is made from; `people` is none where the personal data store is away.

    `missed_on` is the vehicle's last other miss that still keeps one from being forgiven (D20); lists do not look it up.
    """

    booking: Booking
    now: datetime
    rules: Rules
    timeline: Sequence[Event]
    people: Mapping[str, Mapping[str, Any]] | None
    missed_on: date | None = None
    line: Line | None = None

    @property
    def expected_at(self) -> datetime | None:
        """
        Say when its turn comes, at the real pace (D16); before it stands in the line, at its time as delays have moved it.
        """
        if self.booking.slot_start is None:
            return None
        if self.line is None:
            return effective_start(self.booking)
        return expected_in(self.line, self.booking, now=self.now, rules=self.rules)

    @property
    def queue_position(self) -> int | None:
        """
        Give its place in the line; none when it has none yet.
        """
        return self.line.place_of(self.booking.id) if self.line is not None else None


@dataclass(frozen=True, slots=True)
class ReadBookings:
    """
    Reads of bookings.
    """

    bookings: Bookings
    locks: Locks
    histories: Histories
    passages: Passages
    people: PersonalDataStore
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def own(self, *, account: str, booking: str) -> BookingSeen | Missing:
        """
        Give one of the caller's own bookings.
        """
        found = self.bookings.get(booking)
        return self._seen(found) if found is not None and found.account == account else Missing()

    def mine(self, *, account: str, limit: int, cursor: str | None) -> Page[BookingSeen]:
        """
        List the caller's bookings, newest first, without their history.
        """
        page = self.bookings.of_account(account, limit=limit, cursor=cursor)
        people = self._people(page.items)
        now = self.clock.now()
        return Page([BookingSeen(booking, now, self.rules_on(now), (), people) for booking in page.items], page.next_cursor)

    def of_checkpoint(self, *, checkpoints: frozenset[str] | None, booking: str) -> BookingSeen | Missing:
        """
        Give a booking to an officer of its checkpoint; none: any checkpoint.
        """
        found = self.bookings.get(booking)
        visible = found is not None and (checkpoints is None or found.checkpoint in checkpoints)
        return self._seen(found) if found is not None and visible else Missing()

    def search(
        self,
        *,
        checkpoints: frozenset[str] | None,
        plates: Sequence[str] = (),
        vin: str | None = None,
        number: str | None = None,
        day: date | None = None,
    ) -> Sequence[BookingSeen]:
        """
        Find bookings as `find` does, each with its people.
        """
        return self.shown(self.find(checkpoints=checkpoints, plates=plates, vin=vin, number=number, day=day))

    def shown(self, bookings: Sequence[Booking]) -> Sequence[BookingSeen]:
        """
        Give bookings to be seen in a list: with their people, read at once, without their history.
        """
        now = self.clock.now()
        people = self._people(bookings)
        return [BookingSeen(booking, now, self.rules_on(now), (), people) for booking in bookings]

    def find(
        self,
        *,
        checkpoints: frozenset[str] | None,
        plates: Sequence[str] = (),
        vin: str | None = None,
        number: str | None = None,
        day: date | None = None,
    ) -> Sequence[Booking]:
        """
        Find bookings by plate (`KZ#123ABC02`, or one of several), VIN or number, or by day, at an officer's checkpoints (none: all).
        """
        if plates or vin or number:
            found = [item for plate in plates or (None,) for item in self.bookings.find(plate=plate, vin=vin, number=number)]
        else:
            found = [item for checkpoint in sorted(checkpoints or ()) if day for item in self.bookings.of_day(checkpoint, day)]
        visible = [item for item in found if checkpoints is None or item.checkpoint in checkpoints]
        return [item for item in visible if day is None or item.day == day]

    def followed(self, booking: Booking) -> BookingSeen:
        """
        Give a booking to whom its link was given: without its people and its history.
        """
        now = self.clock.now()
        return BookingSeen(booking, now, self.rules_on(now), (), {}, None, self._line(booking))

    def _seen(self, booking: Booking) -> BookingSeen:
        now = self.clock.now()
        rules = self.rules_on(now)
        timeline, people = self.histories.of_aggregate(booking.id), self._people([booking])
        missed_on = self._missed_on(booking, rules.today(now), rules)
        return BookingSeen(booking, now, rules, timeline, people, missed_on, self._line(booking))

    def _line(self, booking: Booking) -> Line | None:
        return line_of(self.passages.board(booking.checkpoint)) if booking.status in EXPECTED else None

    def _missed_on(self, booking: Booking, today: date, rules: Rules) -> date | None:
        since = today - timedelta(days=rules.forgiveness_days)
        records = self.locks.misses(miss_keys(booking.vehicle)).values()
        return max((day for record in records if (day := record.latest(booking=booking.id, since=since))), default=None)

    def _people(self, bookings: Sequence[Booking]) -> Mapping[str, Mapping[str, Any]] | None:
        ids = [party.person for booking in bookings for party in (booking.owner, *booking.drivers)]
        if not ids:
            return {}
        try:
            return {id_: record.fields for id_, record in self.people.get_many(ids, purpose="booking").items()}
        except PersonalDataUnavailableError:
            return None
