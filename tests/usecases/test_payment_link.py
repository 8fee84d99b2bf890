"""
Another person pays by a link: what he sees, that one place is paid once, and whose the money is that comes too late (§23, decision 0039).
"""

from dataclasses import replace

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.payment_links import LinkState
from chalicelib.domain.payments import AttemptState, IntentStatus, ProviderRefusedError, UnableToReachProviderError
from chalicelib.usecases.outcomes import Done, Missing
from chalicelib.usecases.ports import Write
from tests import factories
from tests.fakes.office import DEPOSIT
from tests.fakes.rules import RULES
from tests.usecases.payers import PART, TOTAL, canceled, start, state
from tests.usecases.test_payments import codes, messages_of


@pytest.mark.rule("23")
class TestPayer:
    def test_sees_amount_plate_and_deadline(self, payable):
        """
        What the wallet lacks, the plate with its country, the end of the hold: there is no other field.
        """
        seen = payable.by_link.see(token=payable.link_for("bk_1"))

        held = payable.booking("bk_1")
        assert (LinkState.WAITING, TOTAL - PART, held.hold_expires_at) == (seen.state, seen.amount, seen.pay_until)
        assert (held.vehicle.country, held.vehicle.plate) == (seen.country, seen.plate)
        assert {"state", "country", "plate", "at", "amount", "pay_until"} == set(seen.__slots__)

    @pytest.mark.rule("26")
    def test_confirms_the_booking_by_the_webhook_alone(self, payable):
        """
        The intent is for what the wallet lacks, whose part is held meanwhile; the hold runs longer; the event confirms, once.
        """
        token, hold = payable.link_for("bk_1"), payable.booking("bk_1").hold_expires_at

        attempt = start(payable, token)

        assert (TOTAL - PART, (0, PART)) == (payable.provider.intents[f"pi_{attempt}"], payable.wallet())
        assert RULES.hold_extended - RULES.hold == payable.booking("bk_1").hold_expires_at - hold
        assert payable.booking("bk_1").hold_expires_at == payable.by_link.see(token=token).pay_until
        assert [True, False] == [payable.receive(event=payable.provider.succeeded(attempt)) for _ in range(2)]
        assert (Status.CONFIRMED, (0, DEPOSIT)) == (payable.booking("bk_1").status, payable.wallet())
        paid = payable.by_link.see(token=token)
        assert (LinkState.PAID, None, None) == (paid.state, paid.amount, paid.pay_until)
        assert [Code.ALREADY_CONFIRMED] == codes(payable.by_link.start(token=token, request=None))
        by = {event.by for event in payable.store.histories.of_aggregate("bk_1") if event.kind == "payment_started"}
        assert {"payer"} == by

    def test_shares_one_intent_with_whoever_has_the_link(self, payable):
        """
        Two who pay at once open one card payment: the provider takes its money once.
        """
        token = payable.link_for("bk_1")

        attempts = [start(payable.rebuilt(), token, factories.request(key)) for key in ("one", "two", "one")]

        assert 1 == len(set(attempts)) == len(payable.provider.intents)

    def test_resumes_an_attempt_whose_answer_was_lost(self, payable):
        """
        The provider's answer is lost: asked again, it is the same attempt.
        """
        token = payable.link_for("bk_1")
        payable.provider.lost = 1
        with pytest.raises(UnableToReachProviderError):
            start(payable, token)

        assert [start(payable.rebuilt(), token)] * 2 == payable.provider.asked
        assert (1, (0, PART)) == (len(payable.provider.intents), payable.wallet())

    def test_reads_the_first_answer_again(self, payable):
        """
        Under the same key what was answered, even when it is paid meanwhile; another body under it is refused.
        """
        token, request = payable.link_for("bk_1"), factories.request("key")
        attempt = start(payable, token, request)
        payable.receive(event=payable.provider.succeeded(attempt))

        assert Done(201, "bk_1", {"attempt": attempt}) == payable.by_link.start(token=token, request=request)
        assert [Code.IDEMPOTENCY_KEY_REUSED] == codes(payable.by_link.start(token=token, request=factories.request("key", body="other")))

    def test_may_try_again_when_the_provider_refuses(self, payable):
        """
        The attempt ends, the wallet's part is free, the link still good.
        """
        token, payable.provider.minimum = payable.link_for("bk_1"), TOTAL
        with pytest.raises(ProviderRefusedError):
            start(payable, token)
        assert ((PART, 0), LinkState.WAITING) == (payable.wallet(), state(payable, token))

        payable.provider.minimum = RULES.least_card_payment
        payable.receive(event=payable.provider.succeeded(start(payable, token)))

        assert Status.CONFIRMED == payable.booking("bk_1").status


