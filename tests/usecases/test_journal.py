"""
What gateways report: each entry once, in order, acknowledged after commit, whatever is sent twice, late, beside or by a new disk (§10, D17, D18).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes import faults
from tests.fakes.interruptions import Interrupted
from tests.fakes.office import DEPOSIT
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE

ENTRY = SLOT.replace(minute=5)


def entries(first, last, *, at=ENTRY):
    """
    Entries of a lane that concern no booking.
    """
    return [seen(number, "entry-1", None, at=at + minutes(number), action=factories.Action.STAY) for number in range(first, last + 1)]


def stored(office, journal="jr_1"):
    """
    Name the sequences of a journal that are stored.
    """
    found = office.store.passages.recent(HERE, day=ENTRY.date(), limit=1000)
    return sorted(passage.sequence for passage in found if passage.journal == journal)


def state(office):
    """
    Read what is known of the gateway: its journal and how far it is stored.
    """
    known = office.store.passages.gateway(HERE)
    return known.journal, known.stored_upto


class TestBatches:
    def test_are_stored_once_in_order(self, office):
        """
        Twice, overlapping and shuffled: each entry is stored once, the acknowledgement names the last without a gap.
        """
        office.clock.move_to(SLOT)
        send = lambda *found: office.journal.batch(checkpoint=HERE, batch=batch(*found))  # noqa: E731

        assert [2, 2, 4] == [send(*entries(1, 2)), send(*entries(1, 2)), send(*reversed(entries(2, 4)))]
        assert [1, 2, 3, 4] == stored(office)
        assert [(HERE, "jr_1", 2), (HERE, "jr_1", 2), (HERE, "jr_1", 4)] == office.link.acknowledged

    def test_wait_for_what_is_missing(self, office):
        """
        Behind a gap nothing is taken: the acknowledgement says where to go on, and the gateway sends it all again.
        """
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 2)))

        assert 2 == office.journal.batch(checkpoint=HERE, batch=batch(*entries(4, 5)))
        assert [1, 2] == stored(office)
        assert 5 == office.journal.batch(checkpoint=HERE, batch=batch(*entries(3, 5)))

    def test_that_come_late_move_nothing_back(self, office):
        """
        An old batch is worked on while newer ones come in: what is stored up to never falls behind what was acknowledged.
        """
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 4)))

        def overtake():
            office.rebuilt().journal.batch(checkpoint=HERE, batch=batch(*entries(5, 8)))

        slow = replace(office.journal, passages=Interrupted(office.store.passages, "gateway", overtake, afterwards=True))
        assert 8 == slow.batch(checkpoint=HERE, batch=batch(*entries(3, 4)))
        assert ("jr_1", 8) == state(office)
        assert 9 == office.journal.batch(checkpoint=HERE, batch=batch(*entries(9, 9)))

    def test_of_a_new_disk_start_anew(self, office):
        """
        A replaced disk brings a journal of its own, from 1: not a duplicate; and the old one's last batch, come late, is kept without harm.
        """
        office.clock.move_to(SLOT)
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 5)))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(SLOT, last=5))
        office.clock.advance(minutes=40)
        later = entries(1, 3, at=ENTRY + minutes(20))
        assert 3 == office.journal.batch(checkpoint=HERE, batch=batch(*later, journal="jr_2"))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now(), last=3, journal="jr_2"))

        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 5)))
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(6, 7)))

        assert ("jr_2", 3) == state(office)
        assert [1, 2, 3, 4, 5, 6, 7] == stored(office)
        assert [1, 2, 3] == stored(office, "jr_2")
        assert 4 == office.journal.batch(checkpoint=HERE, batch=batch(*entries(4, 4, at=ENTRY + minutes(30)), journal="jr_2"))

    def test_go_on_where_the_state_was_lost(self, office):
        """
        The cloud's note of the journal is wrong, the entries before are stored: the journal goes on, it does not stall.
        """
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 3)))
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 1, at=ENTRY + minutes(9)), journal="jr_x"))

        assert 4 == office.journal.batch(checkpoint=HERE, batch=batch(*entries(4, 4, at=ENTRY + minutes(10))))
        assert ("jr_1", 4) == state(office)

    @pytest.mark.parametrize("kind", ["crash_before", "crash_after"])
    def test_are_acknowledged_after_commit_only(self, store, kind):
        """
        The process dies at any call: no acknowledgement names what is not stored, and the batch sent again is stored once.
        """
        from tests.fakes.office import Office  # noqa: PLC0415

        for call in range(1, 60):
            office, journal = Office(store), f"jr_{call}"
            found = entries(1, 2, at=ENTRY + timedelta(hours=call))
            try:
                with faults.at(store, call=call, kind=kind) as fault:
                    office.journal.batch(checkpoint=HERE, batch=batch(*found, journal=journal))
            except faults.ProcessDiedError:
                assert [] == office.link.acknowledged
                office.rebuilt().journal.batch(checkpoint=HERE, batch=batch(*found, journal=journal))
            assert [(HERE, journal, 2)] == office.link.acknowledged
            assert (journal, 2) == state(office)
            if not fault.hit:
                break
        assert call > 5

    def test_of_another_checkpoint_touch_no_booking(self, office):
        """
        A gateway speaks for its own checkpoint: an entry that names a booking of another is kept and changes nothing.
        """
        booking = office.confirmed()

        office.journal.batch(checkpoint="dostyk", batch=batch(seen(1, "entry-1", booking, at=ENTRY)))

        assert Status.CONFIRMED == office.booking(booking).status

    def test_about_an_unknown_booking_are_kept(self, office):
        """
        A booking that the cloud does not know is noted and nothing else.
        """
        assert 1 == office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", "bk_none", at=ENTRY)))
        assert ["bk_none"] == [passage.booking for passage in office.store.passages.recent(HERE, day=ENTRY.date(), limit=5)]


@pytest.mark.rule("D18")
class TestHeartbeats:
    def test_report_up_to_their_moment_once_all_is_stored(self, office):
        """
        Before the last entry is stored a heartbeat reports nothing; then everything before it.
        """
        office.clock.move_to(SLOT + minutes(60))
        reported = lambda: office.store.passages.gateway(HERE).reported_upto  # noqa: E731
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(SLOT, last=2))
        assert reported() is None
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 1)))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(SLOT + minutes(1), last=2))
        assert reported() is None
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(2, 2)))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(SLOT + minutes(2), last=2))

        assert SLOT + minutes(2) == reported()

    def test_out_of_order_take_nothing_back(self, office):
        """
        An older heartbeat that comes later leaves what is reported.
        """
        office.clock.move_to(SLOT + minutes(60))
        for moment in (10, 5):
            office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(SLOT + minutes(moment)))

        assert SLOT + minutes(10) == office.store.passages.gateway(HERE).reported_upto

    def test_of_a_clock_that_runs_ahead_report_no_future(self, office):
        """
        A gateway whose clock is a day ahead has reported up to now, not to tomorrow.
        """
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now() + timedelta(days=1)))

        assert office.clock.now() == office.store.passages.gateway(HERE).reported_upto

    def test_of_another_journal_report_nothing_yet(self, office):
        """
        A new disk's entries that are not stored yet are not reported.
        """
        office.clock.move_to(SLOT + minutes(60))
        office.journal.batch(checkpoint=HERE, batch=batch(*entries(1, 5)))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(SLOT, last=2, journal="jr_2"))

        assert office.store.passages.gateway(HERE).reported_upto is None


@pytest.mark.rule("10", "28", "30", "31", "D17")
class TestPassages:
    def life(self, office, *steps):
        """
        Report lanes one after another, five minutes apart.
        """
        for number, (lane, booking) in enumerate(steps, 1):
            office.journal.batch(checkpoint=HERE, batch=batch(seen(number, lane, booking, at=ENTRY + minutes(5 * number))))

    def test_make_a_booking_arrive_enter_and_leave(self, office):
        """
        Waiting area, gate, exit: arrived, admitted, crossed at the gate's times; the deposit is back, the vehicle free to book.
        """
        booking = office.confirmed()
        self.life(office, ("wa-in", booking), ("wa-in", booking), ("wa-out", booking), ("entry-1", booking), ("exit-1", booking))

        done = office.booking(booking)
        assert (Status.CROSSED, DepositState.RELEASED) == (done.status, done.deposit)
        assert [5, 15, 20, 25] == [
            (moment - ENTRY) // minutes(1) for moment in (done.arrived_at, done.left_area_at, done.admitted_at, done.crossed_at)
        ]
        assert (DEPOSIT, 0) == office.wallet()
        kinds = [event.kind for event in office.store.histories.of_aggregate(booking)]
        assert ["held", "confirmed", "arrived", "left_area", "admitted", "crossed"] == kinds
        assert "held" == office.booking(office.held(1, id="bk_again", slot=SLOT.replace(hour=20))).status

    def test_count_a_confirmed_command_and_no_other(self, office):
        """
        An officer's opening counts when it was carried out; a stale or refused one does not.
        """
        booking = office.confirmed()
        for number, result in enumerate(("stale", "refused"), 1):
            entry = factories.commanded(number, "entry-1", booking, at=ENTRY, result=result)
            office.journal.batch(checkpoint=HERE, batch=batch(entry))
        assert Status.CONFIRMED == office.booking(booking).status

        office.journal.batch(checkpoint=HERE, batch=batch(factories.commanded(3, "entry-1", booking, at=ENTRY)))
        assert Status.ADMITTED == office.booking(booking).status

    @pytest.mark.rule("11", "D26")
    @pytest.mark.parametrize(("author", "by"), [("acc_o", "officer:acc_o"), (None, "officer")])
    def test_that_an_officer_ordered_name_him(self, quick_office, author, by):
        """
        The timeline says who let the truck in; an order of a gateway that does not tell yet is an officer's all the same.
        """
        booking = quick_office.confirmed()
        entry = factories.commanded(1, "entry-1", booking, at=ENTRY, author=author)
        quick_office.journal.batch(checkpoint=HERE, batch=batch(entry))

        assert by == quick_office.store.histories.of_aggregate(booking)[-1].by

    @pytest.mark.rule("28")
    def test_release_the_deposit_of_who_is_confirmed_at_the_exit(self, office):
        """
        The entry's reading was missed; the officer confirms the truck at the exit: it has crossed, its deposit is back, nothing to annul.
        """
        booking = office.confirmed()

        office.journal.batch(checkpoint=HERE, batch=batch(factories.commanded(1, "exit-1", booking, at=ENTRY)))

        done = office.booking(booking)
        assert (Status.CROSSED, DepositState.RELEASED, ENTRY, ENTRY) == (done.status, done.deposit, done.admitted_at, done.crossed_at)
        assert (DEPOSIT, 0) == office.wallet()

    @pytest.mark.rule("D18")
    def test_tell_a_called_vehicle_that_arrives_until_when_it_may_stay(self, office):
        """
        Called on the road, then seen in the waiting area: an hour from there, never before the interval's end.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - RULES.call_lead_winter)
        office.time.remind(booking=booking)
        office.time.call(booking=booking)
        assert office.booking(booking).leave_by is None

        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "wa-in", booking, at=SLOT + minutes(30))))

        assert (Status.ARRIVED, SLOT + minutes(90)) == (office.booking(booking).status, office.booking(booking).leave_by)

    @pytest.mark.rule("D18", "D24")
    def test_tell_whoever_came_during_a_cut_from_when_he_can_be_told(self, office):
        """
        In the waiting area for two hours of which the cloud heard nothing: his hour begins with the report, not before anybody told him.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - RULES.call_lead_winter)
        office.time.remind(booking=booking)
        office.time.call(booking=booking)
        office.clock.move_to(SLOT + minutes(190))
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "wa-in", booking, at=SLOT + minutes(70))))

        done = office.booking(booking)
        assert (SLOT + minutes(70), SLOT + minutes(250)) == (done.arrived_at, done.leave_by)
