"""
The whole Order in any order: users, gates, officers and the registrar at once, over days; what must hold holds after every step.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, run_state_machine_as_test

from chalicelib.contracts.passages import LaneKind
from chalicelib.domain.bookings import EXPECTED, Booking, Happening, Status
from chalicelib.domain.measures import MeasureKind
from chalicelib.domain.money import DepositState
from chalicelib.domain.places import Place, PlaceState
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.records import Event
from chalicelib.domain.schedule import Step, call_at, is_stranded
from chalicelib.usecases.register_passage import Told, Word
from tests import factories
from tests.factories import SLOT
from tests.fakes.authority import capacity, closure
from tests.fakes.books import ACCOUNTS
from tests.fakes.proceedings import Proceedings
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE
from tests.fakes.story import deed
from tests.usecases.test_any_order import NUMBERS, SLOTS, Queue

MOST_ORDERS = 3
SPANS = st.sampled_from([(14, 15), (15, 16), (14, 16)])


def has_excuse(booking):
    """
    Tell a booking that something befell through no fault of its user, and that is not over (D21).
    """
    return booking.excuse is not None and booking.status in EXPECTED


class Country(Proceedings, Queue):
    """
    The queue of `test_any_order`, with everything that users, officers and the registrar may do to it.
    """

    @initialize()
    def people(self):
        """
        Users and staff sign in.
        """
        self.office.people_of(1, 2)
        self.complaints = []
        self.orders = 0
        for vehicle, account in enumerate(ACCOUNTS, start=1):
            self.book(vehicle=vehicle, account=account, slot=SLOT + timedelta(days=vehicle + 1), by_card=vehicle == 1)

    @precondition(lambda self: self.count)
    @deed("{booking} is moved to {slot:%d %b %H:%M}, for the fee if need be: {pays} (§28)", number=NUMBERS, slot=SLOTS, pays=st.booleans())
    def reschedule(self, number, slot, pays):
        """
        A user takes another time.
        """
        return self.office.reschedule_for(self.pick(number), slot, pays=pays)

    @precondition(lambda self: self.count)
    @deed("the user of {booking} chooses {slot:%d %b %H:%M} after what befell it (D21)", fits=has_excuse, number=NUMBERS, slot=SLOTS)
    def relocate(self, number, slot):
        """
        A user takes the other place that D21 gives him, if it does.
        """
        return self.office.relocate_for(self.pick(number), slot)

    @precondition(lambda self: self.count)
    @deed("the user of {booking} wants everything back (D21)", fits=has_excuse, number=NUMBERS)
    def withdraw(self, number):
        """
        A user ends what befell him with everything back, if he may.
        """
        return self.office.withdraw_for(self.pick(number), key=self.office.chance.id("k"))

    @precondition(lambda self: self.count)
    @deed("the driver of {booking} is ready (D17)", number=NUMBERS)
    def say_ready(self, number):
        """
        A driver in the waiting area is ready.
        """
        booking = self.pick(number)
        account = self.office.booking(booking).account
        return self.office.ready(account=account, booking=booking, request=factories.request(self.office.chance.id("k")))

    @precondition(lambda self: self.orders < MOST_ORDERS)
    @deed(
        "an officer orders a {kind} of the hours {span} on the day of {booking} (D21)",
        number=NUMBERS,
        span=SPANS,
        kind=st.sampled_from([MeasureKind.CLOSURE, MeasureKind.DELAY, MeasureKind.EXTENSION]),
    )
    def order(self, number, span, kind):
        """
        An officer closes, delays or extends hours of a day that somebody booked.
        """
        day = self.office.booking(self.pick(number)).day or DAY
        if RULES.at(day, span[0] * 60) > self.office.clock.now():
            self.orders += 1
            self.office.ordered(closure(*span, day=day, kind=kind, minutes=0 if kind is MeasureKind.CLOSURE else 90))

    @precondition(lambda self: self.orders < MOST_ORDERS)
    @deed("an officer sets {per_day} places for the day of {booking} (§22, D1)", number=NUMBERS, per_day=st.sampled_from([0, 24, 72]))
    def change_capacity(self, number, per_day):
        """
        An officer changes the capacity of a day that somebody booked.
        """
        day = self.office.booking(self.pick(number)).day or DAY
        if day > RULES.today(self.office.clock.now()):
            self.orders += 1
            self.office.ordered(capacity(per_day, since=day, until=day))

    @precondition(lambda self: self.count)
    @deed(
        "an officer registers that the truck of {booking} was {told} (§11, D19)",
        number=NUMBERS,
        told=st.sampled_from([Told.ADMITTED, Told.CROSSED, Told.RETURNED]),
    )
    def register_passage(self, number, told):
        """
        An officer registers what no camera read, or turns a truck back.
        """
        lane, kind = ("exit-1", LaneKind.EXIT) if told is Told.CROSSED else ("entry-1", LaneKind.ENTRY)
        word = Word(HERE, lane, kind, self.office.clock.now(), told, "seen", booking=self.pick(number))
        return self.office.register(officer="acc_officer", word=word, request=None)

    @precondition(lambda self: self.count)
    @deed("the truck of {booking} is turned back (D19)", fits=lambda booking: booking.status is Status.ADMITTED, number=NUMBERS)
    def turn_back(self, number):
        """
        An officer turns a truck back that is inside.
        """
        word = Word(HERE, "entry-1", LaneKind.ENTRY, self.office.clock.now(), Told.RETURNED, "refused", booking=self.pick(number))
        return self.office.register(officer="acc_officer", word=word, request=None)

    @deed("the steps look at every booking, orders are carried out (§29, §34, §35)")
    def run_steps(self):
        """
        All steps look at all bookings, and orders are carried out.
        """
        self.office.carried_out()
        self.look()
        for booking in self.all(Booking):
            self.office.follow.lapse(booking=booking.id)
            self.office.crossing(booking=booking.id)
        self.office.calling.ready(bookings=[booking.id for booking in self.all(Booking)])
        self.nobody_is_left_uncalled()

    def nobody_is_left_uncalled(self):
        """
        Whoever is to be called by now has been: later intervals were not called before him (§31, §34).
        """
        now = self.office.clock.now()
        for booking in self.all(Booking):
            waits = next_step(booking)
            if booking.status in EXPECTED and booking.called_at is None and waits is not None and waits.step is Step.CALL:
                assert call_at(booking, RULES) > now or booking.suspended is not None

    @invariant()
    def places_belong_to_their_bookings(self):
        """
        As ever; a booking stranded by a closure has lost its place and keeps its choice (D21).
        """
        places = {(place.day, place.position): place for place in self.all(Place)}
        bookings = {booking.id: booking for booking in self.all(Booking)}
        for place in places.values():
            if place.state in {PlaceState.SOLD, PlaceState.HELD}:
                assert (place.day, place.position) == (bookings[place.booking].day, bookings[place.booking].position)
        for booking in bookings.values():
            if booking.status in EXPECTED and not is_stranded(booking):
                place = places[booking.day, booking.position]
                assert (booking.id, PlaceState.SOLD) == (place.booking, place.state)

    @invariant()
    def capacity_is_whole(self):
        """
        Every touched place lies within its day's plan: sold, held, free and withheld ones are the capacity, none is beyond it (D3).
        """
        plans = {plan.day: plan for plan in self.all(DayPlan)}
        for place in self.all(Place):
            plan = plans[place.day]
            assert place.position.index <= len(plan.layout[place.position.interval])

    @invariant()
    def one_miss_of_a_vehicle_is_forgiven(self):
        """
        Within these days no vehicle is forgiven twice (§28, D20).
        """
        forgiven = [booking.vehicle.plate_key for booking in self.all(Booking) if booking.deposit is DepositState.FORGIVEN]
        assert len(forgiven) == len(set(forgiven))

    def teardown(self):
        """
        At the end of a life its history is read again.
        """
        super().teardown()
        self.one_reschedule_is_free()

    def one_reschedule_is_free(self):
        """
        Of a booking's own moves one cost nothing (§28); those after D21 are no reschedules.
        """
        for booking in self.all(Booking):
            told = (event for event in self.all(Event) if event.aggregate == booking.id and event.kind == Happening.RESCHEDULED)
            free = [event for event in told if event.by == "user" and not event.detail.get("fee") and event.ground == "28"]
            assert len(free) <= 1
            assert booking.reschedules_left >= 0


DEEDS = {
    "book": "held",
    "pay": "confirmed",
    "reschedule": "rescheduled",
    "cancel": "cancelled",
    "no-show": "annulled",
    "call": "called",
    "arrive": "arrived",
    "enter": "admitted",
    "cross": "crossed",
    "turn back": "returned",
    "capacity change, closure, delay": "ordered",
    "moved by an order": "moved",
    "delayed by an order": "shifted",
    "block": "account_blocked",
    "suspended by a block or debt": "suspended",
    "complaint": "registered",
    "complaint upheld": "upheld",
    "complaint dismissed": "dismissed",
    "everything back": "withdrawn",
}
"""What the issue asks to be driven, and the event that proves it was."""


def missing(tally):
    """
    Name the deeds that never came off.
    """
    return [deed for deed, kind in DEEDS.items() if not tally[kind]]


def live(*, steps, a_life):
    """
    Live on until so many steps were made and every deed came off, within twice as many: what came of them, printed.
    """
    Country.tally.clear()
    each = settings(max_examples=60, stateful_step_count=a_life, deadline=None, suppress_health_check=list(HealthCheck))
    while Country.tally["steps"] < steps or (missing(Country.tally) and Country.tally["steps"] < 2 * steps):
        run_state_machine_as_test(Country, settings=each)
    tally = Country.tally
    print(f"{tally['steps']} steps in {tally['lives']} lives:", *(f"{deed} {tally[kind]}" for deed, kind in DEEDS.items()), sep="\n  ")  # noqa: T201
    return tally


@pytest.mark.rule("6-2", "20", "21", "22", "27", "28", "31", "34", "35", "D3", "D14", "D17", "D19", "D20", "D21", "D22", "D28", "D30")
class TestCountry:
    def test_holds_in_ten_thousand_steps(self):
        """
        At every run: ten thousand steps at the least, in which everything came off that may happen to a booking.
        """
        tally = live(steps=10_000, a_life=50)

        assert tally["steps"] >= 10_000
        assert [] == missing(tally)

    @pytest.mark.slow
    def test_holds_in_many_longer_lives(self):
        """
        A hundred thousand steps, eighty a life.
        """
        tally = live(steps=100_000, a_life=80)

        assert tally["steps"] >= 100_000
        assert [] == missing(tally)
