"""
Payouts of the provider in the ledger: on their way, taken back, in any order and as often as they are told (D30).
"""

import itertools

import pytest

from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.payments import PaymentEvent, PaymentEventKind
from chalicelib.domain.payouts import payout_failed, payout_paid
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

pytestmark = pytest.mark.rule("D30")
AMOUNT = 8_819_107
PAID, FAILED = PaymentEventKind.PAYOUT_PAID, PaymentEventKind.PAYOUT_FAILED


def told(kind, payout="po_1", amount=AMOUNT):
    """
    The provider's word about a payout.
    """
    return PaymentEvent(f"evt_{kind}", kind, None, None, amount, "KZT", NOW, livemode=False, charge=None, payout=payout)


def balances(office):
    """
    Sum what the system's postings did to provider and transit.
    """
    postings = office.store.ledger.postings("system", limit=50, cursor=None).items
    return tuple(
        sum(posting.change_of(account) for posting in postings) for account in (LedgerAccount.PROVIDER, LedgerAccount.PAYOUTS_IN_TRANSIT)
    )


class TestPostings:
    def test_move_between_provider_and_transit_under_the_payouts_id(self):
        """
        What is on its way grows by minus, as everything the registrar owns; the way back is its mirror.
        """
        there, back = (make(payout="po_1", amount=5, at=NOW, rules=RULES) for make in (payout_paid, payout_failed))

        assert ("payout_paid:po_1", "system", "po_1", -5, 5) == (
            there.id,
            there.wallet,
            there.reference,
            there.change_of(LedgerAccount.PAYOUTS_IN_TRANSIT),
            there.change_of(LedgerAccount.PROVIDER),
        )
        assert ("payout_failed:po_1", 5) == (back.id, back.change_of(LedgerAccount.PAYOUTS_IN_TRANSIT))


class TestPayout:
    def test_is_posted_once(self, quick_office):
        """
        Told three times, it left once; another payout is another.
        """
        assert [True, False, False] == [quick_office.receive(event=told(PAID)) for _ in range(3)]
        assert (AMOUNT, -AMOUNT) == balances(quick_office)

        assert quick_office.receive(event=told(PAID, "po_2", 7))
        assert (AMOUNT + 7, -AMOUNT - 7) == balances(quick_office)

    @pytest.mark.parametrize("order", sorted(set(itertools.permutations((PAID, FAILED, PAID, FAILED)))))
    def test_that_failed_is_back_at_the_provider_in_any_order(self, quick_office, order):
        """
        Paid and failed, each told twice, in whatever order: nothing is on its way.
        """
        for kind in order:
            quick_office.receive(event=told(kind))

        assert (0, 0) == balances(quick_office)
        assert 2 == len(quick_office.store.ledger.postings("system", limit=50, cursor=None).items)

    def test_of_nothing_is_none(self, quick_office):
        """
        A payout of nothing has no posting.
        """
        assert not quick_office.receive(event=told(PAID, amount=0))
