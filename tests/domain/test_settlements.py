from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.money import LedgerAccount, Leg, Posting, transfer
from chalicelib.domain.settlements import Balance, DayBook, Settlement, SettlementRow, Terms, settle
from tests.fakes.samples import DAY, HERE, NOW

TERMS = Terms(NOW, DAY + timedelta(days=1), DAY + timedelta(days=3))
REGIONS = {"a": "north", "b": "north", "c": "south"}
PLACES = st.sampled_from(sorted(REGIONS))
DAYS = st.lists(
    st.tuples(
        st.lists(st.tuples(PLACES, st.sampled_from(["general", "expedited"]), st.integers(1, 10**9)), max_size=8),
        st.lists(st.tuples(PLACES, st.integers(-(10**9), 10**9).filter(bool)), max_size=6),
    ),
    min_size=1,
    max_size=5,
)


def posting(*legs, **changes):
    """
    A posting of some legs.
    """
    return Posting(**{"id": "p", "wallet": "a", "kind": "k", "at": NOW, "day": DAY, "legs": legs, **changes})


def revenue(fees, forfeits):
    """
    Postings that earn fees and forfeits, or give forfeits back.
    """
    earned = [
        posting(*transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.FEE_REVENUE, sum_), checkpoint=place, place_class=class_)
        for place, class_, sum_ in fees
    ]
    lost = [posting(*transfer(LedgerAccount.WALLET_HELD, LedgerAccount.FORFEITS, sum_), checkpoint=place) for place, sum_ in forfeits]
    return [*earned, *lost]


def book(postings, day=DAY):
    """
    A day's postings added up, by the regions of the test.
    """
    return DayBook(day, region_of=lambda place: REGIONS.get(place, place)).take(postings)


@pytest.mark.rule("24", "D29")
class TestSettle:
    @settings(max_examples=60)
    @given(days=DAYS)
    def test_pays_each_region_what_it_earned_and_never_less_than_nothing(self, days):
        """
        Over days, what a region's budget was ordered and what is still carried over is what was earned there, to the tiyn; nothing is below zero.
        """
        earned, ordered, carried = Counter(), Counter(), ()
        for number, (fees, forfeits) in enumerate(days):
            settled = settle(book(revenue(fees, forfeits), DAY + timedelta(days=number)), terms=TERMS, carried=carried)
            for place, *_, sum_ in (*fees, *forfeits):
                earned[REGIONS[place]] += sum_
            ordered.update(settled.by_region())
            carried = settled.carried_over
            assert settled.due == sum(settled.by_region().values())
            assert all(sum_ > 0 for sum_ in settled.by_region().values())
            assert len(fees) == sum(row.fee_count for row in settled.rows)

        rest = Counter({row.region: row.total for row in carried})
        assert all(row.total < 0 for row in carried)
        assert {region: sum_ for region, sum_ in earned.items() if sum_} == {
            region: ordered[region] + rest[region] for region in earned if ordered[region] + rest[region]
        }

    def test_names_each_checkpoint_and_class_once_in_their_order(self):
        """
        Two fees of one class are one row; a class or a checkpoint more is another.
        """
        fees = [("b", "general", 5), ("a", "general", 1), ("a", "expedited", 100), ("a", "general", 1)]

        rows = settle(book(revenue(fees, [("a", 20)])), terms=TERMS).rows

        assert (
            SettlementRow("a", "expedited", 100, 1, 0, 0, "north"),
            SettlementRow("a", "general", 2, 2, 20, 1, "north"),
            SettlementRow("b", "general", 5, 1, 0, 0, "north"),
        ) == rows

    def test_leaves_out_what_is_no_revenue(self):
        """
        Money on wallets, held deposits and the remittance itself are not the budget's again.
        """
        others = [
            posting(*transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, 5), checkpoint=HERE),
            posting(*transfer(LedgerAccount.FEE_REVENUE, LedgerAccount.BUDGET_PAID, 5), checkpoint=HERE, kind="remittance"),
            posting(*transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.FEE_REVENUE, 5)),
        ]

        assert () == settle(book(others), terms=TERMS).rows

    @pytest.mark.parametrize(("at_hand", "funded"), [(-1, 0), (0, 0), (60, 60), (100, 100), (101, 100)])
    def test_is_funded_by_what_lies_at_the_bank_and_no_more(self, at_hand, funded):
        """
        What is at hand funds what is due up to it; the rest is the shortfall.
        """
        settled = settle(book(revenue([("a", "general", 100)], [])), terms=TERMS, at_hand=at_hand)

        assert (100, funded, 100 - funded) == (settled.due, settled.funded, settled.shortfall)

    def test_tells_a_term_without_a_business_day(self):
        """
        Where no business day lies in the term the money is late before it is ordered.
        """
        settled = settle(book([]), terms=TERMS)

        assert not settled.overdue_from_the_start
        assert replace(settled, remit_on=settled.due_on + timedelta(days=1)).overdue_from_the_start


@pytest.mark.rule("24", "D29", "D30")
class TestRemittance:
    def test_empties_the_revenue_of_the_regions_that_are_paid(self):
        """
        A region below zero keeps its revenue until it is even; nothing due moves nothing.
        """
        settled = settle(book(revenue([("a", "general", 70), ("c", "general", 5)], [("a", 30), ("c", -20)])), terms=TERMS)

        moved = settled.remittance(at=NOW, day=DAY)

        assert (Leg(LedgerAccount.FEE_REVENUE, -70), Leg(LedgerAccount.FORFEITS, -30), Leg(LedgerAccount.BUDGET_PAID, 100)) == moved.legs
        assert (f"remittance:{DAY}", "system", str(DAY)) == (moved.id, moved.wallet, moved.reference)
        assert (SettlementRow("carried", "general", 5, 0, -20, 0, "south"),) == settled.carried_over
        assert Settlement(DAY, NOW, DAY, DAY).remittance(at=NOW, day=DAY) is None


@pytest.mark.rule("D30")
class TestBalance:
    @settings(max_examples=40)
    @given(days=DAYS)
    def test_of_the_last_day_is_the_sum_of_all(self, days):
        """
        Each day's balance is the one before plus what moved, zero in all; every posting is counted once.
        """
        balance, all_, count = None, Counter(), 0
        for fees, forfeits in days:
            postings = revenue(fees, forfeits)
            balance = book(postings).balance(balance)
            for each in postings:
                for leg in each.legs:
                    all_[leg.account.value] += leg.amount
            count += len(postings)
            assert len(postings) == balance.postings
            assert 0 == sum(balance.moved.values()) == sum(balance.totals.values())

        assert {account: sum_ for account, sum_ in all_.items() if sum_} == balance.totals

    def test_has_at_hand_what_no_settlement_claimed(self):
        """
        Money at the bank less what was ordered to be paid: posted already, or ordered and posted on a later day; paid out by the bank, it is not taken off twice.
        """
        came_in = Balance(DAY, {}, {"bank": -1000}, 0)

        assert 1000 == came_in.at_hand
        assert 700 == replace(came_in, ordered=300).at_hand
        assert 700 == replace(came_in, ordered=300, remitted=300, totals={"bank": -1000, "budget_paid": 300}).at_hand
        assert 700 == replace(came_in, ordered=300, remitted=300, totals={"bank": -700, "budget_paid": 0}).at_hand
        assert -200 == replace(came_in, ordered=1200, remitted=0).at_hand
