"""
No-shows and lapsed applications of many bookings end together: fewer reads and commits, and nothing else is different from one by one.
"""

import contextlib
from collections import Counter

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from chalicelib.domain.places import PlaceState
from chalicelib.domain.records import Task
from chalicelib.domain.schedule import Step
from chalicelib.usecases.bonds import bonds_of, bonds_of_many, bound_to
from chalicelib.usecases.ports import StoreBusyError
from chalicelib.usecases.run_step import RunStep
from chalicelib.usecases.run_together import RunTogether
from tests import factories
from tests.factories import SLOT, beat, minutes
from tests.fakes import faults
from tests.fakes.gathering import at_once
from tests.fakes.office import DEPOSIT, Office
from tests.fakes.samples import HERE
from tests.usecases.calls import CALL, WIDE
from tests.usecases.test_run_together import Rival

LATE = SLOT + minutes(181)
MANY = 12
ROWS_OF_A_NO_SHOW = 13
WHOLE_VIEWS = 3
"""Of them what has the checkpoint's list, board and the day's load drawn anew: said once for all of a commit."""


def run(office, step, planner, *, committer=None):
    """
    Run a step as the wiring does.
    """
    together = RunTogether(committer or office.store, RunStep(office.store.bookings, office.clock))
    return together.of_many(step, planner, bound=bound_to)


def annul(office, **options):
    """
    Run the no-shows' step.
    """
    return run(office, Step.ANNUL, options.pop("planner", office.annul.annulling), **options)


def missing(office, number, **changes):
    """
    Call so many vehicles of one interval, none of which comes; the gate reports until long after it.
    """
    made = [office.confirmed(each, **changes) for each in range(1, number + 1)]
    office.clock.move_to(CALL)
    for booking in made:
        office.time.remind(booking=booking)
        assert office.calling(booking=booking)
    office.clock.move_to(LATE)
    office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(LATE, last=0))
    return made


def lapsing(office, number, **changes):
    """
    Let so many vehicles hold places until nobody has paid.
    """
    made = [office.held(each, **changes) for each in range(1, number + 1)]
    office.clock.advance(hours=1)
    return made


def waiting(office):
    """
    List the messages that wait.
    """
    return [message for shard in range(8) for message in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=100)]


def ended(office, bookings):
    """
    Tell how bookings ended: what is told of each, what became of its deposit, and whether its place is free.
    """
    found = []
    for booking in map(office.booking, bookings):
        place = office.store.places.place(HERE, booking.day, booking.position)
        found.append((booking.status, booking.deposit, place.state))
    return found


STRUCK = (ExceptionGroup, StoreBusyError, faults.ProcessDiedError)
FORGIVEN = (Status.ANNULLED, DepositState.FORGIVEN, PlaceState.FREE)
FORFEITED = (Status.ANNULLED, DepositState.FORFEITED, PlaceState.FREE)


@pytest.fixture
def wide(store):
    """
    An office on the engine, of a checkpoint with sixteen places an hour.
    """
    office = Office(store)
    office.open(WIDE)
    return office


@pytest.fixture
def quick(memory_store):
    """
    The same without an engine.
    """
    office = Office(memory_store)
    office.open(WIDE)
    return office


