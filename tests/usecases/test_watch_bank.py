"""
The bank's half of the daily reconciliation: what lies between the books for longer than is usual is kept, with cause and age, until it is gone (D30).
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.money import SYSTEM_WALLET, LedgerAccount, Posting, transfer
from chalicelib.domain.payouts import payout_paid
from chalicelib.domain.reconciliation import BANK, PROVIDER, Cause, Difference
from chalicelib.usecases.ports import Write
from chalicelib.usecases.watch_bank import BankWatched
from tests.fakes import samples
from tests.fakes.bank_files import DAY, Move, camt053, client_bank, more
from tests.fakes.rules import RULES

pytestmark = pytest.mark.rule("23", "24", "D30")
SUM = 700_000
TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 12, day) for day in (1, 2, 3))
QUIET = BankWatched(found=0, cleared=0, standing=0)


@pytest.fixture
def desk(quick_office):
    """
    An office with a user.
    """
    quick_office.store.commit(Write(samples.account(id="acc_1", person="per_acc_1", roles=("user",))))
    return quick_office


def morning(desk, day):
    """
    Go on to ten o'clock of a day and let the step run.
    """
    desk.clock.move_to(RULES.at(day, 10 * 60))
    return desk.watch_bank()


def causes(desk, *, cleared=False):
    """
    Name the bank's differences that stand, or have cleared: (kind, cause, ours, theirs, since).
    """
    found = desk.store.differences.listed(cleared=cleared, limit=50, cursor=None).items
    return [(each.kind, each.cause.value, each.ours, each.theirs, RULES.today(each.since)) for each in found if each.side == BANK]


def pay_out(desk, *, how=payout_paid):
    """
    Let the provider pay out, or say that it could not.
    """
    desk.store.commit(Write(how(payout="po_1234567", amount=SUM, at=desk.clock.now(), rules=RULES)))


class TestWatch:
    def test_is_silent_where_the_books_agree(self, desk):
        """
        An invoice paid by transfer: both books have it, on the day and weeks later.
        """
        desk.bring(client_bank(Move(SUM, desk.invoice())))

        assert QUIET == morning(desk, TUESDAY)
        assert QUIET == morning(desk, TUESDAY + timedelta(days=30))

    def test_keeps_a_line_nobody_explains_from_the_third_working_day_until_somebody_does(self, desk):
        """
        Monday's line is in peace until Thursday; found once, it stands however often the step runs; explained, it is kept as cleared.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "x"))))
        quiet = [morning(desk, day) for day in (TUESDAY, WEDNESDAY)]
        runs = [morning(desk, THURSDAY), desk.watch_bank()]
        standing = causes(desk)
        desk.decide(line.id, "own")
        last = [morning(desk, THURSDAY + timedelta(days=1)), desk.watch_bank()]

        row = ("unmatched_line", "unknown_here", None, SUM, DAY)
        assert [QUIET] * 2 == quiet
        assert [BankWatched(1, 0, 1), BankWatched(0, 0, 1)] == runs
        assert [row] == standing
        assert [BankWatched(0, 1, 0), QUIET] == last
        assert ([], [row]) == (causes(desk), causes(desk, cleared=True))

    def test_counts_working_days(self, desk):
        """
        Friday's line is explained in time on Tuesday, late on Wednesday.
        """
        friday = DAY + timedelta(days=4)
        desk.clock.move_to(RULES.at(friday, 600))
        desk.bring(client_bank(more(Move(SUM, "x"), day=friday), first=friday, last=friday))

        assert [0, 0, 1] == [morning(desk, friday + timedelta(days=days)).standing for days in (3, 4, 5)]

    def test_keeps_a_missing_day_at_once(self, desk):
        """
        The statement after a gap begins with another sum.
        """
        early = DAY - timedelta(days=5)
        desk.bring(client_bank(more(Move(SUM, desk.invoice()), day=early), first=early, last=early))
        desk.bring(client_bank(Move(5, desk.invoice(key="b"), number="2"), opening=SUM + 40))

        assert BankWatched(1, 0, 1) == morning(desk, TUESDAY)
        assert [("statements_do_not_join", "unknown_here", None, 40, DAY)] == causes(desk)

    def test_keeps_what_nothing_explains_with_both_sums_and_its_first_day(self, desk):
        """
        The ledger says more than the bank; the sum may change from day to day, it is one difference and as old as it was.
        """
        desk.bring(client_bank(Move(SUM, desk.invoice())))
        desk.store.commit(Write(astray(desk, "a", 9)))
        first = morning(desk, TUESDAY)
        before = causes(desk)
        desk.store.commit(Write(astray(desk, "b", 1)))

        assert BankWatched(1, 0, 1) == first
        assert [("unexplained", "amount_differs", SUM + 9, SUM, DAY)] == before
        assert BankWatched(0, 0, 1) == morning(desk, WEDNESDAY)
        assert [("unexplained", "amount_differs", SUM + 10, SUM, DAY)] == causes(desk)

    def test_keeps_a_line_that_may_be_told_twice(self, desk):
        """
        The other form numbers a line differently, and nobody says whether it is the same.
        """
        move = Move(SUM, desk.invoice(), number="47")
        desk.bring(client_bank(move))
        (line,) = desk.lines(desk.bring(camt053(more(move, number="X-9"))))

        assert BankWatched(1, 0, 1) == morning(desk, THURSDAY)
        assert [("perhaps_known_line", "unknown_here", None, SUM, DAY)] == causes(desk)
        desk.decide(line.id, "dismissed")
        assert BankWatched(0, 1, 0) == morning(desk, THURSDAY)


