"""
`make audit`: every wallet and every account rederived from the postings of the whole store, and compared with all that is kept beside them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from chalicelib.domain.auditing import Books, Difference
from chalicelib.domain.bank_lines import BankLine
from chalicelib.domain.bookings import Booking
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.money import Posting, Wallet
from chalicelib.domain.settlements import Balance, Settlement
from chalicelib.usecases.ports import Bookings, Ledger, Scans, UnreadableItem

T = TypeVar("T")
LOOKS: Final = 3
"""How often a difference is looked at again: on a running system, what was read first may have been changed by what was read later."""


@dataclass(frozen=True, slots=True)
class Report:
    """
    What was counted, what each account comes to (tiyn), and what differs.
    """

    counts: Mapping[str, int]
    accounts: Mapping[str, int]
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Audit:
    """
    Reads every table of money whole. What differs is read again by itself, consistently, before it is said to differ.
    """

    scans: Scans
    ledger: Ledger
    bookings: Bookings
    region_of: Callable[[str], str]

    def __call__(self) -> Report:
        """
        Add up everything and compare. Where whole days or payments differ all is read a second time: a day may have been closed meanwhile.
        """
        report, whole = self._read()
        if whole:
            known = {(each.what, each.whose) for each in whole}
            report, whole = self._read()
            whole = [each for each in whole if (each.what, each.whose) in known]
        return Report(report.counts, report.accounts, sorted({*report.differences, *whole}))

    def _read(self) -> tuple[Report, Sequence[Difference]]:
        books = Books(self.region_of)
        whole: list[Difference] = []
        wallets = {wallet.account: wallet for wallet in self._all(Wallet, whole)}
        settlements = {settlement.day: settlement for settlement in self._all(Settlement, whole)}
        balances = {balance.day: balance for balance in self._all(Balance, whole)}
        for posting in self._all(Posting, whole):
            books.take(posting)
        whole += [*books.stray, *books.of_accounts(), *books.of_payments()]
        whole += [*books.of_days(settlements, balances), *books.of_revenue(settlements)]
        lines, invoices = list(self._all(BankLine, whole)), list(self._all(Invoice, whole))
        whole += books.of_bank(lines, invoices)
        bookings = 0
        single: list[Difference] = []
        for booking in self._all(Booking, whole):
            bookings += 1
            if any(books.of_booking(booking)):
                single += self._again(booking.account, booking.id)
        for wallet in (*wallets.values(), *books.without_wallet(wallets)):
            if any(books.of_wallet(wallet)):
                single += self._again(wallet.account, None)
        counts = {"postings": books.postings, "wallets": len(wallets), "bookings": bookings, "settlements": len(settlements)}
        return Report(counts, dict(sorted(books.accounts.items())), single), whole

    def _all(self, type_: type[T], unread: list[Difference]) -> Iterator[T]:
        for found in self.scans.scan(type_):
            if isinstance(found, UnreadableItem):
                unread.append(Difference(found.kind, found.key, found.fault, "cannot be read"))
            else:
                yield found

    def _again(self, account: str, booking: str | None) -> Sequence[Difference]:
        found: Sequence[Difference] = ()
        for _ in range(LOOKS):
            before = self._seen(account, booking)
            books = Books(self.region_of)
            for posting in self.scans.postings_of(account):
                books.take(posting)
            wallet, there = before
            found = list(books.of_wallet(wallet) if booking is None else books.of_booking(there) if there else ())
            if not found or self._seen(account, booking) == before:
                return found
        return found

    def _seen(self, account: str, booking: str | None) -> tuple[Wallet, Any]:
        return self.ledger.wallet(account), self.bookings.get(booking) if booking else None
