"""
Shares of payments that go back to their cards, and what a refund may become (§28, D30).
"""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import LedgerAccount, Posting, transfer
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.refunds import NEXT, Paid, Refund, RefundState, refund_held, refund_settled, shares
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

pytestmark = pytest.mark.rule("28", "D30")
WALLET, TRANSIT, CARD = LedgerAccount.WALLET_AVAILABLE, LedgerAccount.REFUNDS_IN_TRANSIT, LedgerAccount.PROVIDER


def paid(number, received, *, refunded=0, state=AttemptState.SUCCEEDED, intent="pi"):
    """
    A payment that brought something.
    """
    attempt = PaymentAttempt(f"att_{number}", "acc_1", "top_up", received, state, NOW, 1, intent=intent, refunded=refunded)
    return Paid(attempt, received)


def refund(state=RefundState.STARTED, amount=7):
    """
    A refund of a payment.
    """
    return Refund("ref_1", "acc_1", "att_1", "pi_1", amount, state, NOW, 1)


class TestShares:
    def test_take_the_oldest_payment_first(self):
        """
        The first gives all that is left of it, the next what is missing, and what is enough is enough.
        """
        payments = [paid(1, 100, refunded=40), paid(2, 50), paid(3, 50)]

        assert [("att_1", 60), ("att_2", 30)] == [(part.attempt.id, share) for part, share in shares(payments, amount=90, most=20)]

    def test_leave_out_what_cannot_go_back(self):
        """
        A disputed payment, one given back whole and one without an intent give nothing.
        """
        payments = [paid(1, 100, state=AttemptState.REVERSED), paid(2, 50, refunded=50), paid(3, 50, intent=None), paid(4, 9)]

        assert [("att_4", 9)] == [(part.attempt.id, share) for part, share in shares(payments, amount=90, most=20)]

    @given(
        st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 1000)), max_size=8),
        st.integers(1, 5000),
        st.integers(1, 5),
    )
    def test_never_exceed_payment_amount_or_number(self, figures, amount, most):
        """
        No share is above what is left of its payment, all together are not above the amount, and fall short only where no more is left.
        """
        payments = [paid(number, received, refunded=min(gone, received)) for number, (received, gone) in enumerate(figures)]
        found = shares(payments, amount=amount, most=most)

        assert all(0 < share <= part.left for part, share in found)
        assert len(found) <= most
        whole = sum(share for _, share in found)
        assert whole == min(amount, sum(sorted((part.left for part in payments if part.left), key=lambda _: 0)[:most]))


class TestStates:
    def test_failed_is_the_end(self):
        """
        Older news that comes after a failure is none; nothing ever begins anew.
        """
        assert not NEXT[RefundState.FAILED]
        assert all(RefundState.STARTED not in following for following in NEXT.values())

    @pytest.mark.parametrize(
        "path", [path for length in (1, 2, 3) for path in itertools.permutations(set(RefundState) - {RefundState.STARTED}, length)]
    )
    def test_keep_every_tiyn_in_exactly_one_place(self, path):
        """
        Along any news the money is in transit, at the card or on the wallet, whole, and nowhere twice.
        """
        now, postings = refund(), [refund_held(refund(), at=NOW, rules=RULES)]
        for state in path:
            if now.may_become(state):
                postings += [posting] if (posting := refund_settled(now, state, at=NOW, rules=RULES)) else []
                now = now.become(state, provider_refund="re_1", ask_at=None)
        places = (LedgerAccount.WALLET_AVAILABLE, LedgerAccount.REFUNDS_IN_TRANSIT, LedgerAccount.PROVIDER)
        wallet, transit, card = (sum(posting.change_of(account) for posting in postings) for account in places)

        wanted = {RefundState.SENT: (-7, 7, 0), RefundState.SUCCEEDED: (-7, 0, 7), RefundState.FAILED: (0, 0, 0)}[now.state]
        assert wanted == (wallet, transit, card)
        assert {"pi_1"} == {posting.reference for posting in postings}

    @pytest.mark.parametrize(
        ("before", "after", "kind", "accounts"),
        [
            (RefundState.STARTED, None, "refund", (WALLET, TRANSIT)),
            (RefundState.SENT, RefundState.SUCCEEDED, "refund_paid", (TRANSIT, CARD)),
            (RefundState.SENT, RefundState.FAILED, "refund_failed", (TRANSIT, WALLET)),
            (RefundState.SUCCEEDED, RefundState.FAILED, "refund_failed", (CARD, WALLET)),
        ],
    )
    def test_are_posted_once_each_under_the_charge(self, before, after, kind, accounts):
        """
        One posting a refund and kind, on its account's wallet, told by the intent that brought the money.
        """
        of = refund(before)
        made = refund_held(of, at=NOW, rules=RULES) if after is None else refund_settled(of, after, at=NOW, rules=RULES)

        expected = Posting(f"{kind}:ref_1", "acc_1", kind, NOW, RULES.today(NOW), transfer(*accounts, 7), reference="pi_1")
        assert expected == made

    def test_on_the_way_post_nothing(self):
        """
        Taken by the provider: the money is in transit still.
        """
        assert refund_settled(refund(), RefundState.SENT, at=NOW, rules=RULES) is None

    def test_keep_what_the_provider_calls_it(self):
        """
        Once said it stays; when to ask again is said anew each time.
        """
        sent = refund().become(RefundState.SENT, provider_refund="re_1", ask_at=NOW)
        done = sent.become(RefundState.SUCCEEDED, provider_refund=None, ask_at=None)

        assert replace(refund(RefundState.SENT), version=2, provider_refund="re_1", ask_at=NOW) == sent
        assert replace(refund(RefundState.SUCCEEDED), version=3, provider_refund="re_1") == done
