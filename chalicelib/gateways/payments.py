"""
Card payments through Stripe, or whatever speaks its HTTP API at `base_url`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.payments import (
    IntentStatus,
    PaymentEvent,
    PaymentIntent,
    ProviderRefund,
    ProviderRefundState,
    ProviderRefusedError,
    UnableToReachProviderError,
    WebhookRejectedError,
)
from chalicelib.domain.reconciliation import Movement, MovementKind
from chalicelib.gateways.payments_events import KINDS, read_event
from chalicelib.gateways.payments_movements import read_movement

CURRENCY = "kzt"  # a two-decimal currency at the provider: amounts are tiyn
TIMEOUT_SECONDS = 8
TOLERANCE_SECONDS = 300  # by the wall clock, as the provider signs
LIVE_KEYS = ("sk_live_", "rk_live_")


class StripePayments:
    """
    The `PaymentProvider` port. Amounts are tiyn; only pseudonymous ids go out, as metadata.

    The SDK is loaded with the first call, not with this module: it takes longer to import than most requests to answer.
    """

    def __init__(self, *, secret_key: str, webhook_secret: str, base_url: str | None = None, automatic: bool = False) -> None:
        self._secret_key = secret_key
        self._webhook_secret = webhook_secret
        self._base_url = base_url
        self._automatic = automatic
        self._livemode = secret_key.startswith(LIVE_KEYS)

    def save_customer(self, *, attempt: str, account: str) -> str:
        """
        Make the account known as a customer, by its pseudonymous id alone: the customer's id, the same one for the same attempt.
        """
        with _exact_errors():
            made = self._client.v1.customers.create(params={"metadata": {"account": account}}, options={"idempotency_key": attempt})
        return str(made.id)

    def open_intent(
        self, *, attempt: str, amount: int, purpose: str, account: str, booking: str | None, customer: str | None
    ) -> PaymentIntent:
        """
        Open an intent to collect `amount`, or get the one this attempt has opened already (within the provider's 24 h).
        """
        metadata = {"attempt": attempt, "purpose": purpose, "account": account}
        if booking is not None:
            metadata["booking"] = booking
        params: dict[str, Any] = {"amount": amount, "currency": CURRENCY, "metadata": metadata, **self._ways()}
        if customer is not None:
            params["customer"] = customer
        with _exact_errors():
            intent = self._intents.create(params=params, options={"idempotency_key": attempt})
        return _intent(intent)

    def _ways(self) -> dict[str, Any]:
        # none that leads the payer to another page and back: the cabinet's form has no page to come back to
        if self._automatic:
            return {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
        return {"payment_method_types": ["card"]}

    def find_intent(self, *, intent: str) -> PaymentIntent:
        """
        Ask where an intent stands now. An unknown one is refused with `resource_missing`.
        """
        with _exact_errors():
            return _intent(self._intents.retrieve(intent))

    def cancel_intent(self, *, intent: str) -> IntentStatus:
        """
        Cancel an intent and say where it stands then: one that was paid, canceled or is processing stays what it is.
        """
        try:
            with _exact_errors():
                return _intent(self._intents.cancel(intent)).status
        except ProviderRefusedError as refusal:
            if refusal.code != "payment_intent_unexpected_state":
                raise
        return self.find_intent(intent=intent).status

    def refund(self, *, attempt: str, intent: str, amount: int) -> ProviderRefund:
        """
        Give `amount` of a paid intent back to its card: the refund, the same one for the same attempt.

        The provider forgets idempotency keys after 24 h, a refund never: so it is looked for first, and money goes back once.
        """
        with _exact_errors():
            refunds = self._client.v1.refunds
            for known in refunds.list(params={"payment_intent": intent, "limit": 100}).auto_paging_iter():
                if known.metadata and known.metadata.to_dict().get("attempt") == attempt:
                    return _refund(known)
            params = {"payment_intent": intent, "amount": amount, "metadata": {"attempt": attempt}}
            return _refund(refunds.create(params=params, options={"idempotency_key": attempt}))

    def find_refund(self, *, refund: str) -> ProviderRefund:
        """
        Ask where a refund stands now.
        """
        with _exact_errors():
            return _refund(self._client.v1.refunds.retrieve(refund))

    def events(self, *, since: datetime, until: datetime) -> Sequence[PaymentEvent]:
        """
        List the events of [since, until) that mean something to us, the oldest first; the provider keeps them for thirty days.
        """
        span = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
        with _exact_errors():
            listed = self._client.v1.events.list(params={"types": sorted(KINDS), "created": span, "limit": 100})
            documents = [event.to_dict() for event in listed.auto_paging_iter()]
        return [event for event in map(_readable, reversed(documents)) if event is not None]

    def movements(self, *, since: datetime, until: datetime) -> Sequence[Movement]:
        """
        List what moved our balance there in [since, until), page by page, with what moved it.
        """
        span = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
        with _exact_errors():
            listed = self._client.v1.balance_transactions.list(params={"created": span, "limit": 100, "expand": ["data.source"]})
            return [read_movement(entry.to_dict()) for entry in listed.auto_paging_iter()]

    def moved(self, *, kind: MovementKind, reference: str) -> Sequence[Movement]:
        """
        List by what one charge, refund, dispute or payout moved our balance there; none where there is no such thing.
        """
        api = self._client.v1
        both = {"expand": ["balance_transaction", "failure_balance_transaction"]}
        try:
            with _exact_errors():
                match kind:
                    case MovementKind.CHARGE:
                        intent = self._intents.retrieve(reference, params={"expand": ["latest_charge.balance_transaction"]})
                        return _entries(intent.to_dict().get("latest_charge"))
                    case MovementKind.REFUND:
                        return _entries(api.refunds.retrieve(reference, params=both).to_dict())
                    case MovementKind.PAYOUT:
                        return _entries(api.payouts.retrieve(reference, params=both).to_dict())
                    case _:
                        disputes = api.disputes.list(params={"payment_intent": reference, "limit": 100}).auto_paging_iter()
                        return [movement for dispute in disputes for movement in _entries(dispute.to_dict())]
        except ProviderRefusedError as refusal:
            if refusal.code != "resource_missing":
                raise
        return []

    def parse_webhook(self, *, payload: bytes, signature: str) -> PaymentEvent:
        """
        Read an event from the exact bytes received and their `Stripe-Signature`; raises WebhookRejectedError.
        """
        import stripe  # noqa: PLC0415 - heavy: see the class

        if not signature.isascii():
            raise WebhookRejectedError("bad signature")  # the SDK's comparison knows no other letters and would break
        try:
            stripe.WebhookSignature.verify_header(payload, signature, self._webhook_secret, TOLERANCE_SECONDS)
            document = json.loads(payload)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise WebhookRejectedError("bad or stale signature") from error
        try:
            if document.get("account") is not None:
                raise WebhookRejectedError("an event of another account")
            event = read_event(document)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise WebhookRejectedError("not an event") from error
        if event.livemode is not self._livemode:
            raise WebhookRejectedError("an event of the other mode (live or test)")
        return event

    @property
    def _intents(self) -> Any:
        return self._client.v1.payment_intents

    @cached_property
    def _client(self) -> Any:
        import requests  # noqa: PLC0415 - comes with the SDK
        import stripe  # noqa: PLC0415 - heavy: see the class

        session = None
        if self._base_url is not None and urlsplit(self._base_url).hostname in {"127.0.0.1", "::1", "localhost"}:
            session = requests.Session()
            session.trust_env = False  # what listens on this machine is not behind a proxy
        return stripe.StripeClient(
            self._secret_key,
            base_addresses={} if self._base_url is None else {"api": self._base_url.rstrip("/")},
            max_network_retries=0,  # our attempts are committed first and retried by us, with their own keys
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS, session=session),
        )


@contextmanager
def _exact_errors() -> Iterator[None]:
    """
    The SDK's errors as ours. A 409 is another request with the same key in flight: try again, like any unclear answer.
    """
    import stripe  # noqa: PLC0415 - heavy: see the class

    try:
        yield
    except stripe.IdempotencyError as error:
        raise ProviderRefusedError(code="idempotency_error") from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise ProviderRefusedError(code=error.code or "invalid_request_error", param=error.param) from error
    except stripe.StripeError as error:
        raise UnableToReachProviderError(f"{type(error).__name__}, status {error.http_status}") from error


def _intent(intent: Any) -> PaymentIntent:
    try:
        status = IntentStatus(intent.status)
    except ValueError as error:
        raise ProviderRefusedError(code=f"unknown status {intent.status}") from error
    charge = intent.latest_charge
    return PaymentIntent(
        intent.id,
        intent.client_secret,
        status,
        intent.amount,
        intent.currency.upper(),
        received=intent.amount_received,
        charge=None if charge is None else str(getattr(charge, "id", charge)),
    )


def _entries(origin: Any) -> list[Movement]:
    if not isinstance(origin, Mapping):
        return []
    entries = [origin.get("balance_transaction"), origin.get("failure_balance_transaction"), *(origin.get("balance_transactions") or [])]
    return [read_movement(entry, source=origin) for entry in entries if isinstance(entry, Mapping)]


def _readable(document: Mapping[str, Any]) -> PaymentEvent | None:
    # one document that is none must not keep all others back; what it was about is found by the nightly reconciliation
    try:
        return read_event(document)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


REFUND_STATES = {"succeeded": ProviderRefundState.SUCCEEDED, "failed": ProviderRefundState.FAILED, "canceled": ProviderRefundState.FAILED}


def _refund(refund: Any) -> ProviderRefund:
    return ProviderRefund(str(refund.id), REFUND_STATES.get(refund.status, ProviderRefundState.SENT))
