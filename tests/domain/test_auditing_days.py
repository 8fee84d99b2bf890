"""
Closed days added up anew: settlements, what they carry over, remittances, balances, and the revenue that is left (§24, D29).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.auditing import Books, Difference
from chalicelib.domain.money import LedgerAccount, Leg
from chalicelib.domain.settlements import Balance, DayBook, SettlementRow, Terms, settle
from tests.fakes.postings import fee, moved, posting
from tests.fakes.samples import DAY, NOW

AVAILABLE, HELD, PROVIDER = LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD, LedgerAccount.PROVIDER
FEES, FORFEITS, PAID = LedgerAccount.FEE_REVENUE, LedgerAccount.FORFEITS, LedgerAccount.BUDGET_PAID
NEXT, LATER = DAY + timedelta(days=1), DAY + timedelta(days=2)
TERMS = Terms(NOW, NEXT, DAY + timedelta(days=3))
POSTINGS = (
    fee(100),
    fee(40, checkpoint="c"),
    moved(HELD, FORFEITS, 30, checkpoint="b"),
    moved(FORFEITS, HELD, 60, checkpoint="c"),
    fee(50, checkpoint="c", day=NEXT),
)


def books(*postings):
    """
    These postings added up; checkpoint `a` and `b` lie in the north, others in the south.
    """
    made = Books(lambda checkpoint: "north" if checkpoint in "ab" else "south")
    for each in postings:
        made.take(each)
    return made


def closed(*postings):
    """
    Two days closed as they should be, and everything that their settlements had posted: books, settlements, balances.
    """
    settlements, balances, carried, before = {}, {}, (), None
    found = books(*postings)
    for day in (DAY, NEXT):
        own = DayBook(day, region_of=found.region_of).take(each for each in postings if each.day == day)
        settlements[day] = settle(own, terms=TERMS, carried=carried)
        remittance = settlements[day].remittance(at=NOW, day=LATER)
        if remittance:
            found.take(remittance)
        before = balances[day] = own.balance(before)
        carried = settlements[day].carried_over
    return found, settlements, balances


@pytest.mark.rule("24", "D29", "D30")
class TestDays:
    def test_that_agree_say_nothing(self):
        """
        Two days of two regions, one carried over, both remitted.
        """
        found, settlements, balances = closed(*POSTINGS)

        assert (-20, 130, 30) == (sum(row.total for row in settlements[DAY].carried_over), settlements[DAY].due, settlements[NEXT].due)
        assert [] == list(found.of_days(settlements, balances))
        assert [] == list(found.of_revenue(settlements))
        assert [] == list(found.of_accounts())
        assert [] == found.stray

    @pytest.mark.parametrize(
        "changes",
        [
            {"fees": 101},
            {"fee_count": 2},
            {"forfeits": 1},
            {"forfeit_count": 1},
            {"checkpoint": "z"},
            {"place_class": "x"},
            {"region": "y"},
        ],
    )
    def test_whose_settlement_says_another_thing_are_told(self, changes):
        """
        Any figure or name of a row that the day's movements do not give.
        """
        found, settlements, balances = closed(*POSTINGS)
        first, *rest = settlements[DAY].rows
        settlements[DAY] = replace(settlements[DAY], rows=(replace(first, **changes), *rest))

        told = next(found.of_days(settlements, balances))

        assert ("settlement", str(DAY)) == (told.what, told.whose)
        assert "'a/general/north': (100, 1, 0, 0)" in told.booked
        assert told.booked != told.kept

    def test_are_compared_whatever_the_order_of_the_rows(self):
        """
        A settlement says the same backwards.
        """
        found, settlements, balances = closed(*POSTINGS)
        settlements[DAY] = replace(settlements[DAY], rows=settlements[DAY].rows[::-1])

        assert [] == list(found.of_days(settlements, balances))

    def test_that_carry_over_another_sum_are_told(self):
        """
        What came from the day before, or from none.
        """
        found, settlements, balances = closed(*POSTINGS)
        own = [row for row in settlements[NEXT].rows if row.checkpoint != "carried"]
        settlements[NEXT] = replace(settlements[NEXT], rows=tuple(own))
        over = "{'carried/general/south': (40, 0, -60, 0)}"

        assert [
            Difference("carried over", str(NEXT), over, "{}"),
            Difference("remittance", str(NEXT), "30", "50"),
        ] == list(found.of_days(settlements, balances))

        del settlements[DAY]
        settlements[NEXT] = closed(*POSTINGS)[1][NEXT]
        first, *_, last = found.of_days(settlements, {NEXT: balances[DAY]})
        assert Difference("carried over", str(NEXT), "{}", over) == first
        assert Difference("remittance", str(DAY), "130", "no settlement") == last

    def test_whose_remittance_differs_are_told(self):
        """
        Never posted, or posted for a day that is not closed.
        """
        found, settlements, balances = closed(*POSTINGS)
        del found.remittances[str(DAY)]
        found.take(moved(FEES, PAID, 7, kind="remittance", reference="2020-01-01", day=LATER))
        found.take(moved(FEES, PAID, 5, kind="remittance", day=LATER))

        assert [
            Difference("remittance", str(DAY), "0", "130"),
            Difference("remittance", "", "5", "no settlement"),
            Difference("remittance", "2020-01-01", "7", "no settlement"),
        ] == list(found.of_days(settlements, balances))

    def test_whose_balance_differs_are_told_each(self):
        """
        What moved on the day, and what all days come to; the next day stands on what is kept, so one error is told once.
        """
        found, settlements, balances = closed(*POSTINGS)
        right = balances[DAY]
        balances[DAY] = replace(right, moved={**right.moved, "bank": 1})
        wrong_moved = (dict(balances[DAY].moved), dict(right.totals))

        assert [Difference("balance", str(DAY), str((dict(right.moved), dict(right.totals))), str(wrong_moved))] == list(
            found.of_days(settlements, balances)
        )

        balances[DAY] = replace(right, totals={**right.totals, "bank": 1})
        assert [("balance", str(DAY)), ("balance", str(NEXT))] == [(each.what, each.whose) for each in found.of_days(settlements, balances)]

    def test_closed_without_a_balance_are_told(self):
        """
        Each closed day has one; the day after it is compared with the last that there is.
        """
        found, settlements, balances = closed(*POSTINGS)
        last = settlements[LATER] = settle(DayBook(LATER), terms=TERMS)
        balances[last.day] = Balance(last.day, {}, balances[DAY].totals, 0)
        found.days.pop(last.day)
        del balances[NEXT]

        assert [Difference("balance", str(NEXT), "closed", "none")] == list(found.of_days(settlements, balances))

    def test_know_revenue_that_belongs_to_no_settlement(self):
        """
        A fee or a forfeit of no checkpoint is told; other money of none, and the remittance itself, are not.
        """
        found = books(
            moved(AVAILABLE, FEES, 5, id="p_fee"),
            moved(HELD, FORFEITS, 5, id="p_forfeit"),
            moved(PROVIDER, AVAILABLE, 5),
            fee(),
            moved(FEES, PAID, 5, kind="remittance", reference=str(DAY)),
        )

        assert [Difference("revenue", name, "no checkpoint", "belongs to no settlement") for name in ("p_fee", "p_forfeit")] == found.stray

    def test_are_added_up_by_checkpoint_and_class(self):
        """
        Like the settlement's own rows: each with the region asked for.
        """
        assert (
            SettlementRow("a", "general", 100, 1, 0, 0, "north"),
            SettlementRow("b", "general", 0, 0, 30, 1, "north"),
            SettlementRow("c", "general", 40, 1, -60, -1, "south"),
        ) == books(*POSTINGS).days[DAY].rows


@pytest.mark.rule("24", "D29", "D30")
class TestRevenue:
    def test_is_what_was_not_remitted_yet(self):
        """
        The days that are not closed and what the last closed one carries over; a tiyn beside is told.
        """
        found, settlements, _ = closed(*POSTINGS[:4])
        found.take(fee(11, day=LATER))
        found.take(moved(HELD, FORFEITS, 22, checkpoint="b", day=LATER))

        assert [] == list(found.of_revenue(settlements))
        assert [] == list(books(*POSTINGS).of_revenue({}))

        found.take(posting(Leg(FEES, 1), Leg(AVAILABLE, -1)))
        assert [Difference("revenue", "all accounts", "14", "13")] == list(found.of_revenue(settlements))

    def test_of_forfeits_counts_as_well(self):
        """
        Fees and forfeits together.
        """
        found = books(moved(HELD, FORFEITS, 5))

        assert [Difference("revenue", "all accounts", "5", "0")] == list(found.of_revenue({}))
