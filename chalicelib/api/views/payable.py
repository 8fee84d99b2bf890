from chalicelib.api.schemas.fields import money
from chalicelib.api.schemas.payments import PayableVehicle, PayableView
from chalicelib.domain.payment_links import Payable


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
