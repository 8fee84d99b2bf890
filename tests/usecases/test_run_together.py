"""
Notices and calls of many bookings are committed together: fewer commits, and nothing else is different from one by one.
"""

import contextlib
from dataclasses import replace

import pytest

from chalicelib.domain.schedule import Step
from chalicelib.usecases.ports import StoreBusyError
from chalicelib.usecases.run_step import RunStep
from chalicelib.usecases.run_together import RunTogether
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes import faults
from tests.fakes.gathering import at_once
from tests.fakes.office import Office
from tests.usecases.calls import CALL, WIDE, run_calls
from tests.usecases.test_time import templates

DAY_BEFORE = SLOT - minutes(24 * 60)
MANY = 31
ROWS_OF_A_NOTICE = 3


def remind(office, *, plan=None, committer=None):
    """
    Run the notices' step as the wiring does.
    """
    step = RunStep(office.store.bookings, office.clock)
    return RunTogether(committer or office.store, step)(Step.REMIND, plan or office.time.reminding)


def filled(office, number):
    """
    Confirm so many bookings whose notice is due, on days and in hours that have room.
    """
    made = [office.confirmed(each, slot=SLOT.replace(hour=8 + each // 16)) for each in range(1, number + 1)]
    office.clock.move_to(DAY_BEFORE)
    return made


def reminded(office, bookings):
    """
    Count notices: those that the bookings say, and those that wait to be told.
    """
    said = sum(office.booking(booking).reminded_at is not None for booking in bookings)
    return said, sum(templates(office, booking).count("reminded") for booking in bookings)


class Rival:
    """
    A committer before whose first commit somebody else changes a booking.
    """

    def __init__(self, store, deed):
        self.store, self.deed, self.asked = store, deed, []

    def commit(self, *writes):
        """
        Let the rival go first, once.
        """
        if not self.asked:
            self.deed()
        self.asked.append(len(writes))
        return self.store.commit(*writes)


class StillNamed:
    """
    A step whose index still names a booking.
    """

    def __init__(self, office, booking):
        self.bookings, self.clock, self.booking = office.store.bookings, office.clock, booking

    def found(self, _step, *, behind):
        """
        Name it.
        """
        return [self.booking], behind is not None


@pytest.fixture
def wide(store):
    """
    An office on the engine, of a checkpoint with sixteen places an hour.
    """
    office = Office(store)
    office.open(WIDE)
    return office


@pytest.mark.rule("29")
class TestRunTogether:
    def test_commits_many_at_once_and_each_once(self, wide):
        """
        Thirty-one notices are two commits; a second run finds nothing.
        """
        bookings = filled(wide, MANY)

        with faults.counting(wide.store) as count:
            first = remind(wide)
        second = remind(wide)

        assert 2 == count.operations.count("TransactWriteItems")
        assert [(MANY, MANY), (0, 0)] == [(ran.seen, ran.changed) for ran in (first, second)]
        assert (MANY, MANY) == reminded(wide, bookings)

    def test_does_everything_once_beside_each_other(self, wide):
        """
        Two runs at once: each booking is told of by one of them.
        """
        bookings = filled(wide, 20)

        ran = at_once(lambda: remind(wide), lambda: remind(wide.rebuilt()))
        last = remind(wide)

        assert 20 == sum(each.changed for each in (*ran, last))
        assert (20, 20) == reminded(wide, bookings)

    def test_leaves_a_booking_that_a_rival_changed_to_the_next_run(self, wide):
        """
        One of ten was cancelled after it was read: the other nine are told of by themselves, that one is not.
        """
        bookings = filled(wide, 10)
        rival = Rival(wide.store, lambda: wide.cancel_for(bookings[3]))

        ran = remind(wide, committer=rival)

        assert (10, 9) == (ran.seen, ran.changed)
        assert [10 * ROWS_OF_A_NOTICE, *[ROWS_OF_A_NOTICE] * 10] == rival.asked
        assert (9, 9) == reminded(wide, bookings)
        assert 0 == remind(wide).changed

    def test_lets_one_broken_booking_keep_no_other_back(self, wide):
        """
        One cannot be planned, one cannot be written: the others are done, and both errors are raised at the end.
        """
        bookings = filled(wide, 10)

        def plan(booking):
            if booking.id == bookings[2]:
                raise LookupError(booking.id)
            writes = wide.time.reminding(booking)
            nobody = replace(writes[0], item=replace(writes[0].item, account=""))  # an index key may not be empty
            return (nobody, *writes[1:]) if booking.id == bookings[5] else writes

        with pytest.raises(ExceptionGroup) as raised:
            remind(wide, plan=plan)

        assert {LookupError} < {type(error) for error in raised.value.exceptions}
        assert 2 == len(raised.value.exceptions)
        assert (8, 8) == reminded(wide, bookings)

    @pytest.mark.parametrize("kind", faults.KINDS)
    def test_tells_everybody_once_whatever_befalls_a_call(self, wide, kind):
        """
        A fault at every call in turn, passing or lasting, then another run: each booking is told of once.
        """
        bookings, told = filled(wide, 3), 0
        reads = 8 + 1  # one look at each shard, one at the bookings
        for call, lasting in ((reads, 1), (reads + 1, 1), (reads + 1, 5)):
            with faults.at(wide.store, call=call, kind=kind, lasting=lasting) as fault:
                with contextlib.suppress(ExceptionGroup, StoreBusyError, faults.ProcessDiedError):
                    remind(wide)
                assert fault.hit or told
            told = reminded(wide, bookings)[0]
        remind(wide)

        assert (3, 3) == reminded(wide, bookings)

    def test_keeps_what_was_planned_no_longer_than_a_second(self, wide):
        """
        Where a plan asks somebody slow, what the others before it brought is written meanwhile: a run that dies loses one answer.
        """
        bookings = filled(wide, 4)
        asked = Rival(wide.store, lambda: None)

        def plan(booking):
            wide.clock.advance(seconds=0.6)
            return wide.time.reminding(booking)

        remind(wide, plan=plan, committer=asked)

        assert [ROWS_OF_A_NOTICE, 2 * ROWS_OF_A_NOTICE, ROWS_OF_A_NOTICE] == asked.asked
        assert (4, 4) == reminded(wide, bookings)

    def test_asks_for_no_commit_of_nothing(self, wide):
        """
        What the index still names though it is not its time is left.
        """
        booking = wide.confirmed()
        wide.clock.move_to(DAY_BEFORE - minutes(1))
        asked = Rival(wide.store, lambda: None)
        RunTogether(asked, StillNamed(wide, booking))(Step.REMIND, wide.time.reminding)

        assert [] == asked.asked
        assert not wide.time.remind(booking=booking)


@pytest.mark.rule("31", "34")
class TestCallsTogether:
    def test_are_made_in_queue_order(self, wide):
        """
        Twenty-four calls at once, more than a transaction takes: checkpoint, interval, position.
        """
        for number in range(1, 25):
            wide.confirmed(number, slot=SLOT.replace(hour=15 if number % 2 else 14), vehicle=factories.vehicle(number))
        wide.clock.move_to(CALL + minutes(60))

        called = run_calls(wide)

        assert [f"bk_{number}" for number in (*range(2, 25, 2), *range(1, 25, 2))] == called
        assert [] == run_calls(wide)
