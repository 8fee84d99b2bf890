"""
Money is whole tiyn, every posting sums to zero, no wallet falls below zero, a closed day is the sum of its postings (§24, D27–D30).
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.fees import Tariff
from chalicelib.domain.money import (
    Due,
    InsufficientFundsError,
    LedgerAccount,
    Leg,
    Posting,
    UnbalancedPostingError,
    Wallet,
    settle,
    transfer,
)
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from tests.fakes.office import TARIFF
from tests.fakes.samples import DAY, HERE, NOW

LEAST = 25_000
SUMS = st.integers(min_value=0, max_value=10**12)


def posting(*legs, **changes):
    """
    A posting of some legs.
    """
    return Posting(**{"id": "p", "wallet": "a", "kind": "k", "at": NOW, "day": DAY, "legs": legs, **changes})


@pytest.mark.rule("D30")
class TestPosting:
    def test_sums_to_zero(self):
        """
        A leg too many, an amount too little, or no leg at all is no posting.
        """
        for legs in [(), (Leg(LedgerAccount.BANK, 1),), (Leg(LedgerAccount.BANK, 1), Leg(LedgerAccount.PROVIDER, -2))]:
            with pytest.raises(UnbalancedPostingError):
                posting(*legs)

    @given(amount=st.integers(min_value=-(10**12), max_value=10**12))
    def test_of_a_transfer_takes_here_what_it_gives_there(self, amount):
        """
        A transfer is balanced; of nothing it has no legs.
        """
        legs = transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, amount)

        assert (amount != 0) * 2 == len(legs)
        assert 0 == sum(leg.amount for leg in legs)

    def test_says_what_changed_of_an_account(self):
        """
        Legs of one account add up.
        """
        legs = (Leg(LedgerAccount.BANK, 3), Leg(LedgerAccount.BANK, 4), Leg(LedgerAccount.PROVIDER, -7))

        assert (7, 0) == (posting(*legs).change_of(LedgerAccount.BANK), posting(*legs).change_of(LedgerAccount.FORFEITS))


@pytest.mark.rule("D30")
class TestWallet:
    def test_never_falls_below_zero(self):
        """
        Neither what is available nor what is held.
        """
        for account in (LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD):
            with pytest.raises(InsufficientFundsError):
                Wallet("a", 5, 5).after([posting(*transfer(account, LedgerAccount.FEE_REVENUE, 6))])

    def test_is_judged_after_all_its_postings(self):
        """
        What comes in with one posting may go out with the next of the same transaction.
        """
        into = posting(*transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, 10))
        out = posting(*transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD, 10))

        assert Wallet("a", 0, 10, version=1) == Wallet("a").after([out, into])


@pytest.mark.rule("23", "25")
class TestDue:
    @given(fee=SUMS, deposit=SUMS, available=SUMS)
    def test_is_shared_between_wallet_and_card(self, fee, deposit, available):
        """
        Together they are fee and deposit; the wallet gives no more than it has; the card pays nothing or at least the provider's minimum
        (unless the whole is less).
        """
        due = Due.reckon(fee=fee, deposit=deposit, available=available, least_card_payment=LEAST)

        assert fee + deposit == due.from_wallet + due.to_pay
        assert 0 <= due.from_wallet <= available
        assert due.to_pay == 0 or due.to_pay >= min(LEAST, fee + deposit)
        assert (due.to_pay == 0) == (available >= fee + deposit)
        assert due.to_pay <= max(LEAST, fee + deposit - available)

    @pytest.mark.rule("6-1", "D5", "D27")
    @pytest.mark.parametrize(
        ("class_", "pool", "multiple"),
        [
            (PlaceClass.GENERAL, Pool.PRIMARY, 1),
            (PlaceClass.GENERAL, Pool.SECONDARY, 100),
            (PlaceClass.EXPEDITED, Pool.PRIMARY, 100),
            (PlaceClass.PRIORITY_GOODS, Pool.SECONDARY, 100),
        ],
    )
    def test_takes_the_higher_of_class_and_secondary_fee(self, class_, pool, multiple):
        """
        Class and secondary fees never add.
        """
        assert multiple * TARIFF.mci == TARIFF.fee(class_, pool)
        assert 20 * TARIFF.mci == TARIFF.deposit
        assert isinstance(TARIFF, Tariff)


@pytest.mark.rule("24", "D29")
class TestSettle:
    @settings(max_examples=40)
    @given(
        fees=st.lists(
            st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["general", "expedited"]), st.integers(1, 10**9)), max_size=30
        ),
        forfeits=st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(-(10**9), 10**9).filter(bool)), max_size=10),
    )
    def test_adds_up_to_the_days_revenue(self, fees, forfeits):
        """
        Rows by checkpoint and class sum to what the postings earned; below zero nothing is due and the rest is carried over.
        """
        postings = [
            posting(*transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.FEE_REVENUE, sum_), checkpoint=place, place_class=class_)
            for place, class_, sum_ in fees
        ] + [
            posting(*transfer(LedgerAccount.WALLET_HELD, LedgerAccount.FORFEITS, sum_), checkpoint=place, place_class="general")
            for place, sum_ in forfeits
        ]
        earned = sum(sum_ for *_, sum_ in (*fees, *forfeits))

        settled = settle(day=DAY, postings=postings, closed_at=NOW, due_on=DAY + timedelta(days=3))

        assert max(0, earned) == settled.due
        rest = settled.carried_over
        assert min(0, earned) == (rest.fees + rest.forfeits if rest else 0)
        assert len(fees) == sum(row.fee_count for row in settled.rows)
        next_day = settle(day=DAY, postings=[], closed_at=NOW, due_on=DAY, carried=rest)
        assert (0, rest) == (next_day.due, next_day.carried_over)

    def test_leaves_out_what_is_no_revenue(self):
        """
        Money on wallets, held deposits and the remittance itself are not the budget's again.
        """
        others = [
            posting(*transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, 5), checkpoint=HERE),
            posting(*transfer(LedgerAccount.FEE_REVENUE, LedgerAccount.BUDGET_PAID, 5), checkpoint=HERE, kind="remittance"),
            posting(*transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.FEE_REVENUE, 5)),
        ]

        assert () == settle(day=DAY, postings=others, closed_at=NOW, due_on=DAY).rows
