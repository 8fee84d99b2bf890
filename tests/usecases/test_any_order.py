"""
Whatever users, cards, gates and time do, in whatever order: money adds up, places and locks belong to whom they say, nobody has two (D3, D8, D30).
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition

from chalicelib.domain.bookings import ACTIVE, EXPECTED, Booking, Happening, Status
from chalicelib.domain.happenings import event_of
from chalicelib.domain.places import Place, PlaceState, Pool
from chalicelib.domain.vehicles import lock_keys
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT, batch, beat, seen
from tests.fakes.books import ACCOUNTS, Books
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import DEPOSIT, FEE, Office
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE
from tests.fakes.story import Storied, deed

NUMBERS = st.integers(0, 7)
HOURS = (14, 15)
SLOTS = st.builds(lambda days, hour: SLOT.replace(hour=hour) + timedelta(days=days), st.integers(0, 5), st.sampled_from(HOURS))
BOUND = EXPECTED | {Status.ADMITTED}
"""What keeps its vehicle and, unless resold under D24, its place."""


class Queue(Books, Storied):
    """
    A checkpoint of few places on six days, three vehicles, two accounts.
    """

    def __init__(self):
        super().__init__()
        self.store = MemoryStore(next_step=next_step, watched=type(self) is Queue)
        self.office = Office(self.store)
        rows = ["gg" if hour in HOURS else "" for hour in range(24)]
        self.office.open(*(factories.plan(DAY + timedelta(days=offset), rows=rows) for offset in range(6)))
        self.count = 0
        self.begun = {}
        self.sequence = 0
        self.attempts = []

    def all(self, type_):
        """
        Give all items of a type.
        """
        return self.store._shelves.all(type_)

    def pick(self, number):
        """
        Name one of the latest bookings.
        """
        return f"bk_{max(0, self.count - 1 - number)}"

    def fitting(self, number, fits):
        """
        Give the number of one of the latest bookings that fits, or the same where none does.
        """
        found = [each for each in range(min(self.count, 8)) if fits(self.office.booking(self.pick(each)))]
        return found[number % len(found)] if found else number

    @deed(
        "truck {vehicle} of {account} asks for a {pool} place of {slot:%d %b %H:%M} (§20, §22)",
        vehicle=st.integers(1, 3),
        account=st.sampled_from(ACCOUNTS),
        slot=SLOTS,
        pool=st.sampled_from(list(Pool)),
    )
    def hold(self, vehicle, account, slot, pool):
        """
        Somebody's verified application asks for a place.
        """
        booking = self.office.verified(self.count, account=account, vehicle=factories.vehicle(vehicle))
        put = self.office.booking(booking)
        self.begun[booking] = event_of(booking=put, happening=Happening.VERIFIED, at=put.created_at, by="system", rules=RULES)
        self.count += 1
        return self.office.take_for(booking, slot=slot, pool=pool, key=self.office.chance.id("k"))

    @deed(
        "truck {vehicle} of {account} books {slot:%d %b %H:%M} and pays at once (§16, §23)",
        vehicle=st.integers(1, 3),
        account=st.sampled_from(ACCOUNTS),
        slot=SLOTS,
        by_card=st.booleans(),
    )
    def book(self, vehicle, account, slot, by_card):
        """
        Somebody asks for a place and pays at once, from a wallet that has enough or by card.
        """
        self.hold(vehicle=vehicle, account=account, slot=slot, pool=Pool.PRIMARY)
        if not by_card:
            self.office.fill(account, FEE + DEPOSIT)
        self.pay(number=0, by_card=by_card)
        if by_card and self.attempts:
            self.tell(number=0, difference=0)

    @deed(
        "{amount} tiyn come on the wallet of {account} (§23)",
        account=st.sampled_from(ACCOUNTS),
        amount=st.sampled_from([1, FEE, DEPOSIT, FEE + DEPOSIT, 200 * FEE]),
    )
    def fill(self, account, amount):
        """
        Money comes on a wallet.
        """
        self.office.fill(account, amount)

    @precondition(lambda self: self.count)
    @deed("{booking} is paid, by card: {by_card} (§23)", number=NUMBERS, by_card=st.booleans())
    def pay(self, number, by_card):
        """
        A held place is paid.
        """
        done = self.office.pay_for(self.pick(number), by_card=by_card, key=self.office.chance.id("k"))
        if isinstance(done, Done) and "attempt" in done.answer:
            self.attempts.append(done.answer["attempt"])
        return done

    @precondition(lambda self: self.count)
    @deed("another person pays for {booking} by a link, taken back at once: {back} (§23)", number=NUMBERS, back=st.booleans())
    def pay_by_link(self, number, back):
        """
        Somebody has the link of a held place, whatever its user has begun meanwhile.
        """
        booking = self.office.booking(self.pick(number))
        given = self.office.share_payment.give(account=booking.account, booking=booking.id, request=None)
        if not isinstance(given, Done):
            return given
        done = self.office.by_link.start(token=given.answer["url"].rpartition("/")[2], request=None)
        if isinstance(done, Done):
            self.attempts.append(done.answer["attempt"])
        if back:
            self.office.share_payment.revoke(account=booking.account, booking=booking.id)
        return done

    @precondition(lambda self: self.attempts)
    @deed("the provider tells of a payment (§23)", number=NUMBERS, difference=st.sampled_from([0, 0, 0, 7]))
    def tell(self, number, difference):
        """
        The provider tells of a success, once more perhaps, late perhaps, of another sum perhaps.
        """
        attempt = self.attempts[-1 - number % len(self.attempts)]
        amount = self.office.provider.intents[f"pi_{attempt}"] + difference
        self.office.receive(event=self.office.provider.succeeded(attempt, amount=amount))

    @precondition(lambda self: self.count)
    @deed("the user cancels {booking} (§28)", number=NUMBERS)
    def cancel(self, number):
        """
        A booking is given up.
        """
        return self.office.cancel_for(self.pick(number), key=self.office.chance.id("k"))

    @precondition(lambda self: self.count)
    @deed("the camera of {lane} sees the truck of {booking} (§10, §30)", number=NUMBERS, lane=st.sampled_from(list(factories.LANES)))
    def pass_by(self, number, lane):
        """
        A gate reports a booking that was listed once: expected, inside, or ended meanwhile.
        """
        if self.office.booking(self.pick(number)).confirmed_at is None:
            return
        self.sequence += 1
        entry = seen(self.sequence, lane, self.pick(number), at=self.office.clock.now())
        self.office.journal.batch(checkpoint=HERE, batch=batch(entry))

    @deed("{span} go by", span=st.sampled_from([timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=45), timedelta(hours=5)]))
    def wait(self, span):
        """
        Time goes by.
        """
        self.office.clock.time += span
        self.office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(self.office.clock.now(), last=self.sequence))

    @precondition(lambda self: self.count)
    @deed("time goes on to what {booking} waits for (§29, §34, §35)", number=NUMBERS)
    def wait_for(self, number):
        """
        Time goes on to what a booking waits for, and the steps run.
        """
        waits = next_step(self.office.booking(self.pick(number)))
        if waits is not None and waits.at > self.office.clock.now():
            self.wait(span=waits.at - self.office.clock.now())
        self.run_steps()

    @deed("the steps look at every booking (§29, §34, §35)")
    def run_steps(self):
        """
        All steps look at all bookings.
        """
        self.look()

    def look(self):
        """
        Let each step look at each booking.
        """
        for booking in self.all(Booking):
            for step in (self.office.time.tidy, self.office.time.remind, self.office.time.call, self.office.time.annul):
                step(booking=booking.id)

    @invariant()
    def places_belong_to_their_bookings(self):
        """
        A sold or held place names a booking that names it; a running hold and an expected booking have theirs.
        """
        now, bookings = self.office.clock.now(), {booking.id: booking for booking in self.all(Booking)}
        places = {(place.day, place.position): place for place in self.all(Place)}
        for place in places.values():
            if place.state in {PlaceState.SOLD, PlaceState.HELD}:
                assert (place.day, place.position) == (bookings[place.booking].day, bookings[place.booking].position)
        for booking in bookings.values():
            if booking.status in EXPECTED or booking.status_at(now, RULES) is Status.HELD:
                wanted = PlaceState.HELD if booking.status is Status.HELD else PlaceState.SOLD
                place = places[booking.day, booking.position]
                assert (booking.id, wanted) == (place.booking, place.state)

    @invariant()
    def numbers_are_unique(self):
        """
        No two bookings share a number.
        """
        numbers = [booking.number for booking in self.all(Booking) if booking.number]
        assert len(numbers) == len(set(numbers))

    def teardown(self):
        """
        At the end of a life its history is read again, and nothing that was put or read was changed in place.
        """
        super().teardown()
        self.events_rebuild_every_booking()
        assert type(self) is not Queue or self.store.unchanged()

    @invariant()
    def vehicles_are_bound_once(self):
        """
        A vehicle has one expected booking or running hold toward the country, and both its locks name it.
        """
        now = self.office.clock.now()
        bound = {}
        for booking in self.all(Booking):
            if booking.status_at(now, RULES) is Status.HELD or booking.status in EXPECTED:
                assert booking.vehicle.plate_key not in bound
                bound[booking.vehicle.plate_key] = booking
        for booking in bound.values():
            keys = lock_keys(booking.vehicle, toward=booking.toward)
            assert [booking.id] * 2 == [lock.booking for lock in self.store.locks.locks(keys).values()]
            assert booking.status in ACTIVE


@pytest.mark.rule("20", "21", "22", "28", "D3", "D8", "D30")
class TestQueue(Queue.TestCase):
    """
    Some lives at every run.
    """

    settings = settings(max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@pytest.mark.rule("20", "21", "22", "28", "D3", "D8", "D30")
class TestLongQueue(Queue.TestCase):
    """
    Many longer ones.
    """

    settings = settings(max_examples=300, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
