"""
The books of the whole store added up anew from postings alone, and compared with everything that says what they come to (D29, D30).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from chalicelib.domain.bank_lines import BankLine, LineState
from chalicelib.domain.bank_postings import KINDS
from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.money import DepositState, LedgerAccount, Posting, Wallet
from chalicelib.domain.settlements import CARRIED, REMITTANCE, Balance, DayBook, Settlement, SettlementRow

OF_WALLETS: Final = (LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD, LedgerAccount.USER_DEBT)
BRINGS: Final = frozenset({"card_payment", "top_up"})
GIVES_BACK: Final = frozenset({"refund", "refund_failed"})
"""Kinds of postings that bring a card's money, and that send it back or bring it home again."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """
    Two things that should be one: `what` they are (`wallet`, `deposit`, …), whose, what the postings come to and what is kept beside them.
    """

    what: str
    whose: str
    booked: str
    kept: str


@dataclass(frozen=True, slots=True)
class Sums:
    """
    What a wallet's or a booking's postings come to, in tiyn.
    """

    available: int = 0
    held: int = 0
    debt: int = 0
    forfeits: int = 0

    def plus(self, posting: Posting) -> "Sums":
        """
        Add a posting.
        """
        return Sums(
            self.available + posting.change_of(LedgerAccount.WALLET_AVAILABLE),
            self.held + posting.change_of(LedgerAccount.WALLET_HELD),
            self.debt - posting.change_of(LedgerAccount.USER_DEBT),
            self.forfeits + posting.change_of(LedgerAccount.FORFEITS),
        )


NOTHING: Final = Sums()


@dataclass(slots=True)
class Books:
    """
    All postings added up one by one: by account, wallet, booking, card payment and day. Takes as much room as there are of these, not of postings.
    """

    region_of: Callable[[str], str]
    postings: int = 0
    accounts: Counter[str] = field(default_factory=Counter)
    wallets: defaultdict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    bookings: defaultdict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    paid: Counter[tuple[str, str]] = field(default_factory=Counter)
    given_back: Counter[tuple[str, str]] = field(default_factory=Counter)
    transferred: Counter[str] = field(default_factory=Counter)
    days: dict[date, DayBook] = field(default_factory=dict)
    remittances: dict[str, int] = field(default_factory=dict)
    stray: list[Difference] = field(default_factory=list)

    def take(self, posting: Posting) -> None:
        """
        Add a posting.
        """
        self.postings += 1
        for leg in posting.legs:
            self.accounts[leg.account.value] += leg.amount
        self.wallets[posting.wallet] = self.wallets[posting.wallet].plus(posting)
        if posting.booking is not None:
            self.bookings[posting.booking] = self.bookings[posting.booking].plus(posting)
        self._take_payment(posting)
        if posting.kind == REMITTANCE:
            self.remittances[posting.reference or ""] = posting.change_of(LedgerAccount.BUDGET_PAID)
        elif posting.checkpoint is None and any(posting.change_of(each) for each in (LedgerAccount.FEE_REVENUE, LedgerAccount.FORFEITS)):
            self.stray.append(Difference("revenue", posting.id, "no checkpoint", "belongs to no settlement"))
        book = self.days.get(posting.day)
        if book is None:
            book = self.days[posting.day] = DayBook(posting.day, region_of=self.region_of)
        book.take([posting])

    def _take_payment(self, posting: Posting) -> None:
        key = (posting.wallet, posting.reference or "")
        if posting.change_of(LedgerAccount.PROVIDER) < 0 and posting.kind in BRINGS:
            self.paid[key] -= posting.change_of(LedgerAccount.PROVIDER)
        elif posting.kind in GIVES_BACK:
            self.given_back[key] -= posting.change_of(LedgerAccount.WALLET_AVAILABLE)
        elif posting.kind == KINDS[LineState.CREDITED]:
            self.transferred[posting.reference or ""] += posting.change_of(LedgerAccount.WALLET_AVAILABLE)

    def of_wallet(self, wallet: Wallet) -> Iterator[Difference]:
        """
        Compare a wallet with its postings; none of its balances may be below zero.
        """
        booked = self.wallets.get(wallet.account, NOTHING)
        sums, kept = (booked.available, booked.held, booked.debt), (wallet.available, wallet.held, wallet.debt)
        if sums != kept:
            yield Difference("wallet", wallet.account, str(sums), str(kept))
        if min(*sums, *kept) < 0:
            yield Difference("below zero", wallet.account, str(sums), str(kept))

    def without_wallet(self, known: Iterable[str]) -> Iterator[Wallet]:
        """
        Name accounts whose money only postings know of, as the empty wallets they are said to have.
        """
        for account in sorted(set(self.wallets) - set(known)):
            booked = self.wallets[account]
            if (booked.available, booked.held, booked.debt) != (0, 0, 0):
                yield Wallet(account)

    def of_booking(self, booking: Booking) -> Iterator[Difference]:
        """
        Compare where a booking's deposit is said to be with where its postings have put it: in exactly one place (§28).
        """
        booked = self.bookings.get(booking.id, NOTHING)
        held, forfeits = due_of(booking)
        if (booked.held, booked.forfeits) != (held, forfeits):
            kept = f"{booking.status.value}, {booking.deposit.value}: {(held, forfeits)}"
            yield Difference("deposit", booking.id, str((booked.held, booked.forfeits)), kept)

    def of_payments(self) -> Iterator[Difference]:
        """
        Name card payments of which more was given back than they brought.
        """
        for wallet, intent in sorted(self.given_back):
            if self.given_back[wallet, intent] > self.paid[wallet, intent]:
                found = self.given_back[wallet, intent], self.paid[wallet, intent]
                yield Difference("refunds", intent or wallet, f"given back {found[0]}", f"paid {found[1]}")

    def of_days(self, settlements: Mapping[date, Settlement], balances: Mapping[date, Balance]) -> Iterator[Difference]:
        """
        Compare every settlement with the ledger's movements of its day, with what was carried over to it and with its remittance.
        """
        before: Balance | None = None
        for day in sorted(settlements):
            settlement, book = settlements[day], self.days.get(day) or DayBook(day, region_of=self.region_of)
            own = tuple(row for row in settlement.rows if row.checkpoint != CARRIED)
            carried = tuple(row for row in settlement.rows if row.checkpoint == CARRIED)
            earlier = settlements.get(date.fromordinal(day.toordinal() - 1))
            yield from _differ("settlement", day, _told(book.rows), _told(own))
            yield from _differ("carried over", day, _told(earlier.carried_over if earlier else ()), _told(carried))
            yield from _differ("remittance", day, self.remittances.get(str(day), 0), settlement.due)
            balance = balances.get(day)
            if balance is None:
                yield Difference("balance", str(day), "closed", "none")
                continue
            wanted = book.balance(before)
            yield from _differ("balance", day, (wanted.moved, wanted.totals), (dict(balance.moved), dict(balance.totals)))
            before = balance
        for stray in sorted(set(self.remittances) - {str(day) for day in settlements}):
            yield Difference("remittance", stray, str(self.remittances[stray]), "no settlement")

    def of_revenue(self, settlements: Mapping[date, Settlement]) -> Iterator[Difference]:
        """
        Compare what the revenue accounts hold with what was not remitted yet: days not closed, and what is carried over.
        """
        held = self.accounts[LedgerAccount.FEE_REVENUE] + self.accounts[LedgerAccount.FORFEITS]
        unsettled = sum(row.total for day, book in self.days.items() if day not in settlements for row in book.rows)
        rest = settlements[max(settlements)].carried_over if settlements else ()
        yield from _differ("revenue", "all accounts", held, unsettled + sum(row.total for row in rest))

    def of_bank(self, lines: Iterable[BankLine], invoices: Iterable[Invoice]) -> Iterator[Difference]:
        """
        Compare the bank's account with the lines that its statements tell of, each once, and every invoice with what came under it (§23).
        """
        told = sum(line.moved for line in lines if line.posted)
        yield from _differ("bank", "all lines", -self.accounts[LedgerAccount.BANK], told)
        for invoice in invoices:
            yield from _differ("invoice", invoice.reference, self.transferred[invoice.reference], invoice.received)

    def of_accounts(self) -> Iterator[Difference]:
        """
        All accounts together are zero.
        """
        yield from _differ("ledger", "all accounts", sum(self.accounts.values()), 0)


def due_of(booking: Booking) -> tuple[int, int]:
    """
    Say what a booking's postings must have put on hold and into forfeits, in tiyn.
    """
    if booking.due is None:
        return 0, 0
    match booking.deposit:
        case DepositState.HELD:
            return booking.due.deposit, 0
        case DepositState.FORFEITED:
            return 0, booking.due.deposit
        case DepositState.NONE if booking.status is Status.HELD and booking.attempt is not None:
            return booking.due.from_wallet, 0
        case _:
            return 0, 0


def _differ(what: str, whose: object, booked: object, kept: object) -> Iterator[Difference]:
    if booked != kept:
        yield Difference(what, str(whose), str(booked), str(kept))


def _told(rows: Iterable[SettlementRow]) -> Mapping[str, tuple[int, int, int, int]]:
    return {
        f"{row.checkpoint}/{row.place_class}/{row.region}": (row.fees, row.fee_count, row.forfeits, row.forfeit_count)
        for row in sorted(rows, key=lambda row: (row.checkpoint, row.place_class, row.region))
    }
