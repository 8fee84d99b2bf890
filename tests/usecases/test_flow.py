"""
How the queue moves: counted from the gateway's journal, told without scanning, kept by a step (§31, §34, D16, D18).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import Position
from chalicelib.usecases.ports import Committed, Write
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes import samples
from tests.fakes.samples import DAY, HERE

HOUR = timedelta(hours=1)
ROWS = ("gggggggggggg",) * 24


def queue(office, count=8):
    """
    Sell the first places of the booked hour and the next: trucks that have come and wait.
    """
    office.store.commit(Write(replace(factories.plan(rows=ROWS), version=2), 1))
    office.open(factories.plan(DAY + timedelta(days=1), rows=ROWS))
    for number in range(count):
        position, start = Position(14 + number // 4, number % 4 + 1), SLOT + number // 4 * HOUR
        fields = {"id": f"bk_{number}", "position": position, "slot_start": start, "slot_end": start + HOUR}
        place = samples.place(position=position, booking=f"bk_{number}", state=PlaceState.SOLD, on_sale_from=None, hold_expires_at=None)
        assert Committed() == office.store.commit(Write(samples.booking(**fields, vehicle=factories.vehicle(number))), Write(place))
    office.find.recompute(checkpoint=HERE, day=DAY)


def report(office, *entries, upto, journal="jr_1"):
    """
    Let the gateway report entries and that it has told all up to a moment.
    """
    office.clock.move_to(upto)
    office.journal.batch(checkpoint=HERE, batch=batch(*entries, journal=journal))
    last = max((entry.sequence for entry in entries), default=0)
    office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(upto, last=last, journal=journal))


def arrivals(count=4, *, at=SLOT - HOUR, first=1):
    """
    Journal entries of vehicles that come to the waiting area, a minute apart.
    """
    return [seen(first + each, "wa-in", f"bk_{each}", at=at + minutes(each)) for each in range(count)]


@pytest.mark.rule("31", "34", "D16")
class TestShowFlow:
    def test_tells_the_plan_where_no_gateway_has_reported(self, quick_office):
        """
        Nothing counted: the timetable, on time, for what is sold.
        """
        queue(quick_office)
        quick_office.clock.move_to(SLOT - 2 * HOUR)
        flow = quick_office.flow.read(checkpoint=HERE)

        assert (None, None, 0, 12.0) == (flow.heard_upto, flow.serving, flow.entered_last_hour, flow.pace.per_hour)
        assert [SLOT, SLOT + HOUR] == [each.interval.start for each in flow.outlooks]
        assert all(each.late == timedelta() for each in flow.outlooks)

    def test_tells_who_is_served_how_late_and_how_many_entered(self, quick_office):
        """
        Four came, two entered a quarter of an hour apart, two wait: counted up to the gateway's word.
        """
        queue(quick_office)
        entries = [seen(5, "entry-1", "bk_0", at=SLOT + minutes(75)), seen(6, "entry-1", "bk_1", at=SLOT + minutes(90))]
        report(quick_office, *arrivals(), *entries, upto=SLOT + minutes(95))
        flow = quick_office.flow.read(checkpoint=HERE)

        assert (SLOT + minutes(95), SLOT, 2) == (flow.heard_upto, flow.serving.start, flow.entered_last_hour)
        assert flow.pace.per_hour < 12
        assert minutes(50) <= flow.pace.behind <= minutes(65)
        assert flow.outlooks[0].vehicles == pytest.approx(2.0, abs=0.5)
        assert flow.outlooks[0].earliest <= flow.outlooks[0].expected_at <= flow.outlooks[0].latest

    def test_counts_in_passing_what_the_step_has_not_kept_yet(self, quick_office):
        """
        What is read is the same before and after the step, and the step does nothing twice.
        """
        queue(quick_office)
        report(quick_office, *arrivals(), upto=SLOT)
        before = quick_office.flow.read(checkpoint=HERE)

        assert quick_office.flow.keep(checkpoint=HERE)
        assert not quick_office.flow.keep(checkpoint=HERE)
        assert before == quick_office.flow.read(checkpoint=HERE)
        assert 4 == sum(count.arrived for count in quick_office.store.passages.flow(HERE).counts)

    def test_counts_on_where_it_stopped(self, quick_office):
        """
        Each entry of the journal once, over several runs; a vehicle looked at twice is one.
        """
        queue(quick_office)
        report(quick_office, *arrivals(2), upto=SLOT)
        quick_office.flow.keep(checkpoint=HERE)
        more = [seen(3, "wa-in", "bk_0", at=SLOT + minutes(1)), seen(4, "entry-1", "bk_0", at=SLOT + minutes(2))]
        report(quick_office, *more, upto=SLOT + minutes(6))
        quick_office.flow.keep(checkpoint=HERE)
        record = quick_office.store.passages.flow(HERE)

        assert (2, 4, "jr_1") == (record.version, record.sequence, record.journal)
        assert [(2, (2,))] == [(count.arrived, count.entered) for count in record.counts if count.arrived]

    def test_follows_a_new_disks_journal_from_its_beginning(self, quick_office):
        """
        A gateway replaced: its sequences begin anew, and none is missed.
        """
        queue(quick_office)
        report(quick_office, *arrivals(2), upto=SLOT)
        quick_office.flow.keep(checkpoint=HERE)
        report(quick_office, seen(1, "entry-1", "bk_0", at=SLOT + minutes(2)), upto=SLOT + minutes(6), journal="jr_2")
        quick_office.flow.keep(checkpoint=HERE)

        assert 1 == quick_office.flow.read(checkpoint=HERE).entered_last_hour
        assert ("jr_2", 1) == (quick_office.store.passages.flow(HERE).journal, quick_office.store.passages.flow(HERE).sequence)

    @pytest.mark.rule("D24")
    def test_a_gateway_cut_off_is_reckoned_on_from_its_last_word(self, quick_office):
        """
        Three hours of silence: the queue of then has moved on at the pace of then, and nothing counts as a stop.
        """
        queue(quick_office)
        report(quick_office, *arrivals(), upto=SLOT + minutes(5))
        quick_office.clock.move_to(SLOT + minutes(10))
        near = quick_office.flow.read(checkpoint=HERE)
        quick_office.clock.move_to(SLOT + 3 * HOUR)
        far = quick_office.flow.read(checkpoint=HERE)

        assert near.heard_upto == far.heard_upto == SLOT + minutes(5)
        assert far.pace.stopped_since is None
        assert SLOT + 3 * HOUR == far.outlooks[0].expected_at

    def test_a_gateway_silent_for_half_a_day_says_nothing_of_now(self, quick_office):
        """
        Yesterday's queue is not today's.
        """
        queue(quick_office)
        report(quick_office, *arrivals(), upto=SLOT)
        quick_office.clock.move_to(SLOT + 13 * HOUR)
        flow = quick_office.flow.read(checkpoint=HERE)

        assert (SLOT, None, 12.0, timedelta()) == (flow.heard_upto, flow.serving, flow.pace.per_hour, flow.pace.behind)

    def test_keeps_nothing_where_nobody_reported(self, quick_office):
        """
        No gateway, no row.
        """
        queue(quick_office)

        assert not quick_office.flow.keep(checkpoint=HERE)
        assert quick_office.store.passages.flow(HERE) is None

    def test_counts_sold_places_itself_where_loads_are_older_than_their_figure(self, quick_office):
        """
        A load written before it told what is sold in each interval.
        """
        queue(quick_office)
        load = quick_office.store.places.load(HERE, DAY)
        quick_office.store.commit(Write(replace(load, sold=(), version=load.version + 1), load.version))
        quick_office.clock.move_to(SLOT - 2 * HOUR)

        assert [SLOT, SLOT + HOUR] == [each.interval.start for each in quick_office.flow.read(checkpoint=HERE).outlooks]

    def test_works_on_the_engine(self, office):
        """
        The row, the journal's order and the loads as the real store keeps them.
        """
        queue(office)
        report(office, *arrivals(), seen(5, "entry-1", "bk_0", at=SLOT), upto=SLOT + minutes(1))

        assert office.flow.keep(checkpoint=HERE)
        assert 1 == office.flow.read(checkpoint=HERE).entered_last_hour
