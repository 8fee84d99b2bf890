"""
Vehicles are called in queue order, by the timetable or early when ready and the gate has room; told anew when the gate runs late (§31, §34, D16, D17).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening, Status, Suspension
from chalicelib.domain.schedule import Step
from chalicelib.usecases.ports import Write
from chalicelib.usecases.run_step import RunStep
from chalicelib.usecases.run_together import RunTogether
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes.office import Office
from tests.fakes.samples import HERE
from tests.usecases.calls import CALL, WIDE, hear, in_area, ready, run_calls


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

    @pytest.mark.rule("D11")
    def test_is_not_held_up_by_a_check_that_is_overdue(self, wide):
        """
        Nobody has asked the registers again, for a day: the booking is found by that, and called in time all the same.
        """
        booking = wide.confirmed()
        wide.clock.move_to(CALL)
        wide.time.remind(booking=booking)
        step = RunStep(wide.store.bookings, wide.clock)
        assert ([], [booking]) == (step.due(Step.CALL)[0], step.due(Step.RECHECK)[0])
        RunTogether(wide.store, step)(Step.CALL, wide.calling.calling, ordered=wide.calling.ordered, behind=Step.RECHECK)

        assert Status.CALLED == wide.booking(booking).status

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
