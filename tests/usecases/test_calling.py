"""
Vehicles are called in queue order, by the timetable or early when ready and the gate has room; told anew when the gate runs late (§31, §34, D16, D17).
"""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.bookings import EXPECTED, Happening, Status, Suspension
from chalicelib.domain.calling import queue_order
from chalicelib.domain.schedule import Step, call_at
from chalicelib.usecases.ports import Write
from chalicelib.usecases.run_step import RunStep
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes.gathering import at_once
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE

CALL = SLOT - minutes(150)
WIDE = factories.plan(rows=["gggggggggggggggg"] * 24)


def run_calls(office):
    """
    Run the calling step as the wiring does, then look at who is ready: the ids called, in order.
    """
    called = []
    step = RunStep(office.store.bookings, office.clock)
    for due in (Step.REMIND,):
        step(due, lambda id_: office.time.remind(booking=id_))
    step(Step.CALL, lambda id_: office.calling(booking=id_) and called.append(id_), ordered=office.calling.ordered)
    office.calling.ready(bookings=step.due(Step.EARLY)[0])
    return called


def in_area(office, *bookings, at=None):
    """
    Let the waiting area's camera see some vehicles, and the gate be heard.
    """
    sequence = office.store.passages.gateway(HERE).stored_upto
    for number, booking in enumerate(bookings, 1):
        entry = seen(sequence + number, "wa-in", booking, at=at or office.clock.now())
        office.journal.batch(checkpoint=HERE, batch=batch(entry))
    hear(office)


def hear(office):
    """
    A heartbeat of now.
    """
    last = office.store.passages.gateway(HERE).stored_upto
    office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now(), last=last))


def ready(office, booking, *, key=None):
    """
    Say ready.
    """
    account = office.booking(booking).account
    return office.ready(account=account, booking=booking, request=factories.request(key or f"ready-{booking}"))


@pytest.fixture
def wide(memory_store):
    """
    An office of a checkpoint with sixteen places an hour.
    """
    office = Office(memory_store)
    office.open(WIDE)
    return office


@pytest.mark.rule("31", "34", "D6", "D16")
class TestTimetable:
    def test_calls_in_queue_order(self, wide):
        """
        Of what is due at once: interval, class, position, however the index lists it; a demoted priority truck after the general ones.
        """
        for number, hour in enumerate((15, 14, 14, 15, 14), 1):
            wide.confirmed(number, slot=SLOT.replace(hour=hour))
        first = wide.booking("bk_2")
        wide.store.commit(Write(first.after(Happening.CLASS_CHANGED, demoted=True), first.version))
        wide.clock.move_to(CALL + minutes(60))

        assert ["bk_3", "bk_5", "bk_2", "bk_1", "bk_4"] == run_calls(wide)
        assert [] == run_calls(wide)

    @pytest.mark.rule("D22", "D28")
    def test_calls_no_suspended_booking(self, wide):
        """
        It stands still: not called, not a no-show, and at the gate only an officer may let it in, who is told why.
        """
        booking = wide.confirmed()
        stopped = wide.booking(booking)
        why = Suspension("6-2", "false_data", "blk_1", wide.clock.now())
        wide.store.commit(Write(stopped.after(Happening.SUSPENDED, suspended=why), stopped.version))
        wide.clock.move_to(CALL)

        assert [] == run_calls(wide)
        assert not wide.calling(booking=booking)
        wide.admissions(checkpoint=HERE)
        assert [("suspended", "false_data")] == [(row["status"], row["officer_only"]) for row in wide.link.admissions[-1].rows]

    @pytest.mark.rule("D24")
    def test_goes_on_while_the_gate_is_silent(self, wide):
        """
        Five hours without a word from the site: every call was made at its lead.
        """
        for number, hour in enumerate((14, 15, 16, 17, 18), 1):
            wide.confirmed(number, slot=SLOT.replace(hour=hour))
        wide.clock.move_to(CALL)
        while wide.clock.now() < SLOT + minutes(150):
            run_calls(wide)
            wide.clock.advance(minutes=10)

        calls = [wide.booking(f"bk_{number}").called_at for number in range(1, 6)]
        assert [SLOT.replace(hour=hour) - minutes(150) for hour in (14, 15, 16, 17, 18)] == calls

    @pytest.mark.rule("D32")
    def test_makes_up_for_a_clock_that_jumps_a_week(self, wide):
        """
        The clock leaps over call and slot: called once, in order, late; and nobody is annulled for what the clock did.
        """
        booking = wide.confirmed()
        wide.clock.move_to(SLOT + timedelta(days=7))
        hear(wide)

        assert [booking] == run_calls(wide)
        assert not wide.annul(booking=booking)
        assert Status.CALLED == wide.booking(booking).status


