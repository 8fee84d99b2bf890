"""
Invoices for bank transfers (§23): a wallet's top-up, or what a booking still needs.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer, Document
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import BOOKING, INVOICE, USER
from chalicelib.api.passes import PDF
from chalicelib.api.problems import ProblemError
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.invoices import InvoicePage, InvoiceView
from chalicelib.api.views.invoices import invoice_page, invoice_view
from chalicelib.domain.decisions import Code
from chalicelib.domain.invoices import Invoice
from chalicelib.gateways import invoices
from chalicelib.usecases.outcomes import Done, Missing, Outcome

TRANSFERS = ("Wallet",)


def own_invoice(call: AnyCall) -> Invoice:
    """
    Find the caller's own invoice of the path, or refuse with 404.
    """
    found = wiring.store().invoices.invoice(call.path["reference"])
    if found is None or found.account != call.account:
        raise ProblemError.because(Code.NOT_FOUND)
    return found


def asked(outcome: Outcome, call: AnyCall) -> Answered:
    """
    Show the invoice that was asked for, or why there is none.
    """
    if not isinstance(outcome, Done):
        return outcome
    found = wiring.store().invoices.invoice(outcome.resource)
    return Missing() if found is None else Answer(invoice_view(found, now=wiring.clock().now(), language=call.language), outcome.status)


@operation("GET", "/v1/me/invoices", query=PageQuery, response=InvoicePage, roles=USER, rule="§23", tags=TRANSFERS, summary="My invoices")
def list_invoices(call: Call[None, PageQuery]) -> Answered:
    """
    Newest first, with what has come under each.
    """
    found = wiring.store().invoices.of_account(call.account, limit=call.query.limit, cursor=call.query.cursor)
    return invoice_page(found, now=wiring.clock().now(), language=call.language)


@operation(
    "GET",
    "/v1/me/invoices/{reference}",
    parameters={"reference": INVOICE},
    response=InvoiceView,
    roles=USER,
    own="reference",
    polled=True,
    rule="§23",
    tags=TRANSFERS,
    summary="My invoice",
)
def get_invoice(call: AnyCall) -> Answered:
    """
    Whom to pay, how much, under which reference, and what has come.
    """
    return invoice_view(own_invoice(call), now=wiring.clock().now(), language=call.language)


@operation(
    "GET",
    "/v1/me/invoices/{reference}/pdf",
    parameters={"reference": INVOICE},
    response=None,
    media_types=(PDF,),
    roles=USER,
    own="reference",
    rule="§23",
    tags=TRANSFERS,
    summary="My invoice to print",
)
def get_invoice_pdf(call: AnyCall) -> Answered:
    """
    One A4 page in the caller's language, with a payment order's fields.
    """
    invoice = own_invoice(call)
    drawn = invoices.draw_pdf(invoice=invoice, payer=payer_of(call.account), language=call.language.value)
    return Document(drawn, PDF, f"{invoice.reference}.pdf")


def payer_of(account: str) -> str | None:
    """
    Say who asked, where the people's store is there to tell: name and number.
    """
    profile = wiring.keep_profile().read(account=account)
    fields = {} if isinstance(profile, Missing) else profile.fields or {}
    return ", ".join(str(fields[name]) for name in ("name", "bin", "iin") if fields.get(name)) or None


@operation(
    "POST",
    "/v1/bookings/{id}/invoice",
    parameters={"id": BOOKING},
    response=InvoiceView,
    status=201,
    roles=USER,
    own="id",
    idempotency=Key.REQUIRED,
    problems=(Code.NOT_HELD, Code.NOTHING_TO_PAY, Code.PAYEE_UNKNOWN, Code.FEE_UNKNOWN),
    rate=Rate.PAYMENT,
    rule="§23",
    tags=TRANSFERS,
    summary="An invoice for my booking",
)
def ask_booking_invoice(call: AnyCall) -> Answered:
    """
    For fee and deposit less what the wallet has. The money comes to the wallet; an invoice keeps no place.
    """
    request = acting_once(call.idempotency_key)
    return asked(wiring.ask_invoice().for_booking(account=call.account, booking=call.path["id"], request=request), call)
