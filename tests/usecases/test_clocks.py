"""
Whole trips on days that are unlike others, and clocks that jump: steps catch up once, and do nothing twice (§20, §28, §29, §34, §35, D16, D18, D32).
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.places import Pool
from chalicelib.domain.records import Event, OutboxMessage
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes import office as offices
from tests.fakes.authority import closure
from tests.fakes.office import FEE
from tests.fakes.rounds import codes
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE
from tests.fakes.zones import BACK_TO_SIX, BY_NIGHT, ON_TO_FOUR

DAYS = {
    "leap day": (RULES.zone, date(2028, 2, 29), 14, "NZH-280229-14-01"),
    "the hour before the year's end": (RULES.zone, date(2027, 12, 31), 23, "NZH-271231-23-01"),
    "the year's first hour": (RULES.zone, date(2028, 1, 1), 0, "NZH-280101-00-01"),
    "1 March 2024, first hour at +05": (RULES.zone, date(2024, 3, 1), 0, "NZH-240301-00-01"),
    "29 February 2024, the hour that came twice": (RULES.zone, date(2024, 2, 29), 23, "NZH-240229-23-01"),
    "the hour after one left out": (BACK_TO_SIX, date(2028, 3, 1), 1, "NZH-280301-01-01"),
    "the hour that comes twice": (ON_TO_FOUR, date(2028, 2, 29), 23, "NZH-280229-23-01"),
    "the hour after one left out by night": (BY_NIGHT, date(2028, 3, 1), 3, "NZH-280301-03-01"),
}


@pytest.fixture(params=DAYS)
def trip(request, monkeypatch, memory_store):
    """
    An office under a zone's rules, three days before an unlike day whose plan the night has drawn; the slot's start, real length and number.
    """
    zone, day, hour, number = DAYS[request.param]
    rules = replace(RULES, zone=zone)
    monkeypatch.setattr(offices, "RULES", rules)
    office = offices.Office(memory_store)
    office.clock.move_to(rules.midnight(day - timedelta(days=3)))
    office.opening(checkpoint=HERE)
    start, end = (moment.astimezone(UTC) for moment in office.store.places.plan(HERE, day).slot(hour, rules))
    return office, start, end, number


@pytest.mark.rule("20", "29", "34", "35", "D7", "D16", "D18", "D32")
class TestUnlikeDay:
    def test_is_booked_called_and_missed_by_real_time(self, trip):
        """
        Its number names the local day; reminded a real day before, called 150 real minutes before, annulled an hour after the interval's real end.
        """
        office, start, end, number = trip
        booking = office.confirmed(slot=start)
        moments = {}
        for name, at in (("remind", start - timedelta(hours=24)), ("call", start - minutes(150)), ("annul", end + minutes(60))):
            step = getattr(office.time, name)
            office.clock.move_to(at - minutes(1))
            office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now()))
            assert not step(booking=booking)
            office.clock.move_to(at)
            office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(at))
            moments[name] = step(booking=booking)

        done = office.booking(booking)
        assert {"remind": True, "call": True, "annul": True} == moments
        assert (number, Status.ANNULLED) == (done.number, done.status)
        assert (start, end) == (done.slot_start, done.slot_end)

    def test_is_sold_until_the_call_of_its_first_truck(self, trip):
        """
        A minute before the lead it can be bought, and is the first free one; at the lead it is too late.
        """
        office, start, _, _ = trip
        office.clock.move_to(start - minutes(151))
        assert isinstance(office.take_for(office.verified(1), slot=start), Done)
        first = office.find.first_free(checkpoint=HERE, class_=office.booking("bk_1").class_, pool=Pool.PRIMARY, after=None)
        assert start == first.start
        office.clock.advance(minutes=1)

        assert [Code.TOO_LATE] == codes(office.take_for(office.verified(2), slot=start))


def everything(office):
    """
    Run every step over everything, as the agenda does.
    """
    office.opening(checkpoint=HERE)
    office.carried_out()
    for booking in [booking.id for booking in office.store._shelves.all(Booking)]:
        for step in (
            office.time.tidy,
            office.time.remind,
            office.recheck,
            office.time.call,
            office.time.annul,
            office.crossing,
            office.strand,
        ):
            step(booking=booking)
        office.follow.lapse(booking=booking)
    office.reminding()
    office.settle()


def written(office):
    """
    Give all that was ever written down: events, and messages by what they are about.
    """
    events = Counter((event.aggregate, event.kind) for event in office.store._shelves.all(Event))
    return events, {row.id for row in office.store._shelves.all(OutboxMessage)}


def crowd(office):
    """
    One of each: an application, a hold, a card half paid, a paid one, a called one, one inside, one in a closed hour, one blocked with a complaint.
    """
    office.people_of(*range(1, 9))
    office.open(factories.plan(DAY + timedelta(days=1)))
    office.confirmed(5)
    office.confirmed(6)
    office.confirmed(7, slot=SLOT.replace(hour=16))
    office.confirmed(8, slot=SLOT.replace(hour=18))
    office.ordered(closure(16, 17))
    office.block("acc_8", "bk_8")
    office.follow(booking="bk_8")
    office.complained(account="acc_8")
    office.clock.move_to(SLOT - minutes(150))
    for booking in ("bk_5", "bk_6"):
        office.time.remind(booking=booking)
        office.time.call(booking=booking)
    office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", "bk_6", at=SLOT - minutes(20))))
    office.verified(1)
    office.held(2, slot=SLOT.replace(hour=20))
    office.held(3, slot=SLOT.replace(hour=20))
    office.pay_for("bk_3", by_card=True)
    office.confirmed(4, slot=SLOT.replace(hour=22))


@pytest.mark.rule("22", "28", "29", "34", "35", "D18", "D29", "D32")
class TestJump:
    def test_of_a_week_is_caught_up_once(self, quick_office):
        """
        Everything due is done at one run or the next, each thing once; further runs write nothing, and nobody was annulled unseen by the gate.
        """
        office = quick_office
        crowd(office)
        office.clock.advance(days=7)
        for _ in range(3):
            everything(office)
        caught_up = written(office)
        for _ in range(2):
            everything(office)

        assert caught_up == written(office)
        events, _ = caught_up
        assert {1} == {
            count for (aggregate, kind), count in events.items() if kind in {"reminded", "called", "expired", "annulled", "lapsed"}
        }
        expired = {f"bk_{number}" for number in (1, 2, 3)}
        assert expired == {aggregate for aggregate, kind in events if kind == "expired"}
        assert ("bk_4", "called") in events
        assert not [aggregate for aggregate, kind in events if kind == "annulled"]

    def test_back_a_little_does_nothing_twice(self, quick_office):
        """
        Steps that ran at noon run again at half past eleven, and once more at noon: not a row more than before.
        """
        office = quick_office
        crowd(office)
        everything(office)
        before = written(office)
        for span in (-minutes(30), minutes(15), minutes(15)):
            office.clock.advance(minutes=span.total_seconds() / 60)
            office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now(), last=1))
            everything(office)

        assert before == written(office)

    def test_back_a_little_takes_no_money_twice(self, quick_office):
        """
        A payment told, the clock put back, told again: one fee, one deposit; a second hold of the vehicle is still refused.
        """
        office = quick_office
        booking, attempt = office.paid_by_card(1)
        event = office.provider.succeeded(attempt)
        office.clock.advance(minutes=-10)

        assert not office.receive(event=event)
        assert (0, offices.DEPOSIT) == office.wallet()
        assert FEE == office.booking(booking).due.fee
        assert [Code.ACTIVE_BOOKING_EXISTS] == codes(office.take_for(office.verified(2, vehicle=factories.vehicle(1))))
