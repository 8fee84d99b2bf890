import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.payments import IntentStatus, PaymentEventKind, ProviderRefusedError, UnableToReachProviderError
from chalicelib.gateways.payments import TIMEOUT_SECONDS, StripePayments
from tests.local.payments.double import SECRET_KEY, WEBHOOK_SECRET, RunningDouble, free_port
from tests.local.payments.payer import AMOUNT, confirm, opened


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    running = RunningDouble(tmp_path_factory.mktemp("double")).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def payments(double):
    return StripePayments(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, base_url=double.base_url)


@pytest.fixture
def attempt(request):
    return f"{request.node.name}-{time.monotonic_ns()}"


class TestOpenIntent:
    def test_asks_for_the_amount_with_pseudonymous_ids_only(self, payments, double, attempt):
        """
        The intent has our amount in tenge, and the provider learns three ids and a purpose, nothing else.
        """
        intent = opened(payments, attempt)

        assert (intent.status, intent.amount, intent.currency) == (IntentStatus.REQUIRES_PAYMENT_METHOD, AMOUNT, "KZT")
        there = double.sdk().v1.payment_intents.retrieve(intent.id)
        assert there.metadata.to_dict() == {"attempt": attempt, "purpose": "booking", "account": "acc-1", "booking": "bkg-1"}
        assert (there.description, there.receipt_email, there.customer) == (None, None, None)

    def test_resumes_an_attempt(self, payments, attempt):
        """
        The same attempt is the same intent; with another amount it is refused.
        """
        assert opened(payments, attempt) == opened(payments, attempt)
        with pytest.raises(ProviderRefusedError, match="idempotency_error"):
            opened(payments, attempt, amount=AMOUNT + 1)

    def test_resumes_an_attempt_whose_answer_was_lost(self, payments, double, attempt):
        """
        Opened at the provider, unknown to us: reported as unreachable, and the retry finds that very intent.
        """
        double.turn("answers", lose_after=1)
        with pytest.raises(UnableToReachProviderError):
            opened(payments, attempt)

        intent = opened(payments, attempt)

        made = [known.id for known in double.sdk().v1.payment_intents.list() if known.metadata.to_dict().get("attempt") == attempt]
        assert made == [intent.id]

    def test_says_which_parameter_was_refused(self, payments, attempt):
        """
        A payment below the provider's minimum is refused by its code and parameter.
        """
        with pytest.raises(ProviderRefusedError) as refused:
            opened(payments, attempt, amount=100)
        assert (refused.value.code, refused.value.param) == ("amount_too_small", "amount")


class TestReach:
    def test_a_provider_out_of_order_is_unreachable(self, payments, double, attempt):
        """
        A 503 is no answer; the next try works.
        """
        double.turn("answers", refuse_before=1)
        with pytest.raises(UnableToReachProviderError):
            opened(payments, attempt)
        assert opened(payments, attempt).amount == AMOUNT

    def test_nobody_listening_is_unreachable(self, attempt, monkeypatch):
        """
        A closed port is reported at once, as an error of ours, and no proxy of the environment is asked about loopback.
        """
        monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
        nobody = StripePayments(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, base_url=f"http://127.0.0.1:{free_port()}")
        started = time.monotonic()
        with pytest.raises(UnableToReachProviderError):
            nobody.find_intent(intent="pi_any")
        assert time.monotonic() - started < 5

    def test_a_silent_provider_is_unreachable_in_time(self, double, attempt, monkeypatch):
        """
        The time given (8 s, so that a request ends within 20 s) is kept; here it is shorter, and the answer would come later.
        """
        assert TIMEOUT_SECONDS == 8
        monkeypatch.setattr("chalicelib.gateways.payments.TIMEOUT_SECONDS", 0.5)
        hasty = StripePayments(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, base_url=double.base_url)
        double.turn("answers", delay_seconds=6)
        started = time.monotonic()
        try:
            with pytest.raises(UnableToReachProviderError):
                opened(hasty, attempt)
        finally:
            double.turn("answers")
        assert time.monotonic() - started < 5

    def test_a_wrong_key_tells_nothing_of_itself(self, double):
        """
        A refused key is a fault of ours to be put right: unreachable, and the key is not in the message.
        """
        wrong = StripePayments(secret_key="sk_test_wrong_wrong_wrong_wrong", webhook_secret=WEBHOOK_SECRET, base_url=double.base_url)
        with pytest.raises(UnableToReachProviderError, match="401") as failed:
            wrong.find_intent(intent="pi_any")
        assert "wrong_wrong" not in str(failed.value)

    def test_loads_the_sdk_only_when_it_is_used(self):
        """
        Importing the adapter, and making one, loads neither the SDK nor its HTTP client.
        """
        program = (
            "import sys; from chalicelib.gateways.payments import StripePayments;"
            "StripePayments(secret_key='sk_test_x', webhook_secret='whsec_x');"
            "print([name for name in ('stripe', 'requests', 'httpx') if name in sys.modules])"
        )
        root = Path(__file__).parents[2]
        shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
        assert shown.stdout.strip() == "[]"


