from pydantic import Field

from chalicelib.api.schemas.base import View, absent
from chalicelib.api.schemas.fields import Moment, Money
from chalicelib.api.schemas.me import IntentView
from chalicelib.domain.payment_links import LinkState


class ReceivedView(View):
    """
    The provider's event was taken in; `changed` is false for one that was known or means nothing to us.
    """

    received: bool
    changed: bool


class PaymentLinkView(View):
    """
    A link by which another person pays for one booking, until its hold ends: whoever has it sees amount and plate and no more.
    """

    url: str = Field(examples=["https://queue.example/pay/AAAAAAAAAAAAAAAAAAAAAA"])
    expires_at: Moment


class PayableVehicle(View):
    """
    The plate as printed.
    """

    country: str
    plate: str


class PayableView(View):
    """
    What another person pays by a link. While it is `waiting`: the amount and until when.

    `late`: his money came when the place was gone, and is the user's; `lapsed`: the time is over; `closed`: nothing can be paid now.
    """

    state: LinkState
    vehicle: PayableVehicle
    amount: Money | None = absent()
    pay_until: Moment | None = absent()
    at: Moment


class ElementView(View):
    """
    How a payer's browser shows the provider's own card form: its script, and the key that names our account there.
    """

    script: str = Field(examples=["https://js.stripe.com/v3/"])
    publishable_key: str


class PayersIntentView(IntentView):
    """
    A card payment by a link; `element` is left out where the deployment has no key for browsers.
    """

    element: ElementView | None = absent()
