"""
Do statements join: day by day, over weekends, in two forms, with one missing, with one that says otherwise.
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bank_lines import Cause
from chalicelib.domain.bank_reconciliation import DifferenceCause, Outside, joined, reconcile
from chalicelib.domain.statements import FileForm
from tests.fakes.bank import DAY, NOW, line, statement


def of(day, opening, closing, *, days=1, hour=0, **changes):
    """
    A statement that begins so many days after the first.
    """
    first = DAY + timedelta(days=day)
    fields = {"id": f"stm_{day}_{days}_{hour}", "first_day": first, "last_day": first + timedelta(days=days - 1)}
    return statement(**{**fields, "opening": opening, "closing": closing, "uploaded_at": NOW + timedelta(hours=hour), **changes})


def broken(statements):
    """
    Name where statements do not join, and by how much.
    """
    chain = joined(statements)
    return chain.opening, chain.closing, [(each.of, each.amount) for each in chain.breaks]


@pytest.mark.rule("D30")
class TestChain:
    def test_joins_days_in_any_order_of_arrival(self):
        """
        Each begins with what the one before ended with; quiet days between need none.
        """
        assert (10, 40, []) == broken([of(4, 20, 40), of(0, 10, 20), of(1, 20, 20)])

    def test_misses_a_day_that_moved_something(self):
        """
        A day left out shows by what it moved, and the rest still joins.
        """
        assert (10, 60, [("stm_3_1_0", 30)]) == broken([of(0, 10, 20), of(3, 50, 60)])

    def test_takes_the_whole_day_for_its_morning(self):
        """
        A statement made in the middle of the day gives way to the day's; one of the same day in the other form changes nothing.
        """
        assert (0, 9, []) == broken([of(0, 0, 5, hour=1), of(0, 0, 9, hour=5), of(0, 0, 9, hour=6, form=FileForm.CLIENT_BANK)])

    def test_goes_on_from_the_morning_to_the_afternoon(self):
        """
        Two statements of one day, the second beginning where the first ends, are the whole day; told once more as a whole it stays so.
        """
        halves = [of(-1, 0, 0), of(0, 0, 5, hour=1), of(0, 5, 9, hour=5)]

        assert (0, 9, []) == broken(halves) == broken([*halves, of(0, 0, 9, hour=7)])
        assert (0, 11, [("stm_1_1_0", 1)]) == broken([*halves, of(1, 10, 11)])

    def test_takes_a_month_for_its_days(self):
        """
        Overlapping periods join by the balances that both know.
        """
        assert (0, 50, []) == broken([of(0, 0, 5), of(1, 5, 20), of(0, 0, 40, days=30), of(29, 30, 40), of(30, 40, 50)])
        assert (0, 60, [("stm_2_5_0", 1)]) == broken([of(0, 0, 5), of(1, 5, 20), of(2, 21, 60, days=5)])

    def test_goes_on_with_the_longest_that_begins_in_time(self):
        """
        Of two that begin where the last ended the longer counts, of two that end on one day the later; what begins within is not compared.
        """
        first = of(0, 0, 5, days=2)

        assert (0, 40, []) == broken([first, of(2, 6, 20), of(2, 5, 40, days=3)])
        assert (0, 40, []) == broken([first, of(1, 3, 40, days=5), of(2, 6, 20, days=2)])
        assert (0, 41, [("stm_2_4_0", 1)]) == broken([first, of(1, 3, 40, days=5), of(2, 6, 41, days=4)])
        assert (0, 70, [("stm_4_1_0", 1)]) == broken([first, of(6, 60, 70, days=3), of(4, 6, 60, days=1)])

    def test_begins_a_day_where_the_day_before_ended(self):
        """
        Of several of one day the one that joins; of the first day's the one that none leads to.
        """
        assert (0, 9, []) == broken([of(0, 0, 5), of(1, 5, 9, hour=1), of(1, 7, 9, hour=2)])
        assert (0, 9, []) == broken([of(0, 0, 5, hour=1), of(0, 5, 9, hour=5)])

    def test_of_nothing_is_none(self):
        """
        Before the first statement there is no bank's book.
        """
        assert joined([]) is None
        assert 0 == reconcile(None, ledger=0, outside=Outside([]), as_of=NOW, today=DAY).difference


@pytest.mark.rule("D30")
class TestReconcile:
    def found(self, *, ledger, waiting=(), unposted=(), closing=100):
        """
        Compare a chain that brought a sum with the ledger.
        """
        chain = joined([of(0, 0, closing)])
        made = reconcile(chain, ledger=ledger, outside=Outside(waiting, unposted), as_of=NOW, today=DAY)
        return [(each.cause, each.amount) for each in made.differences]

    def test_says_what_nothing_explains(self):
        """
        The ledger has less, or more, than the bank: said by its sum.
        """
        assert [] == self.found(ledger=100)
        assert [(DifferenceCause.UNEXPLAINED, 1)] == self.found(ledger=99)
        assert [(DifferenceCause.UNEXPLAINED, -1)] == self.found(ledger=101)

    def test_lets_doubts_explain_either_way(self):
        """
        A line that may be told twice is in the bank's sum, or is not: neither is unexplained, any other sum is.
        """
        doubts = [line(number, amount=amount, cause=Cause.PERHAPS_KNOWN) for number, amount in ((1, 30), (2, 7))]

        for missing in (0, 30, 7, 37):
            assert {DifferenceCause.PERHAPS_KNOWN_LINE} == {cause for cause, _ in self.found(ledger=100 - missing, waiting=doubts)}
        assert (DifferenceCause.UNEXPLAINED, 8) in self.found(ledger=92, waiting=doubts)

    def test_waits_for_rows_that_are_being_posted(self):
        """
        What is under way is named and not called an error.
        """
        assert [(DifferenceCause.NOT_POSTED_YET, 100)] == self.found(ledger=0, unposted=[(of(0, 0, 100), 100)])