@pytest.mark.rule("23")
class TestUserMeanwhile:
    def test_gives_way_with_a_card_payment_he_has_not_finished(self, payable):
        """
        His intent is canceled at the provider before the payer's is opened: two cards never pay for one place; what the wallet gives is held once.
        """
        own = payable.pay_for("bk_1", by_card=True).answer["attempt"]
        hold = payable.booking("bk_1").hold_expires_at

        attempt = start(payable, payable.link_for("bk_1"))

        assert ([f"pi_{own}"], AttemptState.CANCELED) == (payable.provider.canceled, payable.store.ledger.attempt(own).state)
        assert ((0, PART), hold) == (payable.wallet(), payable.booking("bk_1").hold_expires_at)
        payable.receive(event=payable.provider.succeeded(attempt))
        assert Status.CONFIRMED == payable.booking("bk_1").status

    @pytest.mark.parametrize("status", [IntentStatus.SUCCEEDED, IntentStatus.PROCESSING])
    def test_has_paid_already(self, payable, status):
        """
        His card's money is on its way: the payer is told that nobody pays twice.
        """
        own = payable.pay_for("bk_1", by_card=True).answer["attempt"]
        payable.provider.cancel_intent = lambda *, intent: status

        assert [Code.PAYMENT_UNDER_WAY] == codes(payable.by_link.start(token=payable.link_for("bk_1"), request=None))
        payable.receive(event=payable.provider.succeeded(own))
        assert Status.CONFIRMED == payable.booking("bk_1").status

    def test_is_left_alone_while_the_provider_is_silent(self, payable):
        """
        What cannot be canceled for sure goes on.
        """
        own = payable.pay_for("bk_1", by_card=True).answer["attempt"]

        def silent(*, intent):
            raise UnableToReachProviderError(intent)

        payable.provider.cancel_intent = silent
        with pytest.raises(UnableToReachProviderError):
            payable.by_link.start(token=payable.link_for("bk_1"), request=None)

        assert own == payable.booking("bk_1").attempt
        assert (AttemptState.OPEN, (0, PART)) == (payable.store.ledger.attempt(own).state, payable.wallet())

    def test_may_pay_the_payers_intent_himself(self, payable):
        """
        His card finds the payment that is open: one intent still. His balance has to wait, or he takes the link back.
        """
        attempt = start(payable, payable.link_for("bk_1"))

        assert attempt == payable.pay_for("bk_1", by_card=True).answer["attempt"]
        payable.fill("acc_1", TOTAL)
        assert [Code.PAYMENT_UNDER_WAY] == codes(payable.pay_for("bk_1", key="balance"))
        payable.share_payment.revoke(account="acc_1", booking="bk_1")
        assert Done(200, "bk_1") == payable.pay_for("bk_1", key="balance")

    def test_needs_nobody_whose_wallet_has_it_all(self, payable):
        """
        Nor is anything taken for a user who owes: the payer is not told why.
        """
        token = payable.link_for("bk_1")
        payable.fill("acc_1", TOTAL)
        assert LinkState.CLOSED == state(payable, token)
        assert Refused.because(Code.LINK_NOT_PAYABLE) == payable.by_link.start(token=token, request=None)

        wallet = payable.store.ledger.wallet("acc_1")
        payable.store.commit(Write(replace(wallet, available=0, debt=1, version=wallet.version + 1), wallet.version))
        assert (LinkState.CLOSED, None) == (state(payable, token), payable.by_link.see(token=token).amount)
        assert Refused.because(Code.LINK_NOT_PAYABLE) == payable.by_link.start(token=token, request=None)


@pytest.mark.rule("23")
class TestTooLate:
    @pytest.mark.parametrize("end", ["lapse", "cancel"])
    def test_money_is_the_users_who_is_told(self, payable, end):
        """
        The place is gone before the event: the money is on the user's wallet, with his own part; both are told; the event again does nothing.
        """
        token = payable.link_for("bk_1")
        attempt = start(payable, token)
        if end == "cancel":
            payable.cancel_for("bk_1")
            assert [attempt] == canceled(payable)
        payable.clock.advance(minutes=20)

        assert [True, False] == [payable.receive(event=payable.provider.succeeded(attempt)) for _ in range(2)]

        payable.time.tidy(booking="bk_1")
        assert (TOTAL, 0) == payable.wallet()
        assert {"payment_late"} <= messages_of(payable, "bk_1")
        assert LinkState.LATE == state(payable, token)

    def test_link_opens_nothing(self, payable):
        """
        After the hold nobody pays; the link says so for a day, then it is as unknown as any.
        """
        token = payable.link_for("bk_1")
        payable.clock.advance(minutes=10)
        assert LinkState.LAPSED == state(payable, token)
        assert Refused.because(Code.LINK_NOT_PAYABLE) == payable.by_link.start(token=token, request=None)

        payable.clock.advance(hours=24)

        assert Missing() == payable.by_link.see(token=token) == payable.by_link.start(token=token, request=None)
