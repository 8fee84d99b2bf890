"""
Nobody is annulled wrongly: cut off, unreadable, seen at the gate; and how it ends where the site cannot tell for a day (§28, §35, D18, D19, D24).
"""

from datetime import datetime, timedelta

import pytest

from chalicelib.contracts.passages import Action, DecisionReason
from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.registers import CheckResult
from chalicelib.domain.schedule import no_show_at
from chalicelib.domain.site_notes import ChoreKind
from chalicelib.usecases.site_writes import notes_write
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import HERE

CALL = SLOT - minutes(150)
MISSED = SLOT + minutes(120)


@pytest.fixture
def office(quick_office):
    """
    An office without an engine; 17-2 has registered nothing.
    """
    quick_office.registers.answers["17-2"] = CheckResult.FAILED
    return quick_office


def called(office, number=1):
    """
    Bring a booking to `called` at its moment.
    """
    booking = office.confirmed(number)
    office.clock.move_to(CALL)
    office.time.remind(booking=booking)
    assert office.calling(booking=booking)
    return booking


def hear(office, at=None, last=None):
    """
    A heartbeat.
    """
    stored = office.store.passages.gateway(HERE).stored_upto
    office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(at or office.clock.now(), last=stored if last is None else last))


def run_due(office, booking, *, until):
    """
    Run what the booking waits for, each at its moment, up to an instant.
    """
    steps = {"annul": office.annul, "crossing": office.crossing, "call": office.calling, "remind": office.time.remind}
    steps["recheck"] = office.recheck
    for _ in range(200):
        waits = next_step(office.booking(booking))
        if waits is None or waits.at > until:
            break
        office.clock.move_to(max(office.clock.now(), waits.at))
        steps[waits.step.value](booking=booking)
    office.clock.move_to(until)


@pytest.mark.rule("28", "35", "D18", "D24")
class TestCutOff:
    def test_annuls_nobody_in_five_hours_and_replays_what_happened(self, office):
        """
        Called, entered and left while the site was cut off: five hours later the journal comes, whole and twice; nobody was annulled.
        """
        other = office.confirmed(2)
        one = called(office, 1)
        run_due(office, other, until=CALL)
        for booking in (one, other):
            run_due(office, booking, until=max(office.clock.now(), SLOT + minutes(180)))
        assert [Status.CALLED] * 2 == [office.booking(booking).status for booking in (one, other)]
        told = batch(seen(1, "wa-in", one, at=SLOT), seen(2, "entry-1", one, at=SLOT + minutes(20)), seen(3, "exit-1", one, at=MISSED))
        for _ in range(2):
            office.journal.batch(checkpoint=HERE, batch=told)
        hear(office)
        run_due(office, one, until=office.clock.now() + timedelta(hours=7))
        run_due(office, other, until=office.clock.now() + timedelta(hours=7))

        assert (Status.CROSSED, DepositState.RELEASED) == (office.booking(one).status, office.booking(one).deposit)
        assert Status.ANNULLED == office.booking(other).status

    def test_ends_with_everything_back_after_a_day_of_silence(self, office):
        """
        Neither the gateway nor 17-2 nor an officer says a word for 24 hours: withdrawn, fee and deposit are back, and it is no miss.
        """
        booking = called(office)
        run_due(office, booking, until=CALL + timedelta(hours=24) - minutes(1))
        assert Status.CALLED == office.booking(booking).status
        run_due(office, booking, until=CALL + timedelta(hours=24))

        done = office.booking(booking)
        assert (Status.WITHDRAWN, DepositState.RELEASED, (FEE + DEPOSIT, 0)) == (done.status, done.deposit, office.wallet())
        assert all(not record.misses for record in office.store.locks.misses((f"plate#{done.vehicle.plate_key}",)).values())

    @pytest.mark.rule("18.17-2", "19")
    def test_believes_the_state_register(self, office):
        """
        17-2 has registered the crossing: crossed, the deposit released, the fee kept.
        """
        booking = called(office)
        office.registers.answers["17-2"] = CheckResult.PASSED
        run_due(office, booking, until=CALL + timedelta(hours=24))

        assert (Status.CROSSED, (DEPOSIT, 0)) == (office.booking(booking).status, office.wallet())
        assert "register:17-2" == office.store.histories.of_aggregate(booking)[-1].by
        (question,) = [asked for asked in office.registers.asked if asked.source == "17-2"]
        assert {"plate", "country", "vin", "since"} == set(question.keys)

    def test_takes_a_silent_register_for_no_answer(self, office):
        """
        17-2 is down: asked again for another day, then everything goes back all the same.
        """
        booking = called(office)
        office.registers.answers["17-2"] = CheckResult.UNAVAILABLE
        run_due(office, booking, until=CALL + timedelta(hours=40))
        assert Status.CALLED == office.booking(booking).status
        run_due(office, booking, until=MISSED + timedelta(hours=49))

        assert Status.WITHDRAWN == office.booking(booking).status

    @pytest.mark.rule("D24")
    def test_stands_corrected_by_a_report_that_comes_at_last(self, office):
        """
        Withdrawn after a day; then the gateway tells that it had entered in time: admitted, the fee taken again.
        """
        booking = called(office)
        run_due(office, booking, until=CALL + timedelta(hours=24))
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", booking, at=SLOT)))

        assert (Status.ADMITTED, (DEPOSIT, 0)) == (office.booking(booking).status, office.wallet())


