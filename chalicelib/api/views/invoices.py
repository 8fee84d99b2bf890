from datetime import datetime

from chalicelib.api.languages import Language
from chalicelib.api.schemas.fields import money
from chalicelib.api.schemas.invoices import InvoicePage, InvoiceView, PayeeView
from chalicelib.domain.invoices import Invoice, Payee
from chalicelib.gateways.invoices.words import purpose_of
from chalicelib.usecases.ports import Page


def invoice_view(invoice: Invoice, *, now: datetime, language: Language) -> InvoiceView:
    """
    Show an invoice to whom it belongs.
    """
    return InvoiceView(
        reference=invoice.reference,
        printed=invoice.printed,
        amount=money(invoice.amount),
        account=_payee(invoice.payee),
        purpose=purpose_of(invoice=invoice, language=language.value),
        status=invoice.state_at(now),
        created_at=invoice.created_at,
        expires_at=invoice.expires_at,
        invoice=f"/v1/me/invoices/{invoice.reference}/pdf",
        booking=invoice.booking,
        received=money(invoice.received),
        received_at=invoice.received_at,
    )


def invoice_page(page: Page[Invoice], *, now: datetime, language: Language) -> InvoicePage:
    """
    Show invoices in a list.
    """
    return InvoicePage(items=[invoice_view(invoice, now=now, language=language) for invoice in page.items], next_cursor=page.next_cursor)


def _payee(payee: Payee) -> PayeeView:
    return PayeeView(
        name=payee.title,
        bin=payee.number,
        iik=payee.iik,
        bank=payee.bank,
        bic=payee.bic,
        kbe=payee.kbe,
        knp=payee.knp,
        sample=True if payee.sample else None,
    )
