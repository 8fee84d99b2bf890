"""
An invoice for a bank transfer as a sheet of paper (§23): the reference, the sum, and all that a payment order asks for.
"""

from chalicelib.domain.invoices import Invoice
from chalicelib.gateways.invoices import sheet
from chalicelib.gateways.invoices.words import say


def draw_pdf(*, invoice: Invoice, payer: str | None, language: str) -> bytes:
    """
    Draw one A4 page, PDF. `payer` is who asked, in words, where that is known; `language` is `kk`, `ru` or `en`.

    The same invoice gives the same bytes. Raises `KeyError` for a language there are no words in.
    """
    return sheet.draw(words=say(invoice=invoice, payer=payer, language=language))
