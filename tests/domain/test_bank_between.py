"""
What lies between the bank's books and ours, named one by one, and kept as differences once it lasts too long (D30).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain.bank_differences import kept, overdue, renewed, settling
from chalicelib.domain.bank_lines import Cause as LineCause
from chalicelib.domain.bank_lines import LineState
from chalicelib.domain.bank_reconciliation import BankDifference, BankReconciliation, Chain, DifferenceCause, Outside, joined, reconcile
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.payouts import payout_failed, payout_paid
from chalicelib.domain.reconciliation import Cause, Difference
from chalicelib.domain.statements import Direction
from tests.fakes.bank import DAY, line, statement
from tests.fakes.postings import moved
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW
from tests.fakes.settlements import row, settlement

BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
TODAY = RULES.today(NOW)


def found(*, outside, chain=None, ledger=0, today=DAY):
    """
    List what lies between.
    """
    return list(reconcile(chain, ledger=ledger, outside=outside, as_of=NOW, today=today).differences)


@pytest.mark.rule("D30")
class TestBetween:
    def test_are_lines_that_nobody_has_explained_or_that_have_not_gone_back(self):
        """
        Each by the sum as the balance feels it, its day and its id; a return still lies at the bank and will leave.
        """
        lines = [
            line(1, amount=5),
            line(2, amount=7, direction=Direction.OUT, cause=LineCause.UNEXPLAINED_OUTGOING, day=BEFORE),
            line(3, amount=9, state=LineState.RETURNED, cause=LineCause.PERHAPS_KNOWN),
            line(4, amount=11, state=LineState.CREDITED, cause=LineCause.PERHAPS_KNOWN),
        ]

        assert [
            BankDifference(DifferenceCause.UNMATCHED_LINE, -7, BEFORE, "bln_1-2"),
            BankDifference(DifferenceCause.RETURN_NOT_SEEN, -9, DAY, "bln_1-3"),
            BankDifference(DifferenceCause.UNMATCHED_LINE, 5, DAY, "bln_1-1"),
        ] == found(outside=Outside(lines))

    def test_are_listed_by_day_and_name(self):
        """
        The oldest first; of one day in the order of their ids, whatever came first.
        """
        lines = [line(number, amount=5, day=day) for number, day in ((2, DAY), (3, BEFORE), (1, DAY))]

        assert ["bln_1-3", "bln_1-1", "bln_1-2"] == [each.of for each in found(outside=Outside(lines))]

    def test_are_doubts_and_rows_under_way(self):
        """
        A line that may be told twice, and what of a statement is not posted yet.
        """
        doubt = line(1, amount=5, cause=LineCause.PERHAPS_KNOWN)
        part = statement(id="stm_7", last_day=BEFORE)

        assert [
            BankDifference(DifferenceCause.NOT_POSTED_YET, 40, BEFORE, "stm_7"),
            BankDifference(DifferenceCause.PERHAPS_KNOWN_LINE, 5, DAY, "bln_1-1"),
        ] == found(outside=Outside([doubt], [(part, 40)]))

    def test_are_payouts_that_the_bank_has_not_shown(self):
        """
        On its way; one that failed, or that a line has brought, is seen. Other money is no payout.
        """
        way, gone, seen = (payout_paid(payout=f"po_{each}", amount=500, at=NOW, rules=RULES) for each in "abc")
        failed = payout_failed(payout="po_b", amount=500, at=NOW, rules=RULES)
        banked = moved(LedgerAccount.BANK, LedgerAccount.PAYOUTS_IN_TRANSIT, 500, id="payout_banked:po_c", kind="payout_banked")

        assert [BankDifference(DifferenceCause.PAYOUT_NOT_SEEN, 500, TODAY, "po_a")] == found(
            outside=Outside([], postings=[way, gone, failed, seen, banked])
        )

    def test_are_orders_to_the_budget_that_are_due_and_not_seen(self):
        """
        By region, from the day on which they are paid; shown by the bank they are none.
        """
        due = settlement(row(), row(region="23", fees=100), remit_on=DAY, day=BEFORE)
        later = settlement(row(), remit_on=AFTER)
        paid = moved(LedgerAccount.BUDGET_PAID, LedgerAccount.BANK, 5, id="remitted:20261202-23", kind="bank_remitted")
        outside = Outside([], postings=[paid], settlements=[due, later])

        assert [BankDifference(DifferenceCause.REMITTANCE_NOT_SEEN, -432_500, DAY, "20261202-19")] == found(outside=outside)
        assert 2 == len(found(outside=outside, today=AFTER))
        assert [] == found(outside=outside, today=BEFORE)

    def test_are_breaks_of_the_chain_and_the_unexplained_rest(self):
        """
        A break explains itself and no more; the rest is told on the chain's last day, or today where no statement has come.
        """
        gap = BankDifference(DifferenceCause.STATEMENTS_DO_NOT_JOIN, 30, BEFORE, "stm_3")
        chain = Chain(10, 160, BEFORE, DAY, (gap,))
        outside = Outside([])

        assert 120 == chain.explained
        assert [gap] == found(outside=outside, chain=chain, ledger=120, today=AFTER)
        assert [gap, BankDifference(DifferenceCause.UNEXPLAINED, 20, DAY)] == found(outside=outside, chain=chain, ledger=100, today=AFTER)
        assert [BankDifference(DifferenceCause.UNEXPLAINED, -5, AFTER)] == found(outside=outside, ledger=5, today=AFTER)
        made = reconcile(chain, ledger=100, outside=outside, as_of=NOW, today=AFTER)
        assert (NOW, chain, 100, 50) == (made.as_of, made.chain, made.ledger, made.difference)

    def test_are_weighed_together_where_there_are_many(self):
        """
        Of eight doubts any may be the bank's; of nine only all or none.
        """
        doubts = [line(number, amount=2**number, cause=LineCause.PERHAPS_KNOWN) for number in range(9)]

        def unexplained(count, missing):
            told = found(outside=Outside(doubts[:count]), chain=Chain(0, missing, DAY, DAY, ()))
            return DifferenceCause.UNEXPLAINED in {each.cause for each in told}

        assert not any(unexplained(8, missing) for missing in range(0, 256, 5))
        assert [True, True, False, False] == [unexplained(*each) for each in ((8, 256), (9, 5), (9, 511), (9, 0))]


@pytest.mark.rule("D30")
class TestChainOfDays:
    def test_names_its_days_and_where_it_breaks(self):
        """
        From the first day to the last; a break by what lies between, the day on which it shows and the statement that shows it.
        """
        first = statement(first_day=DAY, last_day=DAY, opening=10, closing=20)
        third = statement(id="stm_3", first_day=DAY + timedelta(days=2), last_day=DAY + timedelta(days=4), opening=50, closing=60)
        gap = BankDifference(DifferenceCause.STATEMENTS_DO_NOT_JOIN, 30, DAY + timedelta(days=2), "stm_3")

        assert Chain(10, 60, DAY, DAY + timedelta(days=4), (gap,)) == joined([third, first])


CALENDAR = WorkingCalendar(frozenset(), frozenset(), frozenset({2026}))
FRIDAY = date(2026, 12, 4)
DAYS_OF = {
    DifferenceCause.STATEMENTS_DO_NOT_JOIN: 0,
    DifferenceCause.UNEXPLAINED: 0,
    DifferenceCause.NOT_POSTED_YET: 4,
    DifferenceCause.REMITTANCE_NOT_SEEN: 4,
    DifferenceCause.UNMATCHED_LINE: 5,
    DifferenceCause.PERHAPS_KNOWN_LINE: 5,
    DifferenceCause.RETURN_NOT_SEEN: 7,
    DifferenceCause.PAYOUT_NOT_SEEN: 7,
}
"""Calendar days after which something that began on a Friday is no longer usual: two, three or five working days."""


@pytest.mark.rule("D30")
class TestOverdue:
    @pytest.mark.parametrize("cause", list(DifferenceCause))
    def test_is_what_has_lasted_its_working_days(self, cause):
        """
        From that day on, and not a day sooner.
        """
        each = BankDifference(cause, 5, FRIDAY)
        end = FRIDAY + timedelta(days=DAYS_OF[cause])

        assert [each] == overdue([each], today=end, calendar=CALENDAR)
        assert [] == overdue([each], today=end - timedelta(days=1), calendar=CALENDAR)


@pytest.mark.rule("D30")
class TestKept:
    @pytest.mark.parametrize(
        ("cause", "where", "ours", "theirs"),
        [
            (DifferenceCause.UNMATCHED_LINE, Cause.UNKNOWN_HERE, None, 5),
            (DifferenceCause.PERHAPS_KNOWN_LINE, Cause.UNKNOWN_HERE, None, 5),
            (DifferenceCause.NOT_POSTED_YET, Cause.UNKNOWN_HERE, None, 5),
            (DifferenceCause.STATEMENTS_DO_NOT_JOIN, Cause.UNKNOWN_HERE, None, 5),
            (DifferenceCause.RETURN_NOT_SEEN, Cause.UNKNOWN_THERE, 5, None),
            (DifferenceCause.UNEXPLAINED, Cause.AMOUNT_DIFFERS, 100, 105),
        ],
    )
    def test_says_which_side_does_not_know_it(self, cause, where, ours, theirs):
        """
        The sum stands on the side that knows it; where the books differ as a whole both do. One thing has one id.
        """
        made = kept(BankDifference(cause, 5, DAY, "x_1"), books=BankReconciliation(NOW, None, 100, ()), rules=RULES)

        expected = Difference(f"bank:{cause}:x_1", "bank", cause.value, "x_1", where, ours, theirs, RULES.midnight(DAY), NOW, 1)
        assert expected == Difference(**{**vars_of(made), "reference": None})
        assert "x_1" == made.reference
        assert () == settling(made)

    def test_of_nothing_in_particular_is_the_banks(self):
        """
        The unexplained sum has no subject but the bank.
        """
        made = kept(BankDifference(DifferenceCause.UNEXPLAINED, 5, DAY), books=BankReconciliation(NOW, None, 0, ()), rules=RULES)

        assert ("bank:unexplained:bank", "bank", None) == (made.id, made.subject, made.reference)

    @pytest.mark.parametrize(
        ("cause", "postings"),
        [
            (DifferenceCause.PAYOUT_NOT_SEEN, ["payout_banked:x_1", "payout_failed:x_1"]),
            (DifferenceCause.REMITTANCE_NOT_SEEN, ["remitted:x_1"]),
        ],
    )
    def test_of_what_is_banked_once_ends_with_its_posting(self, cause, postings):
        """
        A payout when it is shown or has failed, an order when it is shown; under the system's wallet.
        """
        made = kept(BankDifference(cause, -5, DAY, "x_1"), books=BankReconciliation(NOW, None, 0, ()), rules=RULES)

        assert postings == list(settling(made))
        assert ("system", Cause.UNKNOWN_THERE, -5, None) == (made.wallet, made.cause, made.ours, made.theirs)


def vars_of(difference):
    """
    Spell a difference by its fields.
    """
    return {name: getattr(difference, name) for name in Difference.__slots__}


def seen_again(**changes):
    """
    A difference as a look finds it.
    """
    fields = {"id": "d", "side": "bank", "kind": "k", "subject": "s", "cause": Cause.UNKNOWN_HERE, "ours": None, "theirs": 5}
    return Difference(**{**fields, "since": NOW, "found_at": NOW, "version": 1, **changes})


@pytest.mark.rule("D30")
class TestRenewed:
    def test_is_new_the_first_time_and_nothing_while_it_stays(self):
        """
        Seen again with the same sums nothing is written, with others they are, on the next version.
        """
        first = seen_again()
        other, third = seen_again(theirs=6, found_at=NOW + timedelta(days=1)), seen_again(ours=1)

        assert first is renewed(None, first)
        assert renewed(first, seen_again(found_at=NOW + timedelta(days=1))) is None
        assert seen_again(theirs=6, version=2) == renewed(first, other)
        assert seen_again(ours=1, version=2) == renewed(first, third)

    def test_that_comes_again_is_open_again(self):
        """
        Unless it was cleared after this look.
        """
        closed = seen_again(version=4).cleared(NOW)

        assert (NOW, 5) == (closed.cleared_at, closed.version)
        assert seen_again(version=6) == renewed(closed, seen_again())
        assert renewed(closed, seen_again(found_at=NOW - timedelta(seconds=1))) is None
