"""
One suite for the store and its stand-in: payments, refunds, payers, bookmarks and differences.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.money import LedgerAccount, Posting, transfer
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.provider import Bookmark, Payer
from chalicelib.domain.reconciliation import LEDGER, Cause, Difference
from chalicelib.domain.refunds import Refund, RefundState
from chalicelib.usecases.ports import Committed, Conflict, Write
from tests.fakes.samples import DAY, NOW

pytestmark = pytest.mark.rule("D30")
COMMITTED = Committed()


def put(store, *items):
    """
    Store new items.
    """
    assert COMMITTED == store.commit(*(Write(item) for item in items))


def charge(number, *, wallet="acc_1", kind="charge"):
    """
    A posting of a payment.
    """
    legs = transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, 5)
    return Posting(f"{kind}:att_{number}", wallet, "top_up", NOW - timedelta(minutes=number), DAY, legs, reference=f"pi_{number}")


def attempt(number, *, ask_at):
    """
    A card payment that waits for news, or does not.
    """
    return PaymentAttempt(
        f"att_{number}", "acc_1", "top_up", 5, AttemptState.OPEN, NOW, 1, intent=f"pi_{number}", refunded=2, ask_at=ask_at
    )


class TestCharges:
    def test_are_a_wallets_card_payments_oldest_first(self, any_store):
        """
        Nobody else's, nothing else's, at once after they are written.
        """
        others = [charge(7, kind="chargf"), charge(8, kind="refund"), charge(9, wallet="acc_2")]
        put(any_store, charge(1), charge(3), charge(2), *others)

        assert ["charge:att_3", "charge:att_2", "charge:att_1"] == [posting.id for posting in any_store.ledger.charges("acc_1")]
        assert 5 == any_store.ledger.posting(wallet="acc_1", posting="charge:att_1").change_of(LedgerAccount.WALLET_AVAILABLE)
        assert any_store.ledger.posting(wallet="acc_2", posting="charge:att_1") is None


class TestWaiting:
    def test_attempts_and_refunds_are_found_when_their_time_has_come(self, any_store):
        """
        Longest due first; what is asked about later, or has its news, is not there.
        """
        refund = Refund("ref_1", "acc_1", "att_1", "pi_1", 5, RefundState.SENT, NOW, 1, ask_at=NOW)
        settled = replace(refund, id="ref_2", ask_at=None)
        later = NOW + timedelta(seconds=1)
        early = NOW - timedelta(seconds=1)
        put(any_store, attempt(1, ask_at=NOW), attempt(2, ask_at=early), attempt(3, ask_at=later), attempt(4, ask_at=None), refund, settled)

        assert ["att_2", "att_1"] == [each.id for each in any_store.ledger.attempts_due(until=NOW, limit=9)]
        assert ["att_2"] == [each.id for each in any_store.ledger.attempts_due(until=NOW, limit=1)]
        assert ["ref_1"] == [each.id for each in any_store.refunds.due(until=NOW, limit=9)]
        any_store.commit(Write(replace(refund, ask_at=None, version=2), 1))
        assert [] == list(any_store.refunds.due(until=NOW, limit=9))

    def test_are_read_by_their_ids_in_the_order_asked_for(self, any_store):
        """
        Unknown ones are left out.
        """
        put(any_store, attempt(1, ask_at=None), attempt(2, ask_at=None))

        assert ["att_2", "att_1"] == [each.id for each in any_store.ledger.attempts(["att_2", "att_9", "att_1"])]
        assert [] == list(any_store.refunds.refunds([]))


class TestBookmarks:
    def test_are_moved_by_whoever_saw_them(self, any_store):
        """
        Of two readers one goes on; a payer is known by his account.
        """
        put(any_store, Bookmark("events", NOW, 1), Payer("acc_1", NOW, 1))
        ahead = replace(any_store.bookmarks.bookmark("events"), at=NOW + timedelta(hours=1), version=2)

        assert (COMMITTED, Conflict(frozenset({"Bookmark"}))) == (any_store.commit(Write(ahead, 1)), any_store.commit(Write(ahead, 1)))
        assert NOW + timedelta(hours=1) == any_store.bookmarks.bookmark("events").at
        assert (None, None) == (any_store.bookmarks.bookmark("other"), any_store.payers.payer("acc_2"))
        assert any_store.payers.payer("acc_1").customer is None


class TestDifferences:
    def test_are_listed_latest_first_until_they_clear(self, any_store):
        """
        Page by page; a cleared one moves to the other list and is read by its id still.
        """
        made = [
            Difference(f"d_{number}", LEDGER, "top_up", "charge:a", Cause.UNKNOWN_THERE, 5, None, NOW - timedelta(days=number), NOW, 1)
            for number in range(3)
        ]
        put(any_store, *made)
        first = any_store.differences.listed(cleared=False, limit=2, cursor=None)
        second = any_store.differences.listed(cleared=False, limit=2, cursor=first.next_cursor)
        assert ["d_0", "d_1", "d_2"] == [each.id for each in [*first.items, *second.items]]

        any_store.commit(Write(made[1].cleared(NOW), 1))

        assert ["d_0", "d_2"] == [each.id for each in any_store.differences.listed(cleared=False, limit=9, cursor=None).items]
        assert ["d_1"] == [each.id for each in any_store.differences.listed(cleared=True, limit=9, cursor=None).items]
        assert NOW == any_store.differences.difference("d_1").cleared_at