@pytest.mark.rule("28", "35", "D18", "D20")
class TestNoShowsTogether:
    def test_are_few_calls_and_each_once(self, wide):
        """
        Twelve no-shows: each kind of what they are tied to is read once, all is written by two commits; a second run finds nothing.
        """
        bookings = missing(wide, MANY)

        with faults.counting(wide.store) as count:
            first = annul(wide)
        second = annul(wide)

        assert 2 == count.operations.count("TransactWriteItems")
        assert 8 + 1 + 3 + 5 + 2 == count.calls  # the shards; the bookings; the site; places, misses, locks, holds, wallets; the commits
        assert [(MANY, MANY), (0, 0)] == [(ran.seen, ran.changed) for ran in (first, second)]
        assert [FORGIVEN] * MANY == ended(wide, bookings)
        assert {(DEPOSIT, 0)} == {wide.wallet(f"acc_{number}") for number in range(1, MANY + 1)}

    def test_have_a_whole_view_drawn_anew_once(self, quick):
        """
        Of four no-shows of one day and checkpoint one message asks for each of its list, board and load; each user is told.
        """
        bookings = missing(quick, 4)
        already = {message.id for message in waiting(quick)}

        annul(quick)

        tasks = Counter(message.task for message in waiting(quick) if message.id not in already)
        assert {Task.NOTIFY: len(bookings), Task.LOAD: 1, Task.ADMISSIONS: 1, Task.BOARD: 1} == tasks

    def test_of_one_account_all_end_in_one_run(self, quick):
        """
        Five vehicles of one carrier: each sees the wallet as the one before it left it.
        """
        bookings = missing(quick, 5, account="acc_1")

        ran = annul(quick)

        assert (5, 5) == (ran.seen, ran.changed)
        assert [FORGIVEN] * 5 == ended(quick, bookings)
        assert (5 * DEPOSIT, 0) == quick.wallet()

    def test_of_one_vehicle_only_the_first_is_forgiven(self, quick):
        """
        One truck, two accounts and countries: both misses at once, one is forgiven.
        """
        bookings = [
            quick.confirmed(number, account=f"acc_{number}", vehicle=factories.vehicle(1), toward=toward)
            for number, toward in ((1, "CN"), (2, "KG"))
        ]
        quick.clock.move_to(CALL)
        for booking in bookings:
            quick.time.remind(booking=booking)
            assert quick.calling(booking=booking)
        quick.clock.move_to(LATE)
        quick.journal.heartbeat(checkpoint=HERE, heartbeat=beat(LATE, last=0))

        assert 2 == annul(quick).changed
        assert [FORGIVEN, FORFEITED] == sorted(ended(quick, bookings), key=lambda each: each[1] is DepositState.FORFEITED)

    def test_end_once_beside_each_other(self, wide):
        """
        Two runs at once, then another: each is annulled once, no deposit comes back twice.
        """
        bookings = missing(wide, MANY)

        ran = at_once(lambda: annul(wide), lambda: annul(wide.rebuilt()))
        last = annul(wide)

        assert MANY == sum(each.changed for each in (*ran, last))
        assert [FORGIVEN] * MANY == ended(wide, bookings)
        assert {(DEPOSIT, 0)} == {wide.wallet(f"acc_{number}") for number in range(1, MANY + 1)}

    def test_leave_a_booking_that_a_rival_changed(self, quick):
        """
        The gate admits one of three after it was read: it is not annulled, the others are.
        """
        bookings = missing(quick, 3)
        let_in = lambda: quick.journal.batch(  # noqa: E731
            checkpoint=HERE, batch=factories.batch(factories.seen(1, "entry-1", bookings[1], at=SLOT))
        )
        rival = Rival(quick.store, let_in)

        ran = annul(quick, committer=rival)

        assert (3, 2) == (ran.seen, ran.changed)
        assert [3 * ROWS_OF_A_NO_SHOW - 2 * WHOLE_VIEWS, *[ROWS_OF_A_NO_SHOW] * 3] == rival.asked
        assert [Status.ANNULLED, Status.ADMITTED, Status.ANNULLED] == [quick.booking(each).status for each in bookings]

    def test_that_cannot_be_read_together_are_read_one_by_one(self, quick):
        """
        What one of them is tied to cannot be read: the others end, and the error is raised at the end.
        """
        bookings = missing(quick, 4)

        def planner(some):
            if bookings[2] in [booking.id for booking in some]:
                raise LookupError(bookings[2])
            return quick.annul.annulling(some)

        with pytest.raises(ExceptionGroup) as raised:
            annul(quick, planner=planner)

        assert [LookupError] == [type(error) for error in raised.value.exceptions]
        assert [FORGIVEN] * 3 == ended(quick, [*bookings[:2], bookings[3]])
        assert Status.CALLED is quick.booking(bookings[2]).status

    @pytest.mark.parametrize("kind", faults.KINDS)
    def test_end_once_whatever_befalls_a_call(self, wide, kind):
        """
        A fault at a read or the commit, passing or lasting, then another run: each is annulled once, its deposit decided once.
        """
        bookings = missing(wide, 2)
        for call, lasting in ((8 + 1 + 3, 1), (8 + 1 + 3 + 5, 5), (8 + 1 + 3 + 5 + 1, 1), (8 + 1 + 3 + 5 + 1, 5)):
            with faults.at(wide.store, call=call, kind=kind, lasting=lasting), contextlib.suppress(*STRUCK):
                annul(wide)
        annul(wide)

        assert [FORGIVEN] * 2 == ended(wide, bookings)
        assert {(DEPOSIT, 0)} == {wide.wallet(f"acc_{number}") for number in (1, 2)}


@pytest.mark.rule("D5", "D11")
class TestLapsesTogether:
    def test_are_tidied_in_one_run(self, wide):
        """
        Seven holds that nobody paid for: all expire, each place is given back.
        """
        bookings = lapsing(wide, 7)

        with faults.counting(wide.store) as count:
            ran = run(wide, Step.TIDY, wide.time.tidying)

        assert (7, 7) == (ran.seen, ran.changed)
        assert count.operations.count("TransactWriteItems") <= 2
        assert [(Status.EXPIRED, PlaceState.FREE)] * 7 == [(status, place) for status, _, place in ended(wide, bookings)]
        assert 0 == run(wide, Step.TIDY, wide.time.tidying).changed


class TestBonds:
    def test_read_together_are_those_read_one_by_one(self, quick):
        """
        A sold place, a held one, an application without any: what each is tied to is the same, however many are asked for.
        """
        ids = [quick.confirmed(1), quick.held(2), quick.verified(3), quick.confirmed(4, account="acc_1")]
        parts = {"places_": quick.store.places, "locks": quick.store.locks, "ledger": quick.store.ledger}
        bookings = [quick.booking(each) for each in ids]

        together = bonds_of_many(bookings, **parts)

        assert {booking.id: bonds_of(booking, **parts) for booking in bookings} == together
        assert [True, True, False, True] == [together[each].place is not None for each in ids]
