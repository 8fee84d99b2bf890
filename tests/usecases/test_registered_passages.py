"""
An officer's word makes up for what no camera told: missed readings, unreadable plates, trucks turned back (§11, §31, D17–D19).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.contracts.passages import Action, DecisionReason, DeviceHealth, LaneKind
from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.register_passage import Told, Word
from chalicelib.usecases.watch_checkpoint import TaskKind, WatchCheckpoint
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes.gathering import at_once
from tests.fakes.office import DEPOSIT
from tests.fakes.photos import PhotoShelf
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE

LANES = {
    Told.ARRIVED: ("wa-in", LaneKind.WAITING_AREA_ENTRY),
    Told.LEFT_AREA: ("wa-out", LaneKind.WAITING_AREA_EXIT),
    Told.ADMITTED: ("entry-1", LaneKind.ENTRY),
    Told.CROSSED: ("exit-1", LaneKind.EXIT),
    Told.RETURNED: ("exit-1", LaneKind.EXIT),
    Told.RESOLVED: ("entry-1", LaneKind.ENTRY),
}


def say(office, told, *, key=None, at=SLOT, **about):
    """
    An officer says what passed.
    """
    lane, kind = LANES[told]
    word = Word(HERE, lane, kind, at, told, "номер в грязи", **about)
    return office.register(officer="acc_o", word=word, request=factories.request(key) if key else None)


def tasks(office):
    """
    Name what waits for an officer.
    """
    parts = {name: getattr(office.store, name) for name in ("bookings", "places", "passages")}
    watch = WatchCheckpoint(**parts, photos=PhotoShelf, clock=office.clock, rules_on=lambda _: RULES)
    return [(task.kind, task.booking.id if task.booking else None) for task in watch.live(checkpoint=HERE).tasks]


@pytest.fixture
def office(quick_office):
    """
    An office without an engine at the booked hour.
    """
    quick_office.confirmed()
    quick_office.clock.move_to(SLOT)
    return quick_office


@pytest.mark.rule("11", "31", "D17")
class TestWord:
    def test_counts_as_the_gateways_own(self, office):
        """
        Arrived, left, admitted, crossed by his word: the same statuses and moments, the deposit back; each event names him and why.
        """
        for number, told in enumerate((Told.ARRIVED, Told.LEFT_AREA, Told.ADMITTED, Told.CROSSED)):
            assert 201 == say(office, told, booking="bk_1", at=SLOT - minutes(10 - number)).status

        done = office.booking("bk_1")
        assert (Status.CROSSED, DepositState.RELEASED, (DEPOSIT, 0)) == (done.status, done.deposit, office.wallet())
        assert SLOT - minutes(10) == done.arrived_at
        history = office.store.histories.of_aggregate("bk_1")[-4:]
        assert {("officer:acc_o", "номер в грязи", "11")} == {(event.by, event.detail["reason"], event.ground) for event in history}
        kept = office.store.passages.recent(HERE, day=SLOT.date(), limit=9)
        assert 4 == len({passage.journal for passage in kept})

    def test_finds_the_booking_by_its_plate(self, office):
        """
        By plate and country, at his own checkpoint; of two bookings the one that can do it; an unknown one is missing.
        """
        office.cancel_for(office.confirmed(1, id="bk_0", slot=SLOT.replace(hour=20), vehicle=factories.vehicle(9)))
        assert 201 == say(office, Told.ADMITTED, plates=("KZ#001ABC02",)).status
        assert Status.ADMITTED == office.booking("bk_1").status
        assert Missing() == say(office, Told.ADMITTED, plates=("KZ#777ZZZ09", "RU#001ABC02"))
        assert Missing() == say(office, Told.ADMITTED, booking="bk_none")

    def test_acts_once(self, office):
        """
        The same key twice is one passage; said again under another key it is refused, and nothing changes.
        """
        first, again = (say(office, Told.ADMITTED, booking="bk_1", key="k") for _ in range(2))
        assert first == again
        assert ["NOT_POSSIBLE_NOW"] == [reason.code for reason in say(office, Told.ADMITTED, booking="bk_1", key="l").reasons]
        assert 1 == len(office.store.passages.recent(HERE, day=SLOT.date(), limit=9))

    @pytest.mark.parametrize("told", [Told.CROSSED, Told.RETURNED])
    def test_refuses_what_cannot_be(self, office, told):
        """
        A cancelled booking has not crossed; who was not let in has not turned back.
        """
        office.cancel_for("bk_1")

        assert ["NOT_POSSIBLE_NOW"] == [reason.code for reason in say(office, told, booking="bk_1").reasons]
        assert Status.CANCELLED == office.booking("bk_1").status

    @pytest.mark.rule("D19", "28")
    def test_sends_a_truck_back_at_no_loss_but_the_fee(self, office):
        """
        Admitted, did not cross: returned; the fee kept, the deposit released, no miss, and the vehicle may book again.
        """
        say(office, Told.ADMITTED, booking="bk_1")
        assert 201 == say(office, Told.RETURNED, booking="bk_1").status

        done = office.booking("bk_1")
        assert (Status.RETURNED, DepositState.RELEASED, (DEPOSIT, 0)) == (done.status, done.deposit, office.wallet())
        assert "forgiven" == office.cancel_for(office.confirmed(1, id="bk_2", slot=SLOT.replace(hour=20))).answer["deposit"]
        told = [row.payload.get("template") for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=SLOT, limit=99)]
        assert "returned" in told

    @pytest.mark.rule("D24")
    def test_overrides_what_was_ended_meanwhile(self, office):
        """
        Cancelled, and let in all the same: his word stands as a gateway's would.
        """
        office.cancel_for("bk_1")
        say(office, Told.ADMITTED, booking="bk_1")

        assert Status.ADMITTED == office.booking("bk_1").status

    def test_beside_the_gateways_own_report_counts_once(self, store):
        """
        The camera's journal and the officer at once: one admission.
        """
        from tests.fakes.office import Office  # noqa: PLC0415

        office = Office(store)
        office.open()
        office.confirmed()
        office.clock.move_to(SLOT)
        report = batch(seen(1, "entry-1", "bk_1", at=SLOT))
        at_once(lambda: say(office, Told.ADMITTED, booking="bk_1"), lambda: office.rebuilt().journal.batch(checkpoint=HERE, batch=report))

        assert 1 == [event.kind for event in store.histories.of_aggregate("bk_1")].count("admitted")
        assert 1 == store.passages.gateway(HERE).stored_upto


@pytest.mark.rule("4", "D18", "D19")
class TestTasks:
    def frame(self, office, sequence, reason, booking=None):
        """
        A frame at which the barrier stayed shut.
        """
        entry = seen(sequence, "entry-1", booking, at=office.clock.now(), action=Action.STAY, reason=reason)
        office.journal.batch(checkpoint=HERE, batch=batch(entry))

    def test_are_shown_until_they_are_decided(self, office):
        """
        Unreadable and kept out; a word about one booking leaves nothing open of it, `resolved` clears the lane.
        """
        self.frame(office, 1, DecisionReason.UNREADABLE)
        office.clock.advance(minutes=10)
        self.frame(office, 2, DecisionReason.OFFICER_ONLY, "bk_1")
        assert [(TaskKind.UNREADABLE, None), (TaskKind.KEPT_OUT, "bk_1")] == tasks(office)
        office.clock.advance(minutes=30)
        say(office, Told.ADMITTED, booking="bk_1", at=office.clock.now())
        assert [(TaskKind.UNREADABLE, None)] == tasks(office)
        assert 201 == say(office, Told.RESOLVED, at=office.clock.now()).status
        assert [] == tasks(office)

    def test_name_who_is_past_his_time_where_the_gate_is_silent(self, office):
        """
        Called, his time over, no report: the officer may decide before the system does.
        """
        office.time.remind(booking="bk_1")
        office.calling(booking="bk_1")
        office.clock.move_to(SLOT + minutes(211))
        assert [(TaskKind.NOT_REPORTED, "bk_1")] == tasks(office)
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now()))

        assert [] == tasks(office)

    @pytest.mark.rule("D23")
    def test_name_who_may_stand_alone_before_a_blind_camera(self, office):
        """
        The gate reports, its camera shows nothing: who is past his time is the officer's to find, and to let in by his own word.
        """
        office.time.remind(booking="bk_1")
        office.calling(booking="bk_1")
        say(office, Told.ARRIVED, booking="bk_1", at=office.clock.now())
        say(office, Told.LEFT_AREA, booking="bk_1", at=office.clock.now())
        office.clock.move_to(SLOT + minutes(211))
        blind = DeviceHealth("camera-entry-1", "camera", "entry-1", ok=False, state="silent", since=SLOT)
        office.journal.heartbeat(checkpoint=HERE, heartbeat=replace(beat(office.clock.now()), devices=(blind,)))
        assert office.time.annul(booking="bk_1")
        assert [(TaskKind.NOT_REPORTED, "bk_1")] == tasks(office)

        say(office, Told.ADMITTED, booking="bk_1", at=office.clock.now())
        assert (Status.ADMITTED, []) == (office.booking("bk_1").status, tasks(office))

    def test_name_who_entered_and_was_not_seen_to_leave(self, office):
        """
        After 72 hours, though its day is long over; his word that it turned back ends it.
        """
        say(office, Told.ADMITTED, booking="bk_1")
        office.registers.answers["17-2"] = "failed"
        for hours in (6, 12, 24, 48, 72):
            office.clock.move_to(SLOT + timedelta(hours=hours))
            assert office.crossing(booking="bk_1")
        assert [(TaskKind.NO_EXIT, "bk_1")] == tasks(office)
        say(office, Told.RETURNED, booking="bk_1", at=office.clock.now())

        assert [] == tasks(office)

    @pytest.mark.rule("2.4", "31")
    def test_say_when_the_waiting_area_is_full(self, office):
        """
        Sized from the day's capacity: forty-eight a day, six hours of it, twelve vehicles; the twelfth fills it.
        """
        for number in range(2, 13):
            office.confirmed(number, slot=SLOT.replace(hour=17 + number // 2 % 7))
        for number in range(1, 12):
            say(office, Told.ARRIVED, booking=f"bk_{number}", at=office.clock.now())
        assert (TaskKind.AREA_FULL, None) not in tasks(office)
        say(office, Told.ARRIVED, booking="bk_12", at=office.clock.now())

        assert (TaskKind.AREA_FULL, None) in tasks(office)
