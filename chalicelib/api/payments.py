"""
The payment provider's messages to us.
"""

from chalicelib import wiring
from chalicelib.api.call import AnyCall
from chalicelib.api.operation import PUBLIC, Answered, Rate, operation
from chalicelib.api.schemas.payments import ReceivedView
from chalicelib.domain.decisions import Code


@operation(
    "POST",
    "/v1/stripe/webhook",
    response=ReceivedView,
    roles=PUBLIC,
    raw_limit=256 * 1024,
    problems=(Code.WEBHOOK_SIGNATURE_INVALID,),
    rate=Rate.WEBHOOK,
    rule="§26",
    tags=("Payment provider",),
    summary="An event of the payment provider",
)
def receive_event(call: AnyCall) -> Answered:
    """
    Its signature is checked; an event that comes twice or out of order does no harm.
    """
    event = wiring.payments().parse_webhook(payload=call.raw, signature=call.headers.get("stripe-signature", ""))
    return ReceivedView(received=True, changed=wiring.receive_payment()(event=event))
