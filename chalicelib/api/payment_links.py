"""
Another person pays for a held booking by a link, seeing only amount and plate.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall
from chalicelib.api.driver_links import TOKEN
from chalicelib.api.operation import PUBLIC, Answered, Key, Rate, operation
from chalicelib.api.parameters import BOOKING, USER
from chalicelib.api.requests import acting_unseen, perhaps_once
from chalicelib.api.schemas.payments import PayableView, PayersIntentView, PaymentLinkView
from chalicelib.api.views.payable import payable_view, payers_intent_view
from chalicelib.domain.decisions import Code
from chalicelib.usecases.outcomes import Done, Missing

OWN = {"roles": USER, "own": "id", "parameters": {"id": BOOKING}, "rate": Rate.WRITE, "tags": ("Bookings",)}
PAYING = {"roles": PUBLIC, "secret": True, "parameters": {"token": TOKEN}, "rule": "§23", "tags": ("Bookings",)}


@operation(
    "POST",
    "/v1/bookings/{id}/payment-link",
    response=PaymentLinkView,
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_HELD, Code.HOLD_EXPIRED, Code.ALREADY_CONFIRMED),
    rule="§23",
    summary="Let another person pay",
    **OWN,
)
def give_payment_link(call: AnyCall) -> Answered:
    """
    The same link until it is taken back; good while the place is held.
    """
    key = perhaps_once(call.idempotency)
    done = wiring.share_payment().give(account=call.account, booking=call.path["id"], request=key)
    return PaymentLinkView(**done.answer) if isinstance(done, Done) else done


@operation(
    "DELETE",
    "/v1/bookings/{id}/payment-link",
    response=None,
    status=204,
    rule="§23",
    summary="Take the payment link back",
    **OWN,
)
def revoke_payment_link(call: AnyCall) -> Answered:
    """
    At once and for good, with the card payment that it has opened: the next one given is another.
    """
    return wiring.share_payment().revoke(account=call.account, booking=call.path["id"]) or Answer(None, 204)


@operation(
    "GET", "/v1/pay/{token}", response=PayableView, polled=True, unversioned={"at"}, rate=Rate.LINK, summary="What I pay for", **PAYING
)
def see_payable(call: AnyCall) -> Answered:
    """
    Amount, plate and deadline. A link taken back or over for a day is as unknown as any.
    """
    seen = wiring.pay_by_link().see(token=call.path["token"])
    return seen if isinstance(seen, Missing) else payable_view(seen)


@operation(
    "POST",
    "/v1/pay/{token}/payment",
    response=PayersIntentView,
    status=201,
    idempotency=Key.OPTIONAL,
    problems=(Code.LINK_NOT_PAYABLE, Code.ALREADY_CONFIRMED, Code.PAYMENT_UNDER_WAY),
    rate=Rate.PAYMENT,
    summary="Pay by a link",
    **PAYING,
)
def pay_by_link(call: AnyCall) -> Answered:
    """
    Opens one card payment, however many people have the link and ask; only the provider's webhook confirms the booking.
    """
    done = wiring.pay_by_link().start(token=call.path["token"], request=acting_unseen(call.idempotency))
    if not isinstance(done, Done):
        return done
    intent = wiring.pay_by_link().intent(attempt=str(done.answer["attempt"]))
    return Answer(payers_intent_view(intent, settings=wiring.configuration()), done.status)
