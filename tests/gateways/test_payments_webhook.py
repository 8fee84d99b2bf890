import json
import time

import pytest
import stripe

from chalicelib.domain.payments import PaymentEventKind, WebhookRejectedError
from chalicelib.gateways.payments import StripePayments
from tests.local.payments.double import SECRET_KEY, WEBHOOK_SECRET, Inbox, RunningDouble, wait_until
from tests.local.payments.payer import AMOUNT, confirm, opened, signed


@pytest.fixture(scope="module")
def inbox():
    opened_inbox = Inbox().open()
    yield opened_inbox
    opened_inbox.close()


@pytest.fixture(scope="module")
def double(tmp_path_factory, inbox):
    running = RunningDouble(tmp_path_factory.mktemp("double"), webhook_url=inbox.url).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def payments(double):
    return StripePayments(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, base_url=double.base_url)


@pytest.fixture
def attempt(request):
    return f"{request.node.name}-{time.monotonic_ns()}"


class TestParseWebhook:
    def test_reads_a_payment(self, payments, double, inbox, attempt):
        """
        The provider's own letter about a paid intent becomes the sum received, for our attempt.
        """
        intent = opened(payments, attempt)
        confirm(double, intent)
        letter = _letter(inbox, "payment_intent.succeeded", intent)

        event = payments.parse_webhook(payload=letter.payload, signature=letter.signature)

        assert (event.kind, event.intent, event.attempt) == (PaymentEventKind.INTENT_SUCCEEDED, intent.id, attempt)
        assert (event.amount, event.currency, event.livemode) == (AMOUNT, "KZT", False)
        assert event.charge.startswith("ch_")
        assert abs(event.created.timestamp() - time.time()) < 60
        assert payments.parse_webhook(payload=letter.payload, signature=letter.signature) == event

    def test_reads_what_ends_without_money(self, payments, double, inbox, attempt):
        """
        A declined card and a canceled intent are told apart.
        """
        intent = opened(payments, attempt)
        assert confirm(double, intent, card="pm_card_chargeDeclined").status_code == 402
        payments.cancel_intent(intent=intent.id)

        for kind, read in (
            ("payment_intent.payment_failed", PaymentEventKind.INTENT_FAILED),
            ("payment_intent.canceled", PaymentEventKind.INTENT_CANCELED),
            ("payment_intent.created", PaymentEventKind.OTHER),
        ):
            letter = _letter(inbox, kind, intent)
            assert payments.parse_webhook(payload=letter.payload, signature=letter.signature).kind is read

    def test_reads_refund_and_dispute(self, payments, double, inbox, attempt):
        """
        A refund is told once, with its own amount and attempt; a dispute with the intent and the whole sum.
        """
        intent = opened(payments, attempt)
        confirm(double, intent, card="pm_card_visa")
        refund = payments.refund(attempt=f"{attempt}-r", intent=intent.id, amount=432_500)
        other = opened(payments, f"{attempt}-d")
        confirm(double, other, card="pm_card_createDispute")

        made = _parsed(payments, _letter(inbox, "refund.created", intent))
        total = _parsed(payments, _letter(inbox, "charge.refunded", intent))
        dispute = _parsed(payments, _letter(inbox, "charge.dispute.created", other))

        assert (made.kind, made.refund, made.attempt, made.amount) == (PaymentEventKind.REFUNDED, refund.id, f"{attempt}-r", 432_500)
        assert (total.kind, total.amount) == (PaymentEventKind.OTHER, 0)
        assert (dispute.kind, dispute.intent, dispute.amount, dispute.attempt) == (PaymentEventKind.DISPUTE_OPENED, other.id, AMOUNT, None)

    def test_refuses_a_stale_letter(self, payments, double):
        """
        300 s by the wall clock are accepted, 301 s are a replay.
        """
        event = _any_event(double)
        fresh, stale = (signed(event, moment=int(time.time()) - seconds) for seconds in (295, 301))
        payments.parse_webhook(**fresh)
        with pytest.raises(WebhookRejectedError):
            payments.parse_webhook(**stale)

    def test_refuses_what_was_not_signed_so(self, payments, double):
        """
        Another secret, another body, the same JSON written differently, a broken or absent signature, a body that is no text: refused.
        """
        event = _any_event(double)
        payload, signature = signed(event).values()
        foreign = signed(event, secret="whsec_other")["signature"]
        assert b'"amount": 9082500' in payload
        cases = [
            (payload, foreign),
            (payload.replace(b'"amount": 9082500', b'"amount": 1'), signature),
            (json.dumps(event, indent=1).encode(), signature),
            (payload, signature.replace("v1=", "v0=")),
            (payload, ""),
            (payload, "t=now,v1=zz"),
            (payload, "gibberish"),
            (payload, f"t={int(time.time())},v1=подпись"),
            (payload, "t=" + "9" * 5000 + ",v1=00"),
            (b"\xff\xfe\x00", signature),
            (b"", signature),
        ]
        for body, header in cases:
            with pytest.raises(WebhookRejectedError):
                payments.parse_webhook(payload=body, signature=header)

    @pytest.mark.parametrize(
        "change",
        [
            {"livemode": True},
            {"account": "acct_other"},
            {"data": {}},
            {"data": None},
            {"created": "soon"},
            {"created": 10**18},
            {"id": None},
            {"id": ""},
            {"livemode": "false"},
            {"type": 7, "data": {"object": []}},
        ],
    )
    def test_refuses_a_rightly_signed_letter_that_is_not_ours(self, payments, double, change):
        """
        The other mode, another account, and documents that are no events are refused, whoever signed them.
        """
        letter = signed(_any_event(double) | change)
        with pytest.raises(WebhookRejectedError):
            payments.parse_webhook(**letter)

    @pytest.mark.parametrize("text", ["[]", "null", "1", '"event"', "{", "{}"])
    def test_refuses_signed_text_that_is_no_object(self, payments, text):
        """
        Signed nonsense is rejected like any other.
        """
        with pytest.raises(WebhookRejectedError):
            payments.parse_webhook(payload=text.encode(), signature=stripe.WebhookSignature.generate_signature_header(text, WEBHOOK_SECRET))

    def test_takes_live_events_with_a_live_key_only(self, double):
        """
        A live account refuses a test event and takes a live one.
        """
        live = StripePayments(secret_key="sk_live_x", webhook_secret=WEBHOOK_SECRET)
        event = _any_event(double)
        with pytest.raises(WebhookRejectedError):
            live.parse_webhook(**signed(event))
        assert live.parse_webhook(**signed(event | {"livemode": True})).livemode


def _letter(inbox, kind, intent):
    """
    The webhook of a kind about an intent, once it has arrived.
    """

    def found():
        subjects = ((letter, letter.event["data"]["object"]) for letter in inbox.of(kind))
        return next((letter for letter, subject in subjects if intent.id in {subject["id"], subject.get("payment_intent")}), None)

    return wait_until(found)


def _parsed(payments, letter):
    return payments.parse_webhook(payload=letter.payload, signature=letter.signature)


def _any_event(double):
    listed = double.call("GET", "/v1/events", type="payment_intent.succeeded", limit=1).json()["data"]
    if listed:
        return listed[0]
    double.call("POST", "/v1/payment_intents", amount=AMOUNT, currency="kzt", payment_method="pm_card_visa", confirm="true")
    return _any_event(double)
