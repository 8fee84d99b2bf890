"""
The provider's movements against the ledger's postings, both ways: what each should find at the other, and what differs (D30).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.money import PROVIDER_WALLET, LedgerAccount, Posting, transfer
from chalicelib.domain.rules import Rules


class MovementKind(StrEnum):
    """
    Why the registrar's balance at the provider changed.
    """

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    PAYOUT = "payout"
    PAYOUT_FAILED = "payout_failed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Movement:
    """
    One change of the balance at the provider: `amount` tiyn came (plus) or went (minus), and `fee` of it was kept.

    `source` is the provider's id of what moved it; `attempt` our own id of a payment or refund, where it carries one.
    """

    id: str
    kind: MovementKind
    amount: int
    fee: int
    currency: str
    at: datetime
    source: str
    intent: str | None = None
    charge: str | None = None
    attempt: str | None = None


class Cause(StrEnum):
    """
    What is wrong: the ledger does not know it, the provider or the bank does not, the sums differ, or it is not in tenge.
    """

    UNKNOWN_HERE = "unknown_here"
    UNKNOWN_THERE = "unknown_there"
    AMOUNT_DIFFERS = "amount_differs"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True)
class Difference:
    """
    Something that does not agree, from when it happened until it does: nothing is corrected by it, people are told.

    `subject` is the movement's or posting's id, `ours` and `theirs` are tiyn as the registrar's balance there changed.
    `wallet` and `posting` name what should be in the ledger, where that is known.
    """

    id: str
    side: str
    kind: str
    subject: str
    cause: Cause
    ours: int | None
    theirs: int | None
    since: datetime
    found_at: datetime
    version: int
    wallet: str | None = None
    posting: str | None = None
    reference: str | None = None
    cleared_at: datetime | None = None

    def cleared(self, at: datetime) -> "Difference":
        """
        Close it: both sides agree now.
        """
        return replace(self, cleared_at=at, version=self.version + 1)


PROVIDER: Final = "provider"
LEDGER: Final = "ledger"
BANK: Final = "bank"


def provider_change(posting: Posting) -> int:
    """
    Say by how much a posting changed the balance at the provider; what the registrar owns grows by minus.
    """
    return -posting.change_of(LedgerAccount.PROVIDER)


def unlike(movement: Movement, posting: Posting | None, *, currency: str) -> Cause | None:
    """
    Compare a movement with the posting that should tell of it.
    """
    if movement.currency != currency:
        return Cause.OTHER_CURRENCY
    if posting is None:
        return Cause.UNKNOWN_HERE
    return None if provider_change(posting) == movement.amount else Cause.AMOUNT_DIFFERS


def provider_fee(movement: Movement, *, at: datetime, rules: Rules) -> Posting | None:
    """
    Book what the provider kept of a movement: the registrar's own cost (D29).
    """
    legs = transfer(LedgerAccount.PROVIDER_CHARGES, LedgerAccount.PROVIDER, movement.fee)
    if not legs:
        return None
    return Posting(
        id=f"provider_fee:{movement.id}",
        wallet=PROVIDER_WALLET,
        kind="provider_fee",
        at=at,
        day=rules.today(at),
        legs=legs,
        reference=movement.source,
    )
