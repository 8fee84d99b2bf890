from pydantic import Field

from chalicelib.api.schemas.base import Page, View, absent
from chalicelib.api.schemas.fields import Moment, Money
from chalicelib.domain.invoices import InvoiceState


class PayeeView(View):
    """
    Whom to pay, as a payment order names it.
    """

    name: str
    bin: str
    iik: str = Field(examples=["KZ09000SAMPLE0000000"])
    bank: str
    bic: str
    kbe: str
    knp: str
    sample: bool | None = absent(description="True where nobody is paid by these details.")


class InvoiceView(View):
    """
    What to pay by bank transfer (§23): the reference in the purpose of the payment brings the money to the wallet.
    """

    reference: str = Field(description="ISO 11649, with check digits.", examples=["RF03123456789012"])
    printed: str = Field(examples=["RF03 1234 5678 9012"])
    amount: Money
    account: PayeeView
    purpose: str = Field(description="The purpose of the payment, to be copied unchanged.")
    status: InvoiceState
    created_at: Moment
    expires_at: Moment = Field(description="Money that comes later is credited too.")
    invoice: str = Field(description="Where the sheet to print is (PDF).", examples=["/v1/me/invoices/RF03123456789012/pdf"])
    booking: str | None = absent()
    received: Money
    received_at: Moment | None = absent()


class InvoicePage(Page[InvoiceView]):
    """
    Invoices, newest first.
    """