@pytest.mark.rule("28", "35", "D18")
class TestUnreadable:
    def doubtful(self, office, reason=DecisionReason.UNREADABLE, booking=None):
        """
        A frame at the gate about which nothing is sure.
        """
        entry = seen(1, "entry-1", booking, at=SLOT, action=Action.STAY, reason=reason)
        office.clock.move_to(SLOT)
        office.journal.batch(checkpoint=HERE, batch=batch(entry))

    def test_holds_the_annulment_until_an_officer_tells(self, office):
        """
        Something unreadable passed the gate: wait; the officer says that it was nobody expected: annulled.
        """
        booking = called(office)
        self.doubtful(office)
        office.clock.move_to(MISSED)
        hear(office)
        run_due(office, booking, until=MISSED + minutes(30))
        assert Status.CALLED == office.booking(booking).status
        notes = office.store.passages.notes(HERE)
        office.store.commit(*notes_write(notes, notes.resolved(lane="entry-1", at=SLOT, booking=None)))
        hear(office)
        run_due(office, booking, until=MISSED + timedelta(hours=7))

        assert Status.ANNULLED == office.booking(booking).status

    def test_is_the_vehicle_read_a_moment_later(self, office):
        """
        The next frame reads it and lets it in: nothing is open.
        """
        booking = called(office)
        self.doubtful(office)
        office.journal.batch(checkpoint=HERE, batch=batch(seen(2, "entry-1", booking, at=SLOT + minutes(1))))

        assert ((), Status.ADMITTED) == (office.store.passages.notes(HERE).doubts, office.booking(booking).status)

    def test_annuls_nobody_who_stood_at_the_gate_himself(self, office):
        """
        Read, expected, and the barrier waited for the officer, who never came: days later it is still his to decide.
        """
        booking = called(office)
        self.doubtful(office, DecisionReason.OFFICER_ONLY, booking)
        for hours in (3, 12, 30, 60):
            office.clock.move_to(SLOT + timedelta(hours=hours))
            hear(office)
            run_due(office, booking, until=office.clock.now())

        assert Status.CALLED == office.booking(booking).status


