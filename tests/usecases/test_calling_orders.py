"""
Calls beside whatever else happens: races with one winner, and queue order whatever the order of acts (§31, §34, D6, D16–D18).
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.bookings import EXPECTED, Status
from chalicelib.domain.calling import queue_order
from chalicelib.domain.decisions import Refused
from chalicelib.domain.schedule import call_at
from tests.factories import SLOT, batch, minutes, seen
from tests.fakes.gathering import at_once
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE
from tests.usecases.calls import CALL, WIDE, hear, ready


@pytest.mark.rule("34", "D16")
class TestRaces:
    def booked(self, store):
        """
        A booking whose call is due.
        """
        office = Office(store)
        office.open()
        booking = office.confirmed()
        office.clock.move_to(CALL)
        office.time.remind(booking=booking)
        return office, booking

    def test_call_against_cancellation_has_one_winner(self, store):
        """
        Both at once: either called and then cancelled, or cancelled and never called; the cancellation always holds.
        """
        office, booking = self.booked(store)
        called, cancelled = at_once(lambda: office.calling(booking=booking), lambda: office.rebuilt().cancel_for(booking))

        kinds = [event.kind for event in store.histories.of_aggregate(booking)]
        assert (Status.CANCELLED, 200) == (office.booking(booking).status, cancelled.status)
        assert called == ("called" in kinds)

    @pytest.mark.rule("28", "D14")
    def test_call_against_reschedule_has_one_winner(self, store):
        """
        A minute before the lead ends the user moves to the evening while the step calls: moved and not called, or called and told so.
        """
        office, booking = self.booked(store)
        office.clock.move_to(CALL)
        called, moved = at_once(
            lambda: office.calling(booking=booking), lambda: office.rebuilt().reschedule_for(booking, SLOT.replace(hour=20))
        )

        done = office.booking(booking)
        if called:
            assert (Status.CALLED, SLOT) == (done.status, done.slot_start)
            assert isinstance(moved, Refused)
        else:
            assert (Status.CONFIRMED, SLOT.replace(hour=20), 200) == (done.status, done.slot_start, moved.status)

    def test_two_calls_at_once_call_once(self, store):
        """
        Two steps side by side.
        """
        office, booking = self.booked(store)
        done = at_once(lambda: office.calling(booking=booking), lambda: office.rebuilt().calling(booking=booking))

        assert [False, True] == sorted(done)
        assert 1 == [event.kind for event in store.histories.of_aggregate(booking)].count("called")

    @pytest.mark.rule("35", "D18")
    def test_arrival_against_annulment_has_one_winner(self, store):
        """
        The waiting area's camera and the step at once: annulled, or arrived with an hour to leave; never both.
        """
        office, booking = self.booked(store)
        office.calling(booking=booking)
        office.clock.move_to(SLOT + minutes(120))
        hear(office)
        late = batch(seen(1, "wa-in", booking, at=SLOT + minutes(119)))
        at_once(lambda: office.annul(booking=booking), lambda: office.rebuilt().journal.batch(checkpoint=HERE, batch=late))

        kinds = [event.kind for event in store.histories.of_aggregate(booking)]
        assert ("annulled" in kinds) != ("arrived" in kinds)
        assert 1 == office.store.passages.gateway(HERE).stored_upto


ACTS = st.sampled_from(["arrive", "leave", "enter", "ready", "wait", "call", "cancel"])


@pytest.mark.rule("31", "34", "D6", "D16", "D17")
class TestAnyOrder:
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(st.tuples(ACTS, st.integers(1, 6)), max_size=20), hours=st.lists(st.integers(14, 16), min_size=6, max_size=6))
    def test_calls_keep_queue_order_and_the_legal_lead(self, acts, hours):
        """
        Whoever arrives, leaves, enters, cancels or is ready, in whatever order: calls among the not ready are in queue order, none is later than
        the law allows, none is twice, and nobody is called early who did not say so.
        """
        office = Office(MemoryStore(next_step=next_step))
        office.open(WIDE)
        for number, hour in enumerate(hours, 1):
            office.confirmed(number, slot=SLOT.replace(hour=hour))
        office.clock.move_to(CALL - minutes(60))
        order = []
        for act, number in acts:
            self.act(office, act, f"bk_{number}")
            order += self.look(office)
        while office.clock.now() < SLOT + minutes(180):
            office.clock.advance(minutes=30)
            order += self.look(office)

        bookings = [office.booking(f"bk_{number}") for number in range(1, 7)]
        called = [booking for booking in bookings if booking.called_at is not None]
        for booking in called:
            legal = booking.slot_start - RULES.legal_call_lead(DAY)
            assert booking.called_at <= legal
            assert booking.ready_at is not None or booking.called_at >= call_at(booking, RULES)
        assert all(booking.called_at is not None for booking in bookings if booking.status in EXPECTED)
        plain = [office.booking(id_) for id_ in order if office.booking(id_).ready_at is None]
        assert [booking.id for booking in plain] == [booking.id for booking in sorted(plain, key=queue_order)]
        assert len(order) == len(set(order))

    def look(self, office):
        """
        Run the steps over everybody, as the runs over what is due do: the ids called by the timetable, in order.
        """
        everybody = [f"bk_{number}" for number in range(1, 7)]
        for booking in everybody:
            office.time.remind(booking=booking)
        ordered = office.calling.ordered(office.store.bookings.get_many(everybody))
        called = [booking.id for booking in ordered if office.calling(booking=booking.id)]
        office.calling.ready(bookings=everybody)
        return called

    def act(self, office, act, booking):
        """
        Let one thing happen; what cannot is refused and changes nothing.
        """
        lane = {"arrive": "wa-in", "leave": "wa-out", "enter": "entry-1"}.get(act)
        sequence = office.store.passages.gateway(HERE).stored_upto + 1
        if lane is not None:
            office.journal.batch(checkpoint=HERE, batch=batch(seen(sequence, lane, booking, at=office.clock.now())))
            hear(office)
        elif act == "ready":
            ready(office, booking, key=office.chance.id("r"))
        elif act == "wait":
            office.clock.advance(minutes=7)
        elif act == "cancel":
            office.cancel_for(booking, key=office.chance.id("c"))
