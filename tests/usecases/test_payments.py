"""
Paying for a held place: from the balance, by card, and everything that can go wrong between us and the provider (§23, §26, D27–D30).
"""

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.money import DepositState
from chalicelib.domain.payments import AttemptState, ProviderRefusedError, UnableToReachProviderError
from chalicelib.domain.places import PlaceState
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE

TOTAL = FEE + DEPOSIT


def codes(outcome):
    """
    Name the reasons of a refusal.
    """
    return [reason.code for reason in outcome.reasons]


def messages_of(office, booking):
    """
    Name the notices that wait in the outbox for a booking.
    """
    waiting = [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=50)]
    return {row.payload["template"] for row in waiting if row.aggregate == booking and row.task == "notify"}


@pytest.mark.rule("20", "23", "28")
class TestBalance:
    def test_confirms(self, office):
        """
        The fee is earned, the deposit held, the place sold, the number issued, the locks kept without an end, the hold counts let go.
        """
        booking = office.confirmed()

        done = office.booking(booking)
        place = office.store.places.place(HERE, DAY, done.position)
        assert (Status.CONFIRMED, "NZH-261203-14-01", DepositState.HELD) == (done.status, done.number, done.deposit)
        assert (PlaceState.SOLD, booking, 1, None) == (place.state, place.booking, place.sales, place.hold_expires_at)
        assert (0, DEPOSIT) == office.wallet()
        locks = office.store.locks.locks(("CN#plate#KZ#001ABC02", "CN#vin#WDB9634031L000001"))
        assert [(booking, None)] * 2 == [(lock.booking, lock.until) for lock in locks.values()]
        assert all(hold.booking is None for hold in office.store.locks.holds(("account#acc_1", "plate#KZ#001ABC02")).values())
        assert {"confirmed"} <= messages_of(office, booking)

    def test_says_how_much_is_missing(self, office):
        """
        A purse that is too small changes nothing.
        """
        booking = office.held()
        office.fill("acc_1", TOTAL - 1)

        outcome = office.pay_for(booking)

        assert [Code.INSUFFICIENT_FUNDS] == codes(outcome)
        assert 1 == outcome.reasons[0].parameters["missing"]
        assert Status.HELD == office.booking(booking).status

    def test_comes_too_late_for_a_lapsed_hold(self, office):
        """
        From the moment the hold ends nobody pays for it.
        """
        booking = office.held()
        office.fill("acc_1", TOTAL)
        office.clock.advance(minutes=10)

        assert [Code.HOLD_EXPIRED] == codes(office.pay_for(booking))
        assert (TOTAL, 0) == office.wallet()

    def test_is_told_the_same_once_the_hold_is_tidied_away(self, office):
        """
        Whether a step has already cleared the hold makes no difference to who comes too late.
        """
        booking = office.held()
        office.clock.advance(minutes=11)
        office.time.tidy(booking=booking)

        assert Status.EXPIRED == office.booking(booking).status
        assert [Code.HOLD_EXPIRED] == codes(office.pay_for(booking, key="late"))

    def test_is_not_taken_twice(self, office):
        """
        A second payment under another key is refused; under the same key it reads the first answer again.
        """
        booking = office.confirmed()
        office.fill("acc_1", TOTAL)

        assert [Code.ALREADY_CONFIRMED] == codes(office.pay_for(booking, key="other"))
        assert Done(200, booking) == office.pay_for(booking)
        assert (TOTAL, DEPOSIT) == office.wallet()