class TestCancelIntent:
    def test_ends_an_open_one(self, payments, attempt):
        """
        Canceled once or twice, it is canceled.
        """
        intent = opened(payments, attempt)
        assert payments.cancel_intent(intent=intent.id) is IntentStatus.CANCELED
        assert payments.cancel_intent(intent=intent.id) is IntentStatus.CANCELED
        assert payments.find_intent(intent=intent.id).status is IntentStatus.CANCELED

    def test_tells_that_the_payer_was_faster(self, payments, double, attempt):
        """
        A paid intent stays paid, and that is the answer.
        """
        intent = opened(payments, attempt)
        assert confirm(double, intent).status_code == 200
        assert payments.cancel_intent(intent=intent.id) is IntentStatus.SUCCEEDED

    def test_refuses_an_unknown_one(self, payments):
        """
        What does not exist can be neither found nor canceled.
        """
        for ask in (payments.cancel_intent, payments.find_intent):
            with pytest.raises(ProviderRefusedError, match="resource_missing"):
                ask(intent="pi_nobody")


class TestCustomer:
    def test_is_known_by_a_pseudonymous_id_once(self, payments, double, attempt):
        """
        The same attempt is the same customer, with our id as its only word; the intent is its own.
        """
        customer = payments.save_customer(attempt=attempt, account="acc-1")

        assert customer == payments.save_customer(attempt=attempt, account="acc-1")
        there = double.sdk().v1.customers.retrieve(customer)
        assert ({"account": "acc-1"}, None, None, None) == (there.metadata.to_dict(), there.email, there.name, there.phone)
        intent = opened(payments, f"{attempt}-i", customer=customer)
        assert customer == double.sdk().v1.payment_intents.retrieve(intent.id).customer

    def test_that_is_unknown_is_named_as_such(self, payments, attempt):
        """
        Refused by its parameter, and the attempt is good for another try without one.
        """
        with pytest.raises(ProviderRefusedError) as refused:
            opened(payments, attempt, customer="cus_nobody")

        assert ("resource_missing", "customer") == (refused.value.code, refused.value.param)
        assert AMOUNT == opened(payments, attempt).amount


class TestWays:
    @pytest.mark.parametrize(("automatic", "ways"), [(False, None), (True, {"allow_redirects": "never", "enabled": True})])
    def test_of_paying_are_those_of_the_account_or_cards_alone(self, double, attempt, automatic, ways):
        """
        Never one that leads the payer away and back.
        """
        made = StripePayments(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, base_url=double.base_url, automatic=automatic)

        there = double.sdk().v1.payment_intents.retrieve(opened(made, attempt).id)

        found = there.automatic_payment_methods
        assert (ways, ["card"]) == (found and found.to_dict(), there.payment_method_types)


class TestEvents:
    def test_are_listed_oldest_first_within_their_span(self, payments, double, attempt):
        """
        What webhooks tell is there to be read again, page by page, in order; outside the span nothing.
        """
        intent = opened(payments, attempt)
        confirm(double, intent, card="pm_card_chargeDeclined")
        confirm(double, intent)
        now = datetime.now(tz=UTC)

        found = payments.events(since=now - timedelta(minutes=5), until=now + timedelta(seconds=2))

        ours = [event.kind for event in found if event.intent == intent.id]
        assert [PaymentEventKind.INTENT_FAILED, PaymentEventKind.INTENT_SUCCEEDED] == ours
        assert sorted(found, key=lambda event: event.created) == list(found)
        assert [] == list(payments.events(since=now - timedelta(days=3), until=now - timedelta(days=2)))

    def test_say_how_much_an_asked_intent_received(self, payments, double, attempt):
        """
        The intent itself tells what a lost event would have told.
        """
        intent = opened(payments, attempt)
        assert (0, None) == (intent.received, intent.charge)
        confirm(double, intent)

        found = payments.find_intent(intent=intent.id)

        assert (IntentStatus.SUCCEEDED, AMOUNT) == (found.status, found.received)
        assert found.charge.startswith("ch_")


class TestRefund:
    def test_gives_back_once_per_attempt(self, payments, double, attempt):
        """
        The same attempt is the same refund, also when the provider has forgotten the key; another attempt is another one.
        """
        intent = opened(payments, attempt)
        confirm(double, intent)
        fields = {"intent": intent.id, "amount": 432_500}

        first = payments.refund(attempt=f"{attempt}-r", **fields)

        forgetful = StripePayments(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, base_url=double.base_url)
        assert forgetful.refund(attempt=f"{attempt}-r", intent=intent.id, amount=432_500) == first
        _forget_keys(double)
        assert payments.refund(attempt=f"{attempt}-r", **fields) == first
        assert payments.refund(attempt=f"{attempt}-s", **fields) != first
        charge = double.sdk().v1.charges.list({"payment_intent": intent.id}).data[0]
        assert charge.amount_refunded == 865_000

    def test_never_gives_back_more_than_was_paid(self, payments, double, attempt):
        """
        Too much, anything unpaid and anything disputed is refused.
        """
        intent = opened(payments, attempt)
        with pytest.raises(ProviderRefusedError, match="payment_intent_unexpected_state"):
            payments.refund(attempt=f"{attempt}-1", intent=intent.id, amount=1)
        confirm(double, intent)
        with pytest.raises(ProviderRefusedError, match="amount"):
            payments.refund(attempt=f"{attempt}-2", intent=intent.id, amount=AMOUNT + 1)
        payments.refund(attempt=f"{attempt}-3", intent=intent.id, amount=AMOUNT)
        with pytest.raises(ProviderRefusedError, match="charge_already_refunded"):
            payments.refund(attempt=f"{attempt}-4", intent=intent.id, amount=1)


def _forget_keys(double):
    """
    What 24 hours do to idempotency keys.
    """
    with sqlite3.connect(double.folder / "state" / "payments.sqlite", timeout=5) as connection:
        connection.execute("DELETE FROM replies")
