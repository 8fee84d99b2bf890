"""
Invoices for bank transfers (§23): what is to come, to whose account, and the reference by which it is known when it comes.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.references import printed


@dataclass(frozen=True, slots=True)
class Payee:
    """
    The registrar's account as a payment order names it: `title` of the organization, its `number` (БИН), its account `iik` at the bank
    `bank` with code `bic`, the beneficiary's code `kbe` and the code `knp` of what is paid for. `sample`: nobody is paid by it.
    """

    title: str
    number: str
    iik: str
    bank: str
    bic: str
    kbe: str
    knp: str
    sample: bool = False


class InvoiceState(StrEnum):
    """
    What an invoice looks like at a moment; money that comes after its time is welcome too.
    """

    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Invoice:
    """
    One sum, in tiyn, awaited by transfer for an account's wallet, with the payee as it stood when asked for.

    `booking`: what the user means to pay with it. `received`: what has come under its reference so far, whatever was asked.
    """

    reference: str
    account: str
    amount: int
    payee: Payee
    created_at: datetime
    expires_at: datetime
    version: int
    booking: str | None = None
    received: int = 0
    received_at: datetime | None = None

    @property
    def printed(self) -> str:
        """
        Give the reference as it is printed: `RF47 1234 5678 9012`.
        """
        return printed(self.reference)

    def state_at(self, now: datetime) -> InvoiceState:
        """
        Tell what has become of it.
        """
        if self.received >= self.amount:
            return InvoiceState.PAID
        if self.received:
            return InvoiceState.PART_PAID
        return InvoiceState.EXPIRED if self.expires_at <= now else InvoiceState.OPEN

    def after_receipt(self, amount: int, at: datetime) -> "Invoice":
        """
        Count what has come under its reference.
        """
        return replace(self, received=self.received + amount, received_at=at, version=self.version + 1)
