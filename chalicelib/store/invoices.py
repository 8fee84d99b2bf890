"""
Invoices by reference, and an account's own.
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.invoices import Invoice, Payee
from chalicelib.store.attributes import InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page


class InvoiceRow(Row):
    """
    One invoice.
    """

    reference = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    amount = NumberAttribute()
    payee = ValueAttribute(Payee)
    created_at = InstantAttribute()
    expires_at = InstantAttribute()
    booking = UnicodeAttribute(null=True)
    received = NumberAttribute()
    received_at = InstantAttribute(null=True)

    by_account = index(
        "by_account", {"account": UnicodeAttribute(hash_key=True), "created_at": InstantAttribute(range_key=True)}, keys_only=True
    )


INVOICE = Kind(Invoice, InvoiceRow, "invoices")


class StoredInvoices:
    """
    The port `Invoices`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def invoice(self, reference: str) -> Invoice | None:
        """
        Read one, consistently.
        """
        return self._reader.get(INVOICE, reference)

    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Invoice]:
        """
        List an account's invoices, newest first.
        """
        page = self._reader.page(INVOICE, account, index="by_account", limit=limit, cursor=cursor)
        return Page(self._reader.get_many(INVOICE, [row.reference for row in page.items]), page.next_cursor)