@pytest.mark.rule("31", "D17")
class TestReady:
    def test_is_called_early_where_the_gate_has_room(self, wide):
        """
        Hours before its time; the gate's list opens for it at once; until when it must leave is never before its interval's end.
        """
        booking = wide.confirmed()
        wide.clock.move_to(CALL - minutes(120))
        in_area(wide, booking)
        assert 200 == ready(wide, booking).status
        run_calls(wide)

        done = wide.booking(booking)
        assert (Status.CALLED, wide.clock.now(), SLOT + minutes(60)) == (done.status, done.called_at, done.leave_by)
        wide.admissions(checkpoint=HERE)
        assert [wide.clock.now().isoformat()] == [row["opens_at"] for row in wide.link.admissions[-1].rows]
        assert "D17" == wide.store.histories.of_aggregate(booking)[-1].ground

    def test_waits_its_turn_where_it_has_none(self, wide):
        """
        Sixteen an hour: eight in half an hour. Ten are ready: the first eight in queue order go, whoever said so first.
        """
        for number in range(1, 11):
            wide.confirmed(number, slot=SLOT.replace(hour=15 if number < 4 else 14))
        wide.clock.move_to(CALL - minutes(60))
        in_area(wide, *(f"bk_{number}" for number in range(1, 11)))
        for number in range(1, 11):
            ready(wide, f"bk_{number}")
        run_calls(wide)
        run_calls(wide)

        called = {number for number in range(1, 11) if wide.booking(f"bk_{number}").status is Status.CALLED}
        assert {4, 5, 6, 7, 8, 9, 10, 1} == called

    def test_is_not_called_early_past_a_silent_or_standing_gate(self, wide):
        """
        Of a gate unheard of for half an hour nobody knows whether it has room.
        """
        booking = wide.confirmed()
        wide.clock.move_to(CALL - minutes(120))
        in_area(wide, booking)
        ready(wide, booking)
        wide.clock.advance(minutes=31)
        run_calls(wide)
        assert Status.ARRIVED == wide.booking(booking).status
        hear(wide)
        run_calls(wide)
        assert Status.CALLED == wide.booking(booking).status

    def test_is_called_by_the_timetable_at_the_latest(self, wide):
        """
        No room, no word from the gate: its own call comes all the same.
        """
        booking = wide.confirmed()
        wide.clock.move_to(CALL - minutes(120))
        in_area(wide, booking)
        ready(wide, booking)
        wide.clock.move_to(CALL)
        run_calls(wide)

        assert (Status.CALLED, "34") == (wide.booking(booking).status, wide.store.histories.of_aggregate(booking)[-1].ground)

    def test_is_said_from_the_waiting_area_before_the_call(self, wide):
        """
        Not from the road, not once called, not by somebody else; said twice it is said once.
        """
        booking = wide.confirmed()
        assert ["NOT_IN_WAITING_AREA"] == [reason.code for reason in ready(wide, booking).reasons]
        wide.clock.move_to(CALL - minutes(120))
        in_area(wide, booking)
        assert "Missing" in str(wide.ready(account="acc_9", booking=booking, request=factories.request("x")))
        assert [200, 200, 200] == [ready(wide, booking, key=key).status for key in ("a", "a", "b")]
        assert 1 == [event.kind for event in wide.store.histories.of_aggregate(booking)].count("ready")
        wide.clock.move_to(CALL)
        run_calls(wide)
        assert ["ALREADY_CALLED"] == [reason.code for reason in ready(wide, booking, key="c").reasons]