@pytest.mark.rule("18.17-2", "28", "D19")
class TestNoExit:
    def admitted(self, office):
        """
        A truck let in at its hour.
        """
        booking = called(office)
        office.clock.move_to(SLOT)
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", booking, at=SLOT)))
        return booking

    def test_is_completed_by_the_state_register(self, office):
        """
        Its exit was missed; six hours later 17-2 is asked, and again ever later, until it knows: crossed, the deposit is back.
        """
        booking = self.admitted(office)
        run_due(office, booking, until=SLOT + timedelta(hours=47))
        assert Status.ADMITTED == office.booking(booking).status
        asked = [event.at - SLOT for event in office.store.histories.of_aggregate(booking) if event.kind == "rechecked"]
        assert [timedelta(hours=hours) for hours in (6, 12, 24)] == asked
        office.registers.answers["17-2"] = CheckResult.PASSED
        run_due(office, booking, until=SLOT + timedelta(hours=49))

        assert (Status.CROSSED, (DEPOSIT, 0)) == (office.booking(booking).status, office.wallet())

    def test_is_an_officers_to_decide_after_three_days(self, office):
        """
        At 72 hours, to the minute, a task; once; gone when it has left.
        """
        booking = self.admitted(office)
        run_due(office, booking, until=SLOT + timedelta(hours=72) - minutes(1))
        assert () == office.store.passages.notes(HERE).chores
        run_due(office, booking, until=SLOT + timedelta(hours=150))
        assert [(ChoreKind.NO_EXIT, booking)] == [(chore.kind, chore.booking) for chore in office.store.passages.notes(HERE).chores]
        office.journal.batch(checkpoint=HERE, batch=batch(seen(2, "exit-1", booking, at=office.clock.now())))

        assert ((), Status.CROSSED) == (office.store.passages.notes(HERE).chores, office.booking(booking).status)


@pytest.mark.rule("28", "30", "D16", "D18")
class TestGivenMoreTime:
    def waited_for(self, office):
        """
        A truck that left for the gate, stood behind another one that the crew kept for more than an hour, and that nobody annulled for it.
        """
        mine = office.confirmed(2)
        first = called(office)
        run_due(office, mine, until=CALL)
        office.clock.move_to(SLOT)
        for sequence, booking in enumerate((first, mine), 1):
            for step, lane in enumerate(("wa-in", "wa-out")):
                entry = seen(2 * sequence + step - 1, lane, booking, at=SLOT + minutes(2 * sequence + step - 3))
                office.journal.batch(checkpoint=HERE, batch=batch(entry))
        moment = office.booking(mine).left_area_at + minutes(60)
        office.clock.move_to(moment)
        hear(office)
        run_due(office, mine, until=moment + minutes(1))
        return mine

    def test_is_on_the_gates_list_at_once(self, office):
        """
        Whom we wait for the gate lets in: his admission lasts as long as he stands, and the list goes out with the decision.
        """
        booking = self.waited_for(office)
        after = office.booking(booking)
        assert after.annul_not_before is not None
        assert (Task.ADMISSIONS, after.version) in {(row.task, row.aggregate_version) for row in office.store._shelves.all(OutboxMessage)}

        office.admissions(checkpoint=HERE)

        (expires_at,) = (datetime.fromisoformat(row["expires_at"]) for row in office.link.admissions[-1].rows if row["booking"] == booking)
        assert after.annul_not_before == expires_at > no_show_at(after, RULES)

    def test_is_seen_at_the_gate_though_an_old_list_called_him_expired(self, office):
        """
        Read at the barrier within the time he was given: an officer's to decide, days later too; nobody annuls him.
        """
        booking = self.waited_for(office)
        at = office.booking(booking).annul_not_before - minutes(1)
        office.clock.move_to(at)
        entry = seen(5, "entry-1", booking, at=at, action=Action.STAY, reason=DecisionReason.EXPIRED)
        office.journal.batch(checkpoint=HERE, batch=batch(entry))
        for hours in (3, 12, 30):
            office.clock.move_to(at + timedelta(hours=hours))
            hear(office)
            run_due(office, booking, until=office.clock.now())

        assert office.booking(booking).status in {Status.ARRIVED, Status.CALLED}

    def test_is_over_for_who_comes_after_it(self, office):
        """
        Two hours after his moment, nobody having given him more: read at the barrier, called expired, annulled.
        """
        booking = called(office)
        office.clock.move_to(MISSED + minutes(1))
        entry = seen(1, "entry-1", booking, at=MISSED + minutes(1), action=Action.STAY, reason=DecisionReason.EXPIRED)
        office.journal.batch(checkpoint=HERE, batch=batch(entry))
        hear(office)
        run_due(office, booking, until=MISSED + minutes(2))

        assert Status.ANNULLED == office.booking(booking).status
