"""
Whatever users reschedule, relocate, cancel and withdraw, in whatever order: places, locks and money stay right; a preview keeps its word (§28, D5, D14, D21).
"""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.bookings import EXPECTED, Booking, Happening
from chalicelib.domain.happenings import event_of
from chalicelib.domain.money import DepositState, LedgerAccount, Posting
from chalicelib.domain.places import Place, PlaceState
from chalicelib.domain.replay import rebuilt
from chalicelib.domain.vehicles import lock_keys
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE

HOURS = (14, 15, 16)
THERE = "dostyk"
SLOTS = st.builds(lambda days, hour: SLOT.replace(hour=hour) + timedelta(days=days), st.integers(0, 1), st.sampled_from(HOURS))
NUMBERS = st.integers(1, 4)
DEEDS = st.one_of(
    st.tuples(st.just("book"), NUMBERS, SLOTS),
    st.tuples(st.just("reschedule"), NUMBERS, SLOTS, st.booleans()),
    st.tuples(st.just("relocate"), NUMBERS, SLOTS, st.sampled_from([HERE, THERE])),
    st.tuples(st.just("excuse"), NUMBERS),
    st.tuples(st.just("excuse"), NUMBERS),
    st.tuples(st.just("cancel"), NUMBERS),
    st.tuples(st.just("withdraw"), NUMBERS),
    st.tuples(st.just("wait"), st.sampled_from([1, 5, 31, 240])),
    st.tuples(st.just("call"), NUMBERS),
)


class Life:
    """
    Four vehicles of four accounts at two checkpoints with few places, and what they do.
    """

    def __init__(self):
        self.office = Office(MemoryStore(next_step=next_step))
        rows = ["gg" if hour in HOURS else "" for hour in range(24)]
        days = (DAY, DAY + timedelta(days=1))
        self.office.open(*(factories.plan(day, rows=rows, checkpoint=at) for day in days for at in (HERE, THERE)))
        self.latest = {}
        self.begun = {}
        self.count = 0

    def all(self, type_):
        """
        Give all items of a type.
        """
        return self.office.store._shelves.all(type_)

    def do(self, deed):
        """
        Do one thing where there is somebody to do it.
        """
        name, *rest = deed
        if name == "wait":
            self.office.clock.advance(minutes=rest[0])
        elif name == "book":
            self.book(*rest)
        elif rest[0] in self.latest:
            getattr(self, name)(self.latest[rest[0]], *rest[1:])

    def book(self, number, slot):
        """
        Book and pay.
        """
        self.count += 1
        id_ = f"bk_{self.count}"
        account = f"acc_{number}"
        self.office.verified(number, id=id_, account=account, vehicle=factories.vehicle(number))
        begun, now = self.office.booking(id_), self.office.clock.now()
        self.begun[id_] = event_of(booking=begun, happening=Happening.REQUESTED, at=now, by="user", rules=RULES)
        self.office.take_for(id_, slot=slot)
        held = self.office.booking(id_)
        if held.due is not None:
            self.office.fill(account, held.due.fee + held.due.deposit)
            self.office.pay_for(id_)
            self.latest[number] = id_

    def reschedule(self, booking, slot, pays):
        """
        Take another time, with or without money for it.
        """
        if pays:
            self.office.fill(self.office.booking(booking).account, 432_500)
        self.office.reschedule_for(booking, slot, pays=pays)

    def relocate(self, booking, slot, checkpoint):
        """
        Take another place: a preview says where.
        """
        told = self.office.preview_relocation(booking, slot, checkpoint=checkpoint)
        done = self.office.relocate_for(booking, slot, checkpoint=checkpoint)
        assert isinstance(told, Done) == isinstance(done, Done)
        assert not isinstance(told, Done) or told.answer.items() <= done.answer.items()

    def excuse(self, booking):
        """
        Something befalls it.
        """
        if self.office.booking(booking).status in EXPECTED:
            self.office.excused(booking)

    def cancel(self, booking):
        """
        Give it up: what the preview told is what happens.
        """
        self._end(booking, self.office.cancel.preview, self.office.cancel_for)

    def withdraw(self, booking):
        """
        End it with everything back.
        """
        self._end(booking, self.office.cancel.preview_withdrawal, self.office.withdraw_for)

    def _end(self, booking, preview, end):
        told = preview(account=self.office.booking(booking).account, booking=booking)
        done = end(booking, key=self.office.chance.id("end"))
        assert told == done

    def call(self, booking):
        """
        Time calls it, if it is due.
        """
        self.office.time.remind(booking=booking)
        self.office.calling(booking=booking)

    def check(self):
        """
        Look at everything.
        """
        bookings = {each.id: each for each in self.all(Booking)}
        expected = [each for each in bookings.values() if each.status in EXPECTED]
        sold = [place for place in self.all(Place) if place.state is PlaceState.SOLD]
        assert {(each.checkpoint, each.day, each.position, each.id) for each in expected} == {
            (place.checkpoint, place.day, place.position, place.booking) for place in sold
        }
        numbers = Counter(each.number for each in bookings.values() if each.number)
        assert not [number for number, times in numbers.items() if times > 1]
        for each in expected:
            locks = self.office.store.locks.locks(lock_keys(each.vehicle, toward="CN")).values()
            assert [(each.id, each.checkpoint)] * 2 == [(lock.booking, lock.checkpoint) for lock in locks]
        self.check_money(bookings.values())
        for each in bookings.values():
            assert each.reschedules_left in (0, 1)

    def check_money(self, bookings):
        """
        Wallets follow from postings, held money is the deposits', revenue is the fees of those who did not get them back.
        """
        postings = self.all(Posting)
        for account in {each.account for each in bookings}:
            mine = [posting for posting in postings if posting.wallet == account]
            sums = tuple(sum(each.change_of(part) for each in mine) for part in (LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD))
            held = sum(each.due.deposit for each in bookings if each.account == account and each.deposit is DepositState.HELD)
            assert sums == self.office.wallet(account)
            assert held == sums[1]
        revenue = sum(posting.change_of(LedgerAccount.FEE_REVENUE) for posting in postings)
        assert revenue == sum(each.due.fee for each in bookings if each.confirmed_at is not None and each.status != "withdrawn")


@pytest.mark.rule("20", "21", "28", "D5", "D7", "D8", "D14", "D21", "D30")
class TestMoves:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(deeds=st.lists(DEEDS, min_size=20, max_size=40))
    def test_keep_places_locks_and_money_right(self, deeds):
        """
        After every deed a place is sold to whom it says, locks name where a vehicle is booked, and every tiyn is explained.
        """
        live_through(deeds)

    @pytest.mark.slow
    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    @given(deeds=st.lists(DEEDS, min_size=20, max_size=80))
    def test_keep_them_right_through_long_lives(self, deeds):
        """
        The same, longer and more often.
        """
        live_through(deeds)


def live_through(deeds):
    """
    Do one thing after another, and look at everything each time; in the end events alone rebuild what changed hands.
    """
    life = Life()
    for number, slot in enumerate((SLOT, SLOT, SLOT + timedelta(hours=1), SLOT + timedelta(days=1)), start=1):
        life.book(number, slot)
    for deed in deeds:
        life.do(deed)
        life.check()
    for booking, begun in life.begun.items():
        events = [event for event in life.office.store.histories.of_aggregate(booking) if event.aggregate_version > 1]
        assert life.office.booking(booking) == rebuilt([begun, *events])