@pytest.mark.rule("D16")
class TestPace:
    def standing(self, office, count):
        """
        Bring trucks of one interval to the waiting area, all called, the first `count` off to the gate, which does not move.
        """
        for number in range(1, 13):
            office.confirmed(number)
        office.clock.move_to(CALL)
        in_area(office, *(f"bk_{number}" for number in range(1, 13)))
        run_calls(office)
        office.clock.move_to(SLOT)
        sequence = office.store.passages.gateway(HERE).stored_upto
        for number in range(1, count + 1):
            entry = seen(sequence + number, "wa-out", f"bk_{number}", at=office.clock.now())
            office.journal.batch(checkpoint=HERE, batch=batch(entry))
        hear(office)

    def test_moves_until_when_to_leave_by_a_quarter_of_an_hour_at_least(self, wide):
        """
        Eleven trucks before the gate at sixteen an hour: 41 minutes; who still waits is told 45 more. Two trucks: nobody is told anything.
        """
        self.standing(wide, 2)
        wide.board.publish(checkpoint=HERE)
        assert 0 == wide.repace(checkpoint=HERE)
        wide.clock.advance(minutes=1)
        sequence = wide.store.passages.gateway(HERE).stored_upto
        for number in range(3, 12):
            wide.journal.batch(checkpoint=HERE, batch=batch(seen(sequence + number - 2, "wa-out", f"bk_{number}", at=wide.clock.now())))
        hear(wide)
        wide.board.publish(checkpoint=HERE)

        assert [1, 0] == [wide.repace(checkpoint=HERE) for _ in range(2)]
        assert SLOT + minutes(105) == wide.booking("bk_12").leave_by
        told = [row for shard in range(8) for row in wide.store.outbox.pending(shard=shard, until=wide.clock.now(), limit=99)]
        assert ["bk_12"] == [row.aggregate for row in told if row.payload.get("template") == "repaced"]

    @pytest.mark.rule("28", "D18")
    def test_annuls_nobody_for_a_gate_that_does_not_move(self, wide):
        """
        Trucks left the waiting area in time and stand before a gate that lets nobody in: an hour later they are no no-shows.
        """
        self.standing(wide, 6)
        wide.clock.move_to(SLOT + minutes(61))
        hear(wide)
        for number in range(1, 7):
            wide.annul(booking=f"bk_{number}")

        assert {Status.CALLED} == {wide.booking(f"bk_{number}").status for number in range(1, 7)}
        wide.clock.advance(minutes=1)
        sequence = wide.store.passages.gateway(HERE).stored_upto
        for number in range(1, 6):
            wide.journal.batch(checkpoint=HERE, batch=batch(seen(sequence + number, "entry-1", f"bk_{number}", at=wide.clock.now())))
        wide.clock.advance(minutes=45)
        hear(wide)
        due = next_step(wide.booking("bk_6")).at
        wide.clock.move_to(max(due, wide.clock.now()))
        hear(wide)
        assert wide.annul(booking="bk_6")
        assert Status.ANNULLED == wide.booking("bk_6").status

    def test_tells_when_a_turn_comes(self, wide):
        """
        On the board's line everybody has a place; nobody's turn is before his time, and behind a slow gate it is later.
        """
        self.standing(wide, 6)
        line = wide.measure(checkpoint=HERE).line

        assert list(range(1, 13)) == [line.place_of(f"bk_{number}") for number in range(1, 13)]
        assert line.place_of("bk_99") is None
        assert json.loads(json.dumps(line.per_hour)) > 0

    def test_makes_nobody_late_by_a_driver_who_sleeps(self, wide):
        """
        Called, in the waiting area, does not leave: at his moment he is annulled, and nobody else was given longer for him.
        """
        self.standing(wide, 0)
        wide.clock.move_to(SLOT + minutes(60))
        hear(wide)
        for number in range(1, 13):
            wide.annul(booking=f"bk_{number}")

        assert {Status.ANNULLED} == {wide.booking(f"bk_{number}").status for number in range(1, 13)}


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
        called = [booking for booking in office.calling.ordered(everybody) if office.calling(booking=booking)]
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
