"""
Buyers at once, on the engine on disk: no place is lost, none is sold twice, everybody else is told clearly (D3, D7, D8).
"""

import random
import threading
import time
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.places import PlaceState
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError, Write
from tests import factories
from tests.factories import SLOT
from tests.fakes.gathering import at_once
from tests.fakes.office import Office
from tests.fakes.outside import SeededChance
from tests.fakes.samples import DAY, HERE

SLOT_HOUR = 14


class Buyers:
    """
    A hundred clients with a verified application each; a 503 is tried again with the same key, as the contract says.
    """

    def __init__(self, store, count):
        self.office = Office(store, chance=SeededChance())
        self.count = count
        self.busy = 0
        self._lock = threading.Lock()

    def apply(self, day):
        """
        Put the applications there; a day's plan with ten places at the wanted hour.
        """
        self.office.open(replace(factories.plan(day), layout=tuple("g" * (10 if hour == SLOT_HOUR else 1) for hour in range(24))))
        for number in range(self.count):
            self.office.store.commit(Write(self._application(day, number)))

    def _application(self, day, number):
        return factories.verified(day.day * 1000 + number, id=f"bk_{day:%d}_{number}", account=f"acc_{day:%d}_{number}")

    def buy(self, day, number):
        """
        Ask for the hour until there is an answer.
        """
        while True:
            try:
                return self.office.take_for(f"bk_{day:%d}_{number}", slot=SLOT.replace(day=day.day))
            except StoreBusyError:
                with self._lock:
                    self.busy += 1
                time.sleep(random.uniform(0, 0.1))

    def rush(self, day):
        """
        Everybody at once.
        """
        return at_once(*(lambda number=number: self.buy(day, number) for number in range(self.count)))


def check_round(office, day, answers):
    """
    Ten places of the hour held by ten different bookings, everybody else told it is full, nothing else touched.
    """
    won = {answer.resource for answer in answers if isinstance(answer, Done)}
    codes = {reason.code for answer in answers if isinstance(answer, Refused) for reason in answer.reasons}
    touched = office.store.places.touched(HERE, day, consistent=True)
    assert 10 == len(won)
    assert {Code.SLOT_FULL} == codes
    assert won == {place.booking for place in touched.values() if place.state is PlaceState.HELD}
    assert 10 == len(touched) == len({place.position for place in touched.values()})
    assert all(office.booking(booking).position in touched for booking in won)
    assert Status.HELD == office.booking(next(iter(won))).status
    free = sum(position not in touched for row in range(24) for position in office.store.places.plan(HERE, day).positions(row))
    assert free + len(touched) == office.store.places.plan(HERE, day).capacity


@pytest.mark.rule("22", "D3", "D7")
class TestLastTenPlaces:
    def test_go_to_ten_of_a_hundred(self, disk_store):
        """
        A hundred buyers of the last ten places of a slot: ten hold one each, ninety read `SLOT_FULL`, no place is lost.
        """
        buyers = Buyers(disk_store, 100)
        buyers.apply(DAY)

        check_round(buyers.office, DAY, buyers.rush(DAY))

    @pytest.mark.slow
    def test_go_to_ten_of_a_hundred_five_times(self, disk_store):
        """
        Five rounds on five days of one checkpoint end alike.
        """
        buyers = Buyers(disk_store, 100)
        for number in range(5):
            day = date(2026, 12, 10 + number)
            buyers.apply(day)
            check_round(buyers.office, day, buyers.rush(day))
        print(f"503 answers over five rounds: {buyers.busy}")  # noqa: T201  shown by `pytest -s` and in a failure


def until_answered(act):
    """
    Try again while the store is busy, as a client does.
    """
    while True:
        try:
            return act()
        except StoreBusyError:
            time.sleep(random.uniform(0, 0.05))


