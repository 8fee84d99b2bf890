"""
What time brings to a booking: notice, call, no-show, each once, in chunks, whoever runs beside (§28, §29, §34, §35, D16–D18).
"""

from dataclasses import replace

import pytest

from chalicelib.contracts.passages import DeviceHealth
from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from chalicelib.domain.places import PlaceState
from chalicelib.domain.schedule import Step
from chalicelib.usecases.run_step import RunStep
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes.gathering import at_once
from tests.fakes.office import DEPOSIT
from tests.fakes.samples import DAY, HERE

CALL = SLOT - minutes(150)
MISSED = SLOT + minutes(120)


def called(office, number=1, **changes):
    """
    Bring a booking to `called`, by its steps at their moments.
    """
    booking = office.confirmed(number, **changes)
    office.clock.move_to(CALL)
    assert office.time.remind(booking=booking)
    assert office.time.call(booking=booking)
    return booking


def templates(office, booking):
    """
    Name the notices written for a booking.
    """
    rows = [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=50)]
    return [row.payload["template"] for row in rows if row.task == "notify" and row.aggregate == booking]


@pytest.mark.rule("29")
class TestReminder:
    def test_is_given_once_24_hours_before(self, office):
        """
        Not a second earlier, once, with a notice.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - minutes(24 * 60 + 1))
        assert not office.time.remind(booking=booking)
        office.clock.advance(minutes=1)

        assert [True, False] == [office.time.remind(booking=booking) for _ in range(2)]
        assert "reminded" in templates(office, booking)

    def test_of_a_late_booking_comes_at_once(self, office):
        """
        Who books inside 24 hours is told at once.
        """
        office.clock.move_to(SLOT - minutes(300))
        booking = office.confirmed()

        assert office.time.remind(booking=booking)


@pytest.mark.rule("34", "D16")
class TestCall:
    def test_is_made_once_at_its_lead(self, office):
        """
        150 minutes before in winter, not earlier, once; a notice, the board and the gate's list follow.
        """
        booking = office.confirmed()
        office.clock.move_to(CALL - minutes(1))
        office.time.remind(booking=booking)
        assert not office.time.call(booking=booking)
        office.clock.advance(minutes=1)

        assert [True, False] == [office.time.call(booking=booking) for _ in range(2)]
        done = office.booking(booking)
        assert (Status.CALLED, CALL, None) == (done.status, done.called_at, done.leave_by)
        assert "called" in templates(office, booking)

    def test_tells_a_waiting_vehicle_until_when_to_leave(self, office):
        """
        Already in the waiting area: `leave_by` is the interval's end here.
        """
        booking = office.confirmed()
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "wa-in", booking, at=CALL - minutes(30))))
        office.clock.move_to(CALL)
        office.time.remind(booking=booking)
        office.time.call(booking=booking)

        assert (Status.CALLED, SLOT + minutes(60)) == (office.booking(booking).status, office.booking(booking).leave_by)

    def test_skips_who_cancelled(self, office):
        """
        Nothing is called that is over.
        """
        booking = office.confirmed()
        office.cancel_for(booking)
        office.clock.move_to(SLOT)

        assert [False] * 3 == [step(booking=booking) for step in (office.time.remind, office.time.call, office.time.annul)]


@pytest.mark.rule("28", "35", "D18", "D20")
class TestNoShow:
    def test_waits_for_the_gates_report(self, office):
        """
        While the gate has not reported past the moment nobody is annulled: looked at again, ever later; then once.
        """
        booking = called(office)
        office.clock.move_to(MISSED)
        assert office.time.annul(booking=booking)
        assert (Status.CALLED, MISSED + minutes(1)) == (office.booking(booking).status, office.booking(booking).annul_not_before)
        office.clock.move_to(MISSED + minutes(30))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(MISSED - minutes(1)))
        assert office.time.annul(booking=booking)
        assert MISSED + minutes(60) == office.booking(booking).annul_not_before
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(MISSED))
        assert not office.time.annul(booking=booking)
        office.clock.move_to(MISSED + minutes(60))

        assert [True, False] == [office.time.annul(booking=booking) for _ in range(2)]
        done = office.booking(booking)
        assert (Status.ANNULLED, DepositState.FORGIVEN, (DEPOSIT, 0)) == (done.status, done.deposit, office.wallet())
        place = office.store.places.place(HERE, DAY, done.position)
        assert (PlaceState.FREE, True) == (place.state, place.secondary)
        assert "annulled" in templates(office, booking)

    @pytest.mark.rule("D23")
    def test_waits_while_the_gates_camera_shows_nothing(self, office):
        """
        It may stand alone before the barrier, unread; once the camera is well and still nobody is there, it is a no-show.
        """
        booking = called(office)
        office.clock.move_to(MISSED)
        camera = DeviceHealth("camera-entry-1", "camera", "entry-1", ok=False, state="silent", since=SLOT)
        office.journal.heartbeat(checkpoint=HERE, heartbeat=replace(beat(MISSED), devices=(camera,)))
        assert office.time.annul(booking=booking)
        assert Status.CALLED == office.booking(booking).status

        office.clock.advance(minutes=2)
        well = replace(camera, ok=True, state="seen")
        office.journal.heartbeat(checkpoint=HERE, heartbeat=replace(beat(office.clock.now()), devices=(well,)))
        assert office.time.annul(booking=booking)
        assert Status.ANNULLED == office.booking(booking).status

    def test_is_none_for_who_was_seen_meanwhile(self, office):
        """
        The gate's journal tells that it entered: the step finds nothing to annul.
        """
        booking = called(office)
        office.clock.move_to(MISSED)
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", booking, at=SLOT)))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(MISSED, last=1))

        assert not office.time.annul(booking=booking)
        assert Status.ADMITTED == office.booking(booking).status

    def test_is_none_for_who_was_called_too_late(self, office):
        """
        The cloud was away for hours: whoever it calls afterwards has his lead and grace from the call, and is not annulled with it.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT + minutes(240))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now()))
        office.time.remind(booking=booking)
        assert office.time.call(booking=booking)

        assert not office.time.annul(booking=booking)
        office.clock.advance(minutes=210)
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now()))
        assert office.time.annul(booking=booking)
        assert Status.ANNULLED == office.booking(booking).status

    def test_in_the_waiting_area_is_who_did_not_leave(self, office):
        """
        Told to go and still there at `leave_by`: annulled, whatever the hour of grace.
        """
        booking = called(office)
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "wa-in", booking, at=CALL + minutes(5))))
        office.clock.move_to(SLOT + minutes(60))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now(), last=1))

        assert office.time.annul(booking=booking)
        assert Status.ANNULLED == office.booking(booking).status

    def test_of_a_vehicle_that_missed_before_costs_the_deposit(self, office):
        """
        A cancellation within 90 days, under whatever account, has used the forgiveness up (no-show and cancellation share it).
        """
        office.cancel_for(office.confirmed(1))
        booking = called(office, 2, vehicle=factories.vehicle(2, plate=factories.vehicle(1).plate))
        office.clock.move_to(MISSED)
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(MISSED))

        assert office.time.annul(booking=booking)
        assert (DepositState.FORFEITED, (0, 0)) == (office.booking(booking).deposit, office.wallet("acc_2"))

    def test_frees_the_vehicle_to_book_again(self, office):
        """
        §35: the vehicle may book again.
        """
        booking = called(office)
        office.clock.move_to(MISSED)
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(MISSED))
        office.time.annul(booking=booking)

        assert "held" == office.booking(office.held(1, id="bk_2", slot=SLOT.replace(hour=20))).status