class TestTwoAtOnce:
    def test_find_a_thing_once(self, desk):
        """
        One that read before the other wrote finds it there.
        """
        desk.bring(client_bank(Move(SUM, "x")))
        desk.clock.move_to(RULES.at(THURSDAY, 600))
        others = []

        def slow():
            books = desk.reconcile_bank()
            others.append(desk.watch_bank())
            return books

        assert BankWatched(0, 0, 1) == replace(desk.watch_bank, reconcile=slow)()
        assert [BankWatched(1, 0, 1)] == others
        assert 1 == len(causes(desk))

    def test_look_twice_before_books_are_called_unexplained(self, desk):
        """
        A line posted between the reads of the two sides makes them differ for that moment only.
        """
        desk.bring(client_bank(Move(SUM, desk.invoice())))
        torn = replace(desk.reconcile_bank, balance=lambda day: replace(desk.settle.balance(day=day), totals={}))
        assert ["unexplained"] == [each.cause.value for each in torn().differences]
        looks = [torn, desk.reconcile_bank]

        def look():
            return looks.pop(0)()

        assert QUIET == replace(desk.watch_bank, reconcile=look)()

    def test_leave_what_a_later_one_has_cleared(self, desk):
        """
        One that read the books before a line was explained does not open it again; coming again it is found again.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "x"))))
        morning(desk, THURSDAY)

        def slow():
            books = desk.reconcile_bank()
            desk.clock.advance(seconds=1)
            desk.decide(line.id, "own")
            assert BankWatched(0, 1, 0) == desk.watch_bank()
            return books

        replace(desk.watch_bank, reconcile=slow)()

        assert [] == causes(desk)
        assert 1 == len(causes(desk, cleared=True))

    def test_leave_what_a_later_one_has_found(self, desk):
        """
        One whose books are older than a difference does not clear it.
        """
        desk.clock.move_to(RULES.at(THURSDAY, 600))

        def slow():
            books = desk.reconcile_bank()
            desk.clock.advance(seconds=1)
            desk.bring(client_bank(Move(SUM, "x")))
            desk.watch_bank()
            return books

        replace(desk.watch_bank, reconcile=slow)()

        assert ["unmatched_line"] == [kind for kind, *_ in causes(desk)]


class TestBeside:
    def test_what_comes_again_is_open_again(self, desk):
        """
        Books that agreed for a day and differ anew: the same difference, found anew.
        """
        desk.bring(client_bank(Move(SUM, desk.invoice())))
        desk.store.commit(Write(astray(desk, "a", 9)))
        runs = [morning(desk, TUESDAY)]
        desk.store.commit(Write(astray(desk, "b", -9)))
        runs.append(morning(desk, WEDNESDAY))
        desk.store.commit(Write(astray(desk, "c", 4)))
        runs.append(morning(desk, THURSDAY))

        assert [BankWatched(1, 0, 1), BankWatched(0, 1, 0), BankWatched(1, 0, 1)] == runs
        (found,) = desk.store.differences.listed(cleared=False, limit=9, cursor=None).items
        assert (RULES.at(THURSDAY, 600), 3) == (found.found_at, found.version)

    def test_the_providers_step_leaves_the_banks_alone(self, desk):
        """
        Each half clears its own: a payout that has come by now waits for the bank's step.
        """
        pay_out(desk)
        morning(desk, TUESDAY + timedelta(days=7))
        desk.bring(client_bank(Move(SUM, "STRIPE po_1234567")))

        desk.reconcile()

        assert ["payout_not_seen"] == [kind for kind, *_ in causes(desk)]

    def test_the_banks_step_leaves_the_providers_alone(self, desk):
        """
        It neither clears nor counts what the provider's night found.
        """
        now = desk.clock.now()
        theirs = Difference("provider:txn_1", PROVIDER, "payout", "po_1", Cause.UNKNOWN_HERE, None, -5, now, now, 1)
        desk.store.commit(Write(theirs))

        assert QUIET == morning(desk, THURSDAY)
        assert theirs == desk.store.differences.difference(theirs.id)


def astray(desk, name, amount):
    """
    A posting to the bank's account that no line of it tells of.
    """
    now = desk.clock.now()
    legs = transfer(LedgerAccount.BANK, LedgerAccount.OWN_FUNDS, amount)
    return Posting(f"astray:{name}", SYSTEM_WALLET, "astray", now, RULES.today(now), legs)