@pytest.mark.rule("23", "26")
class TestCard:
    def test_confirms_by_the_webhook_alone(self, office):
        """
        The intent is for what the wallet lacks; the hold runs ten minutes longer; the event confirms, once.
        """
        booking = office.held()
        office.fill("acc_1", 1_000_000)
        hold = office.booking(booking).hold_expires_at

        opened = office.pay_for(booking, by_card=True)

        paying = office.booking(booking)
        assert TOTAL - 1_000_000 == office.provider.intents[f"pi_{opened.answer['attempt']}"]
        assert (Status.HELD, RULES.hold_extended - RULES.hold) == (paying.status, paying.hold_expires_at - hold)
        assert (0, 1_000_000) == office.wallet()
        event = office.provider.succeeded(opened.answer["attempt"])
        assert [True, False, False] == [office.receive(event=event) for _ in range(3)]
        assert Status.CONFIRMED == office.booking(booking).status
        assert (0, DEPOSIT) == office.wallet()

    def test_resumes_the_attempt_whose_answer_was_lost(self, office):
        """
        The provider's answer is lost: the retry, under whatever key, asks again with the same attempt id; one intent, one reservation.
        """
        booking = office.held()
        office.fill("acc_1", 1_000_000)
        office.provider.lost = 1
        with pytest.raises(UnableToReachProviderError):
            office.pay_for(booking, by_card=True)

        done = office.rebuilt().pay_for(booking, by_card=True)

        assert [done.answer["attempt"]] * 2 == office.provider.asked
        assert 1 == len(office.provider.intents)
        assert (0, 1_000_000) == office.wallet()
        assert done == office.pay_for(booking, by_card=True)
        assert 2 == len(office.provider.asked)

    def test_keeps_the_balance_out_while_it_is_under_way(self, office):
        """
        While a card payment is open the balance cannot pay for the same place.
        """
        booking = office.held()
        office.pay_for(booking, by_card=True)
        office.fill("acc_1", TOTAL)

        assert [Code.PAYMENT_UNDER_WAY] == codes(office.pay_for(booking, key="balance"))

    @pytest.mark.parametrize("missing", [1, 24_999, 25_000, 25_001])
    def test_never_asks_for_less_than_the_provider_takes(self, office, missing):
        """
        Where the wallet lacks a few tiyn the card pays the provider's minimum, and the wallet gives that much less.
        """
        booking = office.held()
        office.fill("acc_1", TOTAL - missing)

        done = office.pay_for(booking, by_card=True)

        charged = max(missing, RULES.least_card_payment)
        assert charged == office.provider.intents[f"pi_{done.answer['attempt']}"]
        assert office.receive(event=office.provider.succeeded(done.answer["attempt"]))
        assert Status.CONFIRMED == office.booking(booking).status
        assert (charged - missing, DEPOSIT) == office.wallet()

    def test_leaves_the_user_free_when_the_provider_refuses(self, office):
        """
        A refusal closes the attempt: the wallet's part is back, the place still held, another way of paying open, the hold not extended again.
        """
        booking = office.held()
        office.fill("acc_1", 1_000_000)
        office.provider.minimum = TOTAL
        with pytest.raises(ProviderRefusedError):
            office.pay_for(booking, by_card=True)

        after = office.booking(booking)
        assert (Status.HELD, None) == (after.status, after.attempt)
        assert (1_000_000, 0) == office.wallet()
        assert AttemptState.CANCELED == office.store.ledger.attempt(office.provider.asked[0]).state
        office.provider.minimum = RULES.least_card_payment
        again = office.pay_for(booking, by_card=True)
        assert office.provider.asked[0] != again.answer["attempt"]
        assert after.hold_expires_at == office.booking(booking).hold_expires_at
        office.receive(event=office.provider.succeeded(again.answer["attempt"]))
        assert (Status.CONFIRMED, (0, DEPOSIT)) == (office.booking(booking).status, office.wallet())

    def test_can_be_paid_from_the_balance_after_a_refusal(self, office):
        """
        Refused by the provider, filled meanwhile: the balance pays.
        """
        booking = office.held()
        office.provider.minimum = TOTAL + 1
        with pytest.raises(ProviderRefusedError):
            office.pay_for(booking, by_card=True)
        office.fill("acc_1", TOTAL)

        assert Done(200, booking) == office.pay_for(booking)

    @pytest.mark.parametrize("difference", [-1, 1])
    def test_of_a_wrong_sum_goes_to_the_wallet(self, office, difference):
        """
        Another sum than asked confirms nothing: it is the user's, with what the wallet gave, and he may pay anew at once.
        """
        booking = office.held()
        office.fill("acc_1", 1_000_000)
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]

        office.receive(event=office.provider.succeeded(attempt, amount=TOTAL - 1_000_000 + difference))

        assert (TOTAL + difference, 0) == office.wallet()
        assert Status.HELD == office.booking(booking).status
        assert {"payment_late"} <= messages_of(office, booking)
        office.fill("acc_1", 1)
        assert Done(200, booking) == office.pay_for(booking, key="again")

    def test_that_comes_late_finds_its_money_in_the_wallet(self, office):
        """
        The hold lapsed before the event: the place is not given, the money is on the wallet, the user is told; the event again does nothing.
        """
        booking = office.held()
        office.fill("acc_1", 1_000_000)
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        office.clock.advance(minutes=20)

        assert office.receive(event=office.provider.succeeded(attempt))
        assert not office.receive(event=office.provider.succeeded(attempt))
        assert office.time.tidy(booking=booking)

        assert Status.EXPIRED == office.booking(booking).status
        assert (TOTAL, 0) == office.wallet()
        assert {"payment_late", "hold_expired"} <= messages_of(office, booking)

    def test_that_comes_after_tidying_finds_its_money_in_the_wallet(self, office):
        """
        The same in the other order: the lapsed hold is tidied, its intent to be canceled, and the late success still counts.
        """
        booking = office.held()
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        office.clock.advance(minutes=20)

        assert office.time.tidy(booking=booking)
        assert AttemptState.CANCELED == office.store.ledger.attempt(attempt).state
        assert office.receive(event=office.provider.succeeded(attempt))

        assert (TOTAL, 0) == office.wallet()
        assert AttemptState.SUCCEEDED == office.store.ledger.attempt(attempt).state

    def test_of_an_unknown_attempt_changes_nothing(self, office):
        """
        An event about somebody else's payment is not ours.
        """
        event = office.provider.succeeded("att_foreign", amount=5)

        assert not office.receive(event=event)


@pytest.mark.rule("23")
class TestTopUp:
    def test_brings_money_in_once(self, office):
        """
        The same key opens one intent; the event fills the wallet once.
        """
        done = [office.top_up(account="acc_1", amount=700_000, request=factories.request("top")) for _ in range(2)]

        assert done[0] == done[1]
        assert (0, 0) == office.wallet()
        event = office.provider.succeeded(done[0].answer["attempt"])
        assert [True, False] == [office.receive(event=event) for _ in range(2)]
        assert (700_000, 0) == office.wallet()

    def test_resumes_after_a_lost_answer(self, office):
        """
        A retry of the same request asks the provider with the same attempt id.
        """
        office.provider.lost = 1
        with pytest.raises(UnableToReachProviderError):
            office.top_up(account="acc_1", amount=700_000, request=factories.request("top"))

        office.rebuilt().top_up(account="acc_1", amount=700_000, request=factories.request("top"))

        assert 1 == len(set(office.provider.asked)) == len(office.provider.intents)

    def test_of_another_sum_needs_another_key(self, office):
        """
        The key of an answered request with another body is refused.
        """
        office.top_up(account="acc_1", amount=700_000, request=factories.request("top"))

        again = office.top_up(account="acc_1", amount=800_000, request=factories.request("top", body="other"))

        assert Refused.because(Code.IDEMPOTENCY_KEY_REUSED) == again
