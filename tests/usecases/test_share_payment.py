"""
The link by which another person pays is given and taken back, and is kept nowhere (§23, decision 0039).
"""

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.payment_links import LinkState
from chalicelib.domain.payments import AttemptState
from chalicelib.usecases.outcomes import Done, Missing
from tests import factories
from tests.fakes.mailroom import Mailroom
from tests.usecases.payers import PART, TOTAL, canceled, start, state
from tests.usecases.test_payments import codes


@pytest.mark.rule("23")
class TestGiven:
    def test_is_too_late(self, payable):
        """
        No link is given for what is not held.
        """
        payable.clock.advance(minutes=10)
        assert [Code.HOLD_EXPIRED] == codes(payable.share_payment.give(account="acc_1", booking="bk_1", request=None))
        confirmed, fresh = payable.confirmed(2), payable.verified(3)
        for booking, code in ((confirmed, Code.ALREADY_CONFIRMED), (fresh, Code.NOT_HELD)):
            account = payable.booking(booking).account
            assert [code] == codes(payable.share_payment.give(account=account, booking=booking, request=None))


@pytest.mark.rule("23")
class TestTakenBack:
    def test_stops_the_payment_that_is_open(self, payable):
        """
        The attempt ends, its intent is to be canceled, the wallet's part is free at once; the next link is another.
        """
        token = payable.link_for("bk_1")
        attempt = start(payable, token)

        payable.share_payment.revoke(account="acc_1", booking="bk_1")

        assert ([attempt], AttemptState.CANCELED) == (canceled(payable), payable.store.ledger.attempt(attempt).state)
        assert ((PART, 0), None) == (payable.wallet(), payable.booking("bk_1").attempt)
        assert Missing() == payable.by_link.see(token=token) == payable.by_link.start(token=token, request=None)
        fresh = payable.link_for("bk_1")
        assert (token != fresh, LinkState.WAITING) == (True, state(payable, fresh))
        payable.receive(event=payable.provider.succeeded(start(payable, fresh)))
        assert Status.CONFIRMED == payable.booking("bk_1").status

    def test_finds_money_that_came_anyway_on_the_wallet(self, payable):
        """
        The card was faster than the cancellation: the booking is still held, and the balance can pay for it.
        """
        attempt = start(payable, payable.link_for("bk_1"))
        payable.share_payment.revoke(account="acc_1", booking="bk_1")

        assert payable.receive(event=payable.provider.succeeded(attempt))

        assert (TOTAL, 0) == payable.wallet()
        assert Done(200, "bk_1") == payable.pay_for("bk_1")

    def test_leaves_the_users_own_payment_alone(self, payable):
        """
        Only what the link has opened ends with it.
        """
        own = payable.pay_for("bk_1", by_card=True).answer["attempt"]
        payable.link_for("bk_1")

        payable.share_payment.revoke(account="acc_1", booking="bk_1")

        assert (own, []) == (payable.booking("bk_1").attempt, canceled(payable))

    def test_between_two_looks_opens_nothing(self, payable):
        """
        Taken back while the payer's attempt is being committed: whoever comes second looks anew.
        """
        token, commit, once = payable.link_for("bk_1"), payable.store.commit, []

        def late(*writes):
            if not once:
                once.append(payable.store.__dict__.pop("commit"))
                payable.share_payment.revoke(account="acc_1", booking="bk_1")
            return commit(*writes)

        payable.store.commit = late
        assert Missing() == payable.by_link.start(token=token, request=None)
        assert ({}, (PART, 0)) == (payable.provider.intents, payable.wallet())


class TestLink:
    def test_is_the_same_until_taken_back(self, payable):
        """
        Given twice, under one key or another, it is one; nobody else's booking has one.
        """
        given = [payable.share_payment.give(account="acc_1", booking="bk_1", request=factories.request(key)) for key in ("a", "b", "a")]

        assert 1 == len({answer.answer["url"] for answer in given})
        for account, booking in (("acc_2", "bk_1"), ("acc_1", "bk_9")):
            assert Missing() == payable.share_payment.give(account=account, booking=booking, request=None)
            assert Missing() == payable.share_payment.revoke(account=account, booking=booking)
        assert payable.share_payment.revoke(account="acc_1", booking="bk_1") is None
        assert payable.share_payment.revoke(account="acc_1", booking="bk_1") is None

    def test_is_kept_by_its_hash_alone(self, payable):
        """
        No row holds a token, the record of the payer's request included.
        """
        token = payable.link_for("bk_1")
        start(payable, token, factories.request("key"))

        assert token not in repr(payable.store._shelves.items)

    def test_of_a_driver_pays_for_nothing(self, payable):
        """
        Nor does a payment link follow a booking; an unknown one is as good.
        """
        room, token = Mailroom(payable), payable.link_for("bk_1")
        payable.receive(event=payable.provider.succeeded(start(payable, token)))
        driver = room.share.give(account="acc_1", booking="bk_1", driver=None, request=None).answer["url"].rpartition("/")[2]

        assert Missing() == room.share.open(token=token) == payable.by_link.see(token=driver) == payable.by_link.see(token="A" * 22)
