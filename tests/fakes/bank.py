"""
One full sample of everything the store keeps of the bank; each can be varied by its fields.
"""

from datetime import date, datetime, timedelta, timezone

from chalicelib.domain.bank_lines import BankLine, Cause, LineState, PartRow, RowOutcome, Statement, StatementPart
from chalicelib.domain.invoices import Invoice, Payee
from chalicelib.domain.references import reference_of
from chalicelib.domain.statements import Direction, FileForm

NOW = datetime(2026, 12, 1, 9, 30, 0, 123456, timezone(timedelta(hours=5)))
IIK = "KZ09000SAMPLE0000000"
DAY = date(2026, 12, 3)


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


def row(number=1, **changes):
    """
    A statement's row: money of somebody unknown.
    """
    fields = {"direction": Direction.IN, "amount": 9_082_500, "day": DAY, "marks": ("17",), "person": f"per_{number}", "other": "ab"}
    return PartRow(**{"row": number, **fields, "references": (reference_of(5),), "hints": ("po_1234567",), **changes})


def line(number=1, **changes):
    """
    The line that such a row is.
    """
    fields = {"group": "bln_1", "iik": IIK, "day": DAY, "direction": Direction.IN, "amount": 9_082_500, "marks": ("17",)}
    fields |= {"form": FileForm.CAMT053, "person": f"per_{number}", "statement": "stm_1", "row": number, "state": LineState.UNMATCHED}
    return BankLine(**{**fields, "number": number, "received_at": NOW, "version": 1, "other": "ab", "cause": Cause.NO_REFERENCE, **changes})


def statement(**changes):
    """
    A statement of one line.
    """
    fields = {"id": f"stm_{'0' * 24}", "iik": IIK, "form": FileForm.CAMT053, "first_day": DAY, "last_day": DAY, "opening": 0, "closing": 5}
    return Statement(
        **{**fields, "lines": 1, "parts": 1, "sha256": "ab", "uploaded_at": NOW, "uploaded_by": "acc_fin", "request": "ab", **changes}
    )


def everything():
    """
    One of each.
    """
    return [
        invoice(received=5, received_at=NOW),
        statement(),
        StatementPart("stm_1", 0, (row(),), (RowOutcome(1, "bln_1-1", known=False, state=LineState.UNMATCHED),)),
        line(decided_at=NOW, by="acc_fin", reason="x", account="acc_1", of="RF1"),
    ]
