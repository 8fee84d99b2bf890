"""
Money is a whole number of tiyn; every movement is one posting whose legs sum to zero (D30).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

CURRENCY = "KZT"
SYSTEM_WALLET: Final = "system"
"""The wallet under which postings lie that are nobody's and that the bank's books are compared with: remittances, payouts, lines unexplained."""
PROVIDER_WALLET: Final = "provider"
"""The wallet under which lies what the provider keeps: one posting a card payment, thousands a day."""
NOWHERE: Final = "-"
"""What a day's postings of no checkpoint are asked for by."""


class LedgerAccount(StrEnum):
    """
    The accounts of D30. Wallet accounts belong to the posting's wallet; the rest are the system's.

    Two beside them: what the bank shows and nobody has explained yet, and the registrar's own money at the bank (his advances, its charges).
    """

    PROVIDER = "provider"
    BANK = "bank"
    BANK_UNMATCHED = "bank_unmatched"
    PAYOUTS_IN_TRANSIT = "payouts_in_transit"
    REFUNDS_IN_TRANSIT = "refunds_in_transit"
    WALLET_AVAILABLE = "wallet_available"
    WALLET_HELD = "wallet_held"
    USER_DEBT = "user_debt"
    FEE_REVENUE = "fee_revenue"
    FORFEITS = "forfeits"
    BUDGET_PAID = "budget_paid"
    PROVIDER_CHARGES = "provider_charges"
    DISPUTE_LOSSES = "dispute_losses"
    OWN_FUNDS = "own_funds"


@dataclass(frozen=True, slots=True)
class Leg:
    """
    A change of one account in tiyn. What the registrar owes or earned grows by plus, what it is owed or owns grows by minus.
    """

    account: LedgerAccount
    amount: int


class UnbalancedPostingError(ValueError):
    """
    A posting's legs do not sum to zero.
    """


@dataclass(frozen=True, slots=True)
class Posting:
    """
    One immutable movement with all its legs. `id` is made by the caller, so that a repeated one is refused by its key.
    """

    id: str
    wallet: str
    kind: str
    at: datetime
    day: date
    legs: tuple[Leg, ...]
    checkpoint: str | None = None
    booking: str | None = None
    place_class: str | None = None
    reference: str | None = None

    def __post_init__(self) -> None:
        if sum(leg.amount for leg in self.legs) != 0 or not self.legs:
            raise UnbalancedPostingError(self.id)

    def change_of(self, account: LedgerAccount) -> int:
        """
        Sum the legs of one account.
        """
        return sum(leg.amount for leg in self.legs if leg.account is account)


class InsufficientFundsError(ValueError):
    """
    A posting would take a wallet below zero.
    """


@dataclass(frozen=True, slots=True)
class Wallet:
    """
    An account's balances in tiyn; changed only together with the postings that explain them.
    """

    account: str
    available: int = 0
    held: int = 0
    debt: int = 0
    version: int = 0
    debt_since: datetime | None = None

    def after(self, postings: Iterable[Posting]) -> "Wallet":
        """
        Apply postings; a balance below zero raises `InsufficientFundsError`.
        """
        available, held, debt, since = self.available, self.held, self.debt, self.debt_since
        for posting in postings:
            available += posting.change_of(LedgerAccount.WALLET_AVAILABLE)
            held += posting.change_of(LedgerAccount.WALLET_HELD)
            debt -= posting.change_of(LedgerAccount.USER_DEBT)
            since = (since or posting.at) if debt else None
        if min(available, held, debt) < 0:
            raise InsufficientFundsError(self.account)
        return replace(self, available=available, held=held, debt=debt, debt_since=since, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Due:
    """
    What a held booking costs, in tiyn: the card pays `to_pay`, the wallet `from_wallet`, together fee and deposit.
    """

    fee: int
    deposit: int
    from_wallet: int
    to_pay: int

    @classmethod
    def reckon(cls, *, fee: int, deposit: int, available: int, least_card_payment: int) -> "Due":
        """
        Take from the wallet what it has, leave the rest to pay: nothing, or at least what a card payment must be.
        """
        total = fee + deposit
        missing = max(0, total - available)
        to_pay = min(total, max(missing, least_card_payment)) if missing else 0
        return cls(fee=fee, deposit=deposit, from_wallet=total - to_pay, to_pay=to_pay)


class DepositState(StrEnum):
    """
    Where a booking's guarantee deposit is (§28): exactly one of these.
    """

    NONE = "none"
    HELD = "held"
    RELEASED = "released"
    FORGIVEN = "forgiven"
    FORFEITED = "forfeited"


def debt_payment(wallet: Wallet, *, after: Posting) -> Posting | None:
    """
    Pay a debt out of what a posting has made available: whatever comes in pays the debt first (§27, D28).
    """
    amount = min(wallet.available, wallet.debt)
    legs = transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.USER_DEBT, amount)
    if not legs:
        return None
    return Posting(
        id=f"debt:{after.id}", wallet=wallet.account, kind="debt_paid", at=after.at, day=after.day, legs=legs, booking=after.booking
    )


def transfer(source: LedgerAccount, target: LedgerAccount, amount: int) -> tuple[Leg, ...]:
    """
    Move an amount between two accounts; zero moves nothing.
    """
    return (Leg(source, -amount), Leg(target, amount)) if amount else ()
