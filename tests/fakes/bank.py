"""
One full sample of everything the store keeps of the bank; each can be varied by its fields.
"""

from datetime import datetime, timedelta, timezone

from chalicelib.domain.invoices import Invoice, Payee
from chalicelib.domain.references import reference_of

NOW = datetime(2026, 12, 1, 9, 30, 0, 123456, timezone(timedelta(hours=5)))
IIK = "KZ09000SAMPLE0000000"


def payee(**changes):
    """
    The registrar's account.
    """
    fields = {"title": "ТОО «Оператор очереди»", "number": "150340012340", "iik": IIK, "bank": "АО «Банк»", "bic": "SMPLKZ00"}
    return Payee(**{**fields, "kbe": "16", "knp": "859", **changes})


def invoice(**changes):
    """
    An invoice for a booking, nobody has paid it.
    """
    fields = {"reference": reference_of(123456789012), "account": "acc_1", "amount": 9_082_500, "payee": payee(), "created_at": NOW}
    return Invoice(**{**fields, "expires_at": NOW + timedelta(days=10), "version": 1, "booking": "bk_1", **changes})


def everything():
    """
    One of each.
    """
    return [invoice(received=5, received_at=NOW)]
