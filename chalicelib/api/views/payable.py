from chalicelib.api.schemas.fields import money
from chalicelib.api.schemas.payments import ElementView, PayableVehicle, PayableView, PayersIntentView
from chalicelib.api.views.money import intent_view
from chalicelib.domain.payment_links import Payable
from chalicelib.domain.payments import PaymentIntent
from chalicelib.settings import Settings


def payable_view(payable: Payable) -> PayableView:
    """
    Show a payer what he pays for.
    """
    return PayableView(
        state=payable.state,
        vehicle=PayableVehicle(country=payable.country, plate=payable.plate),
        amount=money(payable.amount) if payable.amount is not None else None,
        pay_until=payable.pay_until,
        at=payable.at,
    )


def payers_intent_view(intent: PaymentIntent, *, settings: Settings) -> PayersIntentView:
    """
    Show a payer the card payment, and how his browser asks for the card.
    """
    key = settings.payments_key
    element = ElementView(script=settings.payments_script, publishable_key=key) if key else None
    return PayersIntentView(**intent_view(intent).model_dump(), element=element)
