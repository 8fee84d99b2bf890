"""
The reading ports of the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from datetime import timedelta

from chalicelib.domain.bookings import Booking
from chalicelib.domain.complaints import Complaint
from chalicelib.domain.places import Place
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.progress import Progress
from chalicelib.domain.records import Account, Challenge, Event, HoldCount, Load, OutboxMessage, Quota, RequestRecord, Session
from chalicelib.domain.vehicles import MissRecord, VehicleLock
from chalicelib.store.errors import InvalidCursorError
from chalicelib.store.rows import shard_of
from chalicelib.usecases.ports import Page


def page_of(items, *, limit, cursor):
    """
    Cut a page out of a list; the cursor is where the next one starts.
    """
    if cursor is not None and not cursor.isdigit():
        raise InvalidCursorError(cursor)
    start = int(cursor or 0)
    return Page(items[start : start + limit], str(start + limit) if start + limit < len(items) else None)


class MemoryReads:
    """
    What every port reads from.
    """

    def __init__(self, shelves):
        self._shelves = shelves

    def _by_key(self, type_, keys):
        found = {key: self._shelves.get(type_, key) for key in keys}
        return {key: item for key, item in found.items() if item is not None}


class MemoryBookings(MemoryReads):
    """
    The port `Bookings`.
    """

    def __init__(self, shelves, next_step):
        super().__init__(shelves)
        self._next_step = next_step

    def get(self, booking):
        return self._shelves.get(Booking, booking)

    def get_many(self, bookings):
        return list(self._by_key(Booking, bookings).values())

    def of_account(self, account, *, limit, cursor):
        mine = [booking for booking in self._shelves.all(Booking) if booking.account == account]
        return page_of(sorted(mine, key=lambda booking: booking.created_at, reverse=True), limit=limit, cursor=cursor)

    def of_day(self, checkpoint, day):
        found = [each for each in self._shelves.all(Booking) if each.checkpoint == checkpoint and each.day == day and each.position]
        return sorted(found, key=lambda booking: booking.position)

    def find(self, *, plate=None, vin=None, number=None):
        wanted = [
            booking
            for booking in self._shelves.all(Booking)
            if any((plate, vin, number))
            and plate in (None, booking.vehicle.plate_key)
            and vin in (None, booking.vehicle.vin_key)
            and number in (None, booking.number)
        ]
        return sorted(wanted, key=lambda booking: booking.created_at, reverse=True)

    def due(self, step, *, shard, until, limit):
        return [id_ for at, id_ in self._waiting(step, shard) if at <= until][:limit]

    def next_due(self, step, *, shard):
        return next((at for at, _ in self._waiting(step, shard)), None)

    def waiting(self, step, *, shard, limit, cursor):
        return page_of([id_ for _, id_ in reversed(self._waiting(step, shard))], limit=limit, cursor=cursor)

    def planned(self, bookings):
        return {booking.id: self._next_step(booking) for booking in self.get_many(bookings)}

    def _waiting(self, step, shard):
        waits = [(self._next_step(booking), booking.id) for booking in self._shelves.all(Booking) if shard_of(booking.id) == shard]
        return sorted((wait.at, id_) for wait, id_ in waits if wait is not None and wait.step is step)


class MemoryPlaces(MemoryReads):
    """
    The port `Places`.
    """

    def plan(self, checkpoint, day):
        return self._shelves.get(DayPlan, (checkpoint, day))

    def plans(self, checkpoint, *, first, last):
        return self._between(DayPlan, checkpoint, first, last)

    def plans_on(self, checkpoints, day):
        return list(self._by_key(DayPlan, [(checkpoint, day) for checkpoint in checkpoints]).values())

    def touched(self, checkpoint, day, *, consistent):
        found = [place for place in self._shelves.all(Place) if (place.checkpoint, place.day) == (checkpoint, day)]
        return {place.position: place for place in sorted(found, key=lambda place: place.position)}

    def place(self, checkpoint, day, position):
        return self._shelves.get(Place, (checkpoint, day, position))

    def places(self, keys):
        return self._by_key(Place, keys)

    def loads(self, checkpoint, *, first, last):
        return self._between(Load, checkpoint, first, last)

    def load(self, checkpoint, day):
        return self._shelves.get(Load, (checkpoint, day))

    def _between(self, type_, checkpoint, first, last):
        found = [item for item in self._shelves.all(type_) if item.checkpoint == checkpoint and first <= item.day <= last]
        return sorted(found, key=lambda item: item.day)


class MemoryLocks(MemoryReads):
    """
    The port `Locks`.
    """

    def locks(self, keys):
        return self._by_key(VehicleLock, keys)

    def misses(self, keys):
        return self._by_key(MissRecord, keys)

    def holds(self, keys):
        return self._by_key(HoldCount, keys)


class MemoryRequests(MemoryReads):
    """
    The port `Requests`.
    """

    def find(self, key, *, now):
        record = self._shelves.get(RequestRecord, key)
        return record if record is not None and now - record.at < timedelta(hours=24) else None


class MemoryHistories(MemoryReads):
    """
    The port `Histories`.
    """

    def of_aggregate(self, aggregate):
        found = [event for event in self._shelves.all(Event) if event.aggregate == aggregate]
        return sorted(found, key=lambda event: event.aggregate_version)

    def of_day(self, checkpoint, day):
        found = [event for event in self._shelves.all(Event) if (event.checkpoint, event.day) == (checkpoint, day)]
        return sorted(found, key=lambda event: (event.aggregate, event.aggregate_version))

    def event(self, event):
        return self._shelves.get(Event, event)


class MemoryOutbox(MemoryReads):
    """
    The port `Outbox`.
    """

    def pending(self, *, shard, until, limit):
        return [message for message in self._waiting(shard) if message.due_at <= until][:limit]

    def next_due(self, *, shard):
        return next((message.due_at for message in self._waiting(shard)), None)

    def parked(self, *, limit):
        found = [message for message in self._shelves.all(OutboxMessage) if message.parked]
        return sorted(found, key=lambda message: message.due_at)[:limit]

    def _waiting(self, shard):
        found = [message for message in self._shelves.all(OutboxMessage) if not message.parked and shard_of(message.id) == shard]
        return sorted(found, key=lambda message: message.due_at)


class MemoryAccounts(MemoryReads):
    """
    The port `Accounts`.
    """

    def account(self, account):
        return self._shelves.get(Account, account)

    def of_person(self, person):
        return next((account for account in self._shelves.all(Account) if account.person == person), None)

    def heads(self):
        return [account for account in self._shelves.all(Account) if account.head]

    def challenge(self, challenge):
        return self._shelves.get(Challenge, challenge)

    def session(self, session):
        return self._shelves.get(Session, session)

    def quota(self, key):
        return self._shelves.get(Quota, key)


class MemoryWalks(MemoryReads):
    """
    The port `Walks`.
    """

    def progress(self, step):
        return self._shelves.get(Progress, step) or Progress(step)


class MemoryComplaints(MemoryReads):
    """
    The port `Complaints`.
    """

    def complaint(self, complaint):
        return self._shelves.get(Complaint, complaint)

    def of_account(self, account, *, limit, cursor):
        return self._page(lambda each: each.account == account, limit, cursor)

    def of_status(self, status, *, limit, cursor):
        return self._page(lambda each: each.status is status, limit, cursor)

    def _page(self, fits, limit, cursor):
        found = sorted(filter(fits, self._shelves.all(Complaint)), key=lambda each: each.registered_at, reverse=True)
        return page_of(found, limit=limit, cursor=cursor)