class TestOneVehicle:
    @pytest.mark.rule("21", "D8")
    @pytest.mark.parametrize("shared", ["plate", "vin"])
    def test_gets_one_lock(self, office, shared):
        """
        Two applications of one vehicle (same plate, or same VIN behind another plate) at once: one holds, the other reads `ACTIVE_BOOKING_EXISTS`.
        """
        twin = factories.vehicle(2, **{shared: getattr(factories.vehicle(1), shared)})
        first, second = office.verified(1), office.verified(2, vehicle=twin)

        answers = at_once(*(lambda booking=booking: until_answered(lambda: office.take_for(booking)) for booking in (first, second)))

        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert 1 == len(refused)
        assert [Code.ACTIVE_BOOKING_EXISTS] == [reason.code for reason in refused[0].reasons]
        held = [booking for booking in (first, second) if office.booking(booking).status is Status.HELD]
        assert [answer.resource for answer in answers if isinstance(answer, Done)] == held
        assert 1 == len(office.store.places.touched(HERE, DAY, consistent=True))

    @pytest.mark.rule("21")
    def test_may_cross_to_another_country(self, office):
        """
        The lock closes one neighboring country, not the others; the account's running hold is what stands against a second one.
        """
        first = office.confirmed(1)
        second = office.verified(2, vehicle=factories.vehicle(1), toward="KG")

        assert Done(200, second) == office.take_for(second, slot=SLOT.replace(hour=16))
        assert Status.CONFIRMED == office.booking(first).status


class TestOneAccount:
    @pytest.mark.rule("D11")
    def test_holds_one_place_at_a_time(self, office):
        """
        Two applications of one account for two vehicles at once: one place is kept, the other answer is `HOLD_LIMIT`.
        """
        bookings = [office.verified(number, account="acc_1") for number in (1, 2)]

        answers = at_once(*(lambda booking=booking: until_answered(lambda: office.take_for(booking)) for booking in bookings))

        assert 1 == sum(isinstance(answer, Done) for answer in answers)
        assert [Code.HOLD_LIMIT] == [reason.code for answer in answers if isinstance(answer, Refused) for reason in answer.reasons]


class TestOneKey:
    def test_acts_once_for_two_at_once(self, office):
        """
        The same request twice at once: one place is held, both read the same answer.
        """
        booking = office.verified()

        answers = at_once(*([lambda: until_answered(lambda: office.take_for(booking, key="same"))] * 4))

        assert [Done(200, booking)] * 4 == answers
        assert 1 == len(office.store.places.touched(HERE, DAY, consistent=True))
        assert ["held"] == [event.kind for event in office.store.histories.of_aggregate(booking)]

    def test_refuses_another_body(self, office):
        """
        The key of an answered request with another body is `IDEMPOTENCY_KEY_REUSED`; nothing changes.
        """
        booking = office.held()
        before = office.booking(booking)

        again = office.pay(account="acc_1", booking=booking, by_card=False, request=factories.request(f"take-{booking}", body="other"))

        assert [Code.IDEMPOTENCY_KEY_REUSED] == [reason.code for reason in again.reasons]
        assert before == office.booking(booking)

    def test_counts_money_once_for_two_at_once(self, office):
        """
        A payment from the balance sent four times at once is taken once.
        """
        booking = office.held()
        office.fill("acc_1", 30_000_000)

        answers = at_once(*([lambda: until_answered(lambda: office.pay_for(booking, key="same"))] * 4))

        assert [Done(200, booking)] * 4 == answers
        assert (30_000_000 - 21 * 432_500, 20 * 432_500) == office.wallet()

    def test_opens_one_intent_for_two_at_once(self, office):
        """
        A card payment sent four times at once opens one intent for one attempt.
        """
        booking = office.held()

        answers = at_once(*([lambda: until_answered(lambda: office.pay_for(booking, by_card=True, key="same"))] * 4))

        assert 1 == len({answer.answer["attempt"] for answer in answers})
        assert [9_082_500] == list(office.provider.intents.values())