class TestApplication:
    @pytest.mark.rule("D11")
    def test_expires_after_a_day_without_a_place(self, office):
        """
        Verified, never placed: expired after 24 hours, told once.
        """
        booking = office.verified()
        office.clock.advance(hours=23, minutes=59)
        assert not office.time.tidy(booking=booking)
        office.clock.advance(minutes=1)

        assert ["NOT_VERIFIED"] == [reason.code for reason in office.take_for(booking).reasons]
        assert [True, False] == [office.time.tidy(booking=booking) for _ in range(2)]
        assert (Status.EXPIRED, ["expired"]) == (office.booking(booking).status, templates(office, booking))


class TestRuns:
    def run(self, office):
        """
        Run the tidying step once.
        """
        return RunStep(office.store.bookings, office.clock)(Step.TIDY, lambda id_: office.time.tidy(booking=id_))

    def test_find_what_is_due_once(self, office):
        """
        Ten lapsed applications: the first run tidies them, the second finds nothing; a booking not yet due is left.
        """
        for number in range(10):
            office.verified(number)
        office.clock.advance(hours=24)
        office.verified(11)

        first, second = self.run(office), self.run(office)

        assert [(10, 10), (0, 0)] == [(ran.seen, ran.changed) for ran in (first, second)]

    def test_do_everything_once_beside_each_other(self, office):
        """
        Two runs at once: each booking is tidied by one of them.
        """
        for number in range(20):
            office.verified(number)
        office.clock.advance(hours=24)

        ran = at_once(lambda: self.run(office), lambda: self.run(office.rebuilt()))

        assert 20 == sum(each.changed for each in ran)
        assert all(2 == office.booking(f"bk_{number}").version for number in range(20))

    def test_let_one_broken_booking_keep_no_other_back(self, office):
        """
        One booking raises: the others are done, and the error is raised at the end.
        """
        for number in range(10):
            office.verified(number)
        office.clock.advance(hours=24)

        def act(booking):
            if booking == "bk_3":
                raise LookupError(booking)
            return office.time.tidy(booking=booking)

        with pytest.raises(ExceptionGroup) as raised:
            RunStep(office.store.bookings, office.clock)(Step.TIDY, act)

        assert [LookupError] == [type(error) for error in raised.value.exceptions]
        assert 9 == sum(office.booking(f"bk_{number}").status is Status.EXPIRED for number in range(10))

    def test_say_when_the_next_one_is_due(self, office):
        """
        The earliest moment over all shards.
        """
        office.verified(1)
        office.clock.advance(hours=1)
        office.verified(2)

        due = RunStep(office.store.bookings, office.clock).next_due(Step.TIDY)
        assert office.booking("bk_1").verified_at + minutes(24 * 60) == due
        assert RunStep(office.store.bookings, office.clock).next_due(Step.CALL) is None
