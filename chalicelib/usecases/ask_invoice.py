"""
A user asks for an invoice to pay by bank transfer (§23): a sum of his choice, or what a booking of his still needs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chalicelib.domain.bookings import BEFORE_PAYMENT, Booking
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.fees import Tariff
from chalicelib.domain.invoices import Invoice, Payee
from chalicelib.domain.places import Pool
from chalicelib.domain.references import DIGITS, reference_of
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Invoices, KeyedHash, Ledger, Requests, StoreBusyError, Write

MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class AskInvoice:
    """
    `POST /v1/me/wallet/top-ups` by bank transfer, and `POST /v1/bookings/{id}/invoice`. `payee` gives none where nobody said whom to pay.

    The reference comes from the request's key: whoever asks again gets the same one.
    """

    committer: Committer
    bookings: Bookings
    invoices: Invoices
    ledger: Ledger
    requests: Requests
    clock: Clock
    keyed: KeyedHash
    rules_on: Callable[[datetime], Rules]
    tariff_on: Callable[[date], Tariff | None]
    payee: Callable[[], Payee | None]

    def __call__(self, *, account: str, amount: int, request: IdempotentRequest) -> Outcome:
        """
        Ask for an invoice over `amount` tiyn: 201 with its reference. Raises `StoreBusyError`.
        """
        return self._until_written(account, request, lambda _: amount, booking=None)

    def for_booking(self, *, account: str, booking: str, request: IdempotentRequest) -> Outcome:
        """
        Ask for what a booking needs beside what the wallet has. Raises `StoreBusyError`.
        """
        return self._until_written(account, request, lambda now: self._needed(account, booking, now), booking=booking)

    def _until_written(
        self, account: str, request: IdempotentRequest, sum_: Callable[[datetime], int | Refused | Missing], *, booking: str | None
    ) -> Outcome:
        for tried in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            amount = sum_(now)
            if not isinstance(amount, int):
                return amount
            payee = self.payee()
            if payee is None:
                return Refused.because(Code.PAYEE_UNKNOWN, "23")
            number = int(self.keyed.of(f"invoice {tried} {request.key} {request.body_hash}"), 16) % 10**DIGITS
            expires_at = now + self.rules_on(now).invoice_validity
            invoice = Invoice(reference_of(number), account, amount, payee, now, expires_at, version=1, booking=booking)
            record = request.record(status=201, resource=invoice.reference, answer={}, at=now)
            if isinstance(self.committer.commit(Write(invoice), Write(record)), Committed):
                return Done(201, invoice.reference)
        raise StoreBusyError("invoice")

    def _needed(self, account: str, booking: str, now: datetime) -> int | Refused | Missing:
        seen = self.bookings.get(booking)
        if seen is None or seen.account != account:
            return Missing()
        status = seen.status_at(now, self.rules_on(now))
        if status not in BEFORE_PAYMENT:
            return Refused.because(Code.NOT_HELD, "23", status=status.value)
        total = self._total(seen, now)
        if total is None:
            return Refused.because(Code.FEE_UNKNOWN, "25")
        missing = total - self.ledger.wallet(account).available
        return missing if missing > 0 else Refused.because(Code.NOTHING_TO_PAY, "23")

    def _total(self, booking: Booking, now: datetime) -> int | None:
        if booking.due is not None:
            return booking.due.fee + booking.due.deposit
        tariff = self.tariff_on(self.rules_on(now).today(now))
        return None if tariff is None else tariff.fee(booking.class_, Pool.PRIMARY) + tariff.deposit
