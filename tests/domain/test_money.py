"""
Money is whole tiyn, every posting sums to zero, no wallet falls below zero, a closed day is the sum of its postings (§24, D27–D30).
"""

import pytest
from hypothesis import given
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
    transfer,
)
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from tests.fakes.office import TARIFF
from tests.fakes.samples import DAY, NOW

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
