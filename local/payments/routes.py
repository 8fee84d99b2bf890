"""
The addresses of the API that this double has.
"""

import re
from dataclasses import dataclass

from local.payments import disputes, intents, payouts, reading, refunds
from local.payments.problems import unknown_address
from local.payments.reading import Handler, lister, retriever


@dataclass(frozen=True, slots=True)
class Route:
    """
    One address; `publishable`: open to the publishable key with a client secret.
    """

    method: str
    path: str
    handler: Handler
    publishable: bool = False


ROUTES = (
    Route("POST", "/v1/payment_intents", intents.create),
    Route("GET", "/v1/payment_intents", lister("payment_intent", "customer")),
    Route("GET", "/v1/payment_intents/{id}", intents.retrieve, publishable=True),
    Route("POST", "/v1/payment_intents/{id}", intents.update),
    Route("POST", "/v1/payment_intents/{id}/confirm", intents.confirm, publishable=True),
    Route("POST", "/v1/payment_intents/{id}/cancel", intents.cancel),
    Route("POST", "/v1/refunds", refunds.create),
    Route("GET", "/v1/refunds", lister("refund", "charge", "payment_intent")),
    Route("GET", "/v1/refunds/{id}", retriever("refund")),
    Route("GET", "/v1/charges", lister("charge", "customer", "payment_intent")),
    Route("GET", "/v1/charges/{id}", retriever("charge")),
    Route("POST", "/v1/customers", reading.create_customer),
    Route("GET", "/v1/customers", lister("customer", "email")),
    Route("GET", "/v1/customers/{id}", retriever("customer")),
    Route("GET", "/v1/disputes", lister("dispute", "charge", "payment_intent")),
    Route("GET", "/v1/disputes/{id}", retriever("dispute")),
    Route("POST", "/v1/disputes/{id}", disputes.update),
    Route("POST", "/v1/disputes/{id}/close", disputes.close),
    Route("POST", "/v1/payouts", payouts.create),
    Route("GET", "/v1/payouts", lister("payout", "status")),
    Route("GET", "/v1/payouts/{id}", retriever("payout")),
    Route("GET", "/v1/events", lister("event", "type", "types")),
    Route("GET", "/v1/events/{id}", retriever("event")),
    Route("GET", "/v1/balance_transactions", lister("balance_transaction", "source", "type")),
    Route("GET", "/v1/balance_transactions/{id}", retriever("balance_transaction")),
)
PATTERNS = tuple((route, re.compile(re.escape(route.path).replace(r"\{id\}", "([A-Za-z0-9_]{1,100})"))) for route in ROUTES)


def find_route(*, method: str, path: str) -> tuple[Route, str]:
    """
    The route of an address, and the id in it (or ""). Raises StripeError for an address that is not there.
    """
    for route, pattern in PATTERNS:
        match = pattern.fullmatch(path)
        if match and route.method == method:
            return route, "".join(match.groups())
    raise unknown_address(method, path)
