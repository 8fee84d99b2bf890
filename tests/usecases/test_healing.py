"""
A webhook that never came is made up for: events read over again, attempts and refunds asked about, abandoned ones closed (§26, D30).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.payments import AttemptState, PaymentEvent, PaymentEventKind, ProviderRefundState
from chalicelib.domain.refunds import RefundState
from tests import factories
from tests.fakes.office import DEPOSIT, FEE
from tests.usecases.test_blocks import told

pytestmark = pytest.mark.rule("26", "D30")
TOTAL = FEE + DEPOSIT


@pytest.fixture
def office(quick_office):
    """
    An office with user 1.
    """
    quick_office.people_of(1)
    return quick_office


def opened(office, amount=300_000, key="top"):
    """
    Open a top-up: its attempt.
    """
    return office.top_up(account="acc_1", amount=amount, request=factories.request(key)).answer["attempt"]


def heal_for(office, **span):
    """
    Let the step run every five minutes for a while: how much it changed.
    """
    end, changed = office.clock.time + timedelta(**span), 0
    while office.clock.time < end:
        office.clock.advance(minutes=5)
        changed += office.heal().changed
    return changed


class TestEvents:
    def test_that_were_never_delivered_are_taken_in_within_minutes(self, office):
        """
        The payment confirms its booking though no webhook came; read over again it does nothing more.
        """
        booking = office.held()
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        office.provider.told.append(office.provider.succeeded(attempt, at=office.clock.time))
        office.clock.advance(minutes=5)

        first, second = office.heal(), office.heal()

        assert (1, 0) == (first.changed, second.changed)
        assert (Status.CONFIRMED, (0, DEPOSIT)) == (office.booking(booking).status, office.wallet())

    def test_wait_for_what_comes_before_them(self, office):
        """
        A dispute of a payment that is not told yet holds the reading up; once that is told both are in.
        """
        attempt, at = opened(office), office.clock.time
        charge = {"currency": "KZT", "created": at, "livemode": False, "charge": "ch_1"}
        dispute = PaymentEvent("evt_d", PaymentEventKind.DISPUTE_OPENED, f"pi_{attempt}", None, 300_000, **charge)
        office.provider.told.append(dispute)
        heal_for(office, hours=3)
        office.provider.told.append(office.provider.succeeded(attempt, at=at + timedelta(seconds=1)))

        assert 2 == heal_for(office, minutes=10)
        assert (0, 0) == office.wallet()
        assert AttemptState.REVERSED == office.store.ledger.attempt(attempt).state

    def test_of_a_long_silence_are_all_read(self, office):
        """
        Two days without a run, then everything told meanwhile.
        """
        office.heal()
        for number in range(4):
            office.clock.advance(hours=12)
            attempt = opened(office, key=f"top-{number}")
            office.provider.paid[f"pi_{attempt}"] = 300_000
            office.provider.told.append(office.provider.succeeded(attempt, at=office.clock.time))

        assert 4 == heal_for(office, minutes=15)
        assert 1_200_000 == office.wallet()[0]

    def test_are_read_later_from_a_provider_that_is_silent(self, office):
        """
        Nothing is lost and nothing breaks while nobody answers.
        """
        attempt = opened(office)
        office.provider.told.append(office.provider.succeeded(attempt, at=office.clock.time))
        office.clock.advance(minutes=5)
        office.provider.down = True
        assert office.heal().silent
        office.provider.down = False

        assert (1, False) == (office.heal().changed, office.heal().silent)


class TestAttempts:
    def test_paid_without_any_news_are_found_within_the_hour(self, office):
        """
        Neither webhook nor event: the provider is asked about the intent itself.
        """
        attempt = opened(office)
        office.clock.advance(hours=5)
        office.provider.paid[f"pi_{attempt}"] = 300_000

        assert 1 == heal_for(office, minutes=55)
        assert (300_000, 0) == office.wallet()

    def test_that_were_abandoned_are_closed_after_a_day_and_asked_about_no_more(self, office):
        """
        The intent is canceled at the provider, the attempt here; an open one before that stays open.
        """
        attempt = opened(office)
        assert 0 == heal_for(office, hours=23)
        assert AttemptState.OPEN == office.store.ledger.attempt(attempt).state

        assert 1 == heal_for(office, hours=2)
        assert [f"pi_{attempt}"] == office.provider.canceled
        assert (AttemptState.CANCELED, None) == (office.store.ledger.attempt(attempt).state, office.store.ledger.attempt(attempt).ask_at)
        assert 0 == heal_for(office, hours=2)

    def test_paid_in_the_moment_of_their_closing_are_paid(self, office):
        """
        The payer was faster than our cancellation: his money is on the wallet.
        """
        attempt = opened(office)
        cancel = office.provider.cancel_intent
        office.provider.cancel_intent = lambda *, intent: office.provider.paid.setdefault(intent, 300_000) and cancel(intent=intent)

        assert 1 == heal_for(office, hours=25)
        assert ((300_000, 0), AttemptState.SUCCEEDED) == (office.wallet(), office.store.ledger.attempt(attempt).state)

    @pytest.mark.rule("23")
    def test_of_a_lapsed_hold_are_paid_late(self, office):
        """
        The hold is over, its intent was to be canceled and is paid instead, without a webhook: the money is on the wallet, the user told.
        """
        booking = office.held()
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        office.clock.advance(minutes=25)
        office.time.tidy(booking=booking)
        office.provider.paid[f"pi_{attempt}"] = TOTAL

        assert 1 == heal_for(office, minutes=15)
        assert (Status.EXPIRED, (TOTAL, 0)) == (office.booking(booking).status, office.wallet())
        assert "payment_late" in told(office)

    def test_never_opened_end_by_themselves(self, office):
        """
        Nobody was given anything to pay with.
        """
        office.provider.down = True
        with pytest.raises(Exception, match="down"):
            opened(office)
        office.provider.down = False

        heal_for(office, hours=25)
        assert [] == office.store.ledger.attempts_due(until=office.clock.time + timedelta(days=9), limit=9)


class TestRefunds:
    def test_without_news_are_asked_about(self, office):
        """
        The provider's word that it is at the card never came.
        """
        office.topped_up(300_000)
        (refund,) = office.refunded(300_000).answer["refunds"]
        office.send_refunds()
        assert 0 == heal_for(office, hours=1)
        office.provider.refunds_end = ProviderRefundState.SUCCEEDED

        assert 1 == heal_for(office, hours=1)
        assert (RefundState.SUCCEEDED, None) == (office.store.refunds.refund(refund).state, office.store.refunds.refund(refund).ask_at)

    def test_whose_message_is_lost_are_sent(self, office):
        """
        Parked in the outbox or not, a refund that was never sent is sent.
        """
        office.topped_up(300_000)
        (refund,) = office.refunded(300_000).answer["refunds"]

        assert 1 == heal_for(office, minutes=15)
        assert RefundState.SENT == office.store.refunds.refund(refund).state


class TestPayer:
    def test_is_known_by_our_id_once(self, office):
        """
        Two payments, one customer, under the account's pseudonymous id.
        """
        opened(office)
        opened(office, key="second")

        assert {"customer:acc_1": "acc_1"} == office.provider.customers
        assert "cus_acc_1" == office.store.payers.payer("acc_1").customer

    def test_whose_answer_was_lost_is_asked_for_again(self, office):
        """
        The same id, so the same customer.
        """
        office.provider.lost_customers = 1
        with pytest.raises(Exception, match="no answer"):
            opened(office)

        assert opened(office)
        assert 1 == len(office.provider.customers)

    def test_forgotten_by_the_provider_keeps_nobody_from_paying(self, office):
        """
        Somebody deleted the customer there: the payment is opened without one.
        """
        opened(office)
        office.provider.forgotten.add("cus_acc_1")

        assert opened(office, key="second")


class TestLateFailure:
    def fail(self, office, attempt, *, delayed=True):
        """
        Let a way of paying say no.
        """
        kind = PaymentEventKind.INTENT_FAILED
        event = PaymentEvent(
            "evt_f", kind, f"pi_{attempt}", attempt, 300_000, "KZT", office.clock.time, livemode=False, charge=None, delayed=delayed
        )
        return office.receive(event=event)

    def test_is_told_once_and_another_way_may_still_pay(self, office):
        """
        The payer had gone when his bank said no; the same intent paid later brings the money in.
        """
        attempt = opened(office)
        assert [True, False] == [self.fail(office, attempt) for _ in range(2)]
        assert "payment_failed" in told(office)

        assert office.receive(event=office.provider.succeeded(attempt))
        assert not self.fail(office, attempt)
        assert (300_000, 0) == office.wallet()

    def test_of_a_card_is_seen_by_its_holder(self, office):
        """
        A declined card needs no message.
        """
        attempt = opened(office)

        assert not self.fail(office, attempt, delayed=False)

    def test_leaves_a_held_place_to_be_paid_otherwise(self, office):
        """
        The place stays held, its attempt open, and the card then confirms it; unpaid, its hold lapses and everything is free.
        """
        booking = office.held()
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        self.fail(office, attempt)
        assert 201 == office.pay_for(booking, by_card=True, key="again").status
        office.clock.advance(minutes=25)

        assert office.time.tidy(booking=booking)
        assert AttemptState.CANCELED == office.store.ledger.attempt(attempt).state


class TestCurrency:
    def test_other_than_ours_brings_nothing(self, office):
        """
        Only tenge is counted (§26); anything else is left to the reconciliation.
        """
        attempt = opened(office)
        event = office.provider.succeeded(attempt)
        foreign = PaymentEvent(event.id, event.kind, event.intent, attempt, 300_000, "USD", event.created, livemode=False, charge=None)

        assert not office.receive(event=foreign)
        assert (0, 0) == office.wallet()
