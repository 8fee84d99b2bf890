"""
What a bank line moves in the ledger (D30): the bank's account follows every line, the other side is what the line is known to be.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chalicelib.domain.bank_lines import BankLine, LineState
from chalicelib.domain.money import SYSTEM_WALLET, LedgerAccount, Leg, Posting, transfer
from chalicelib.domain.rules import Rules
from chalicelib.domain.statements import Direction

OTHER_SIDES: Final[Mapping[LineState, LedgerAccount]] = {
    LineState.CREDITED: LedgerAccount.WALLET_AVAILABLE,
    LineState.PAYOUT: LedgerAccount.PAYOUTS_IN_TRANSIT,
    LineState.RETURNED: LedgerAccount.REFUNDS_IN_TRANSIT,
    LineState.SENT_BACK: LedgerAccount.REFUNDS_IN_TRANSIT,
    LineState.REMITTED: LedgerAccount.BUDGET_PAID,
    LineState.OWN: LedgerAccount.OWN_FUNDS,
    LineState.UNMATCHED: LedgerAccount.BANK_UNMATCHED,
}
"""What stands against the bank's account, by what a line is."""

KINDS: Final[Mapping[LineState, str]] = {LineState.CREDITED: "bank_transfer", LineState.PAYOUT: "payout_banked"}
"""Kinds of postings with names of their own; others are `bank_` and the state."""

ONCE: Final[Mapping[LineState, str]] = {LineState.PAYOUT: "payout_banked", LineState.REMITTED: "remitted"}
"""What is banked once, whatever lines tell of it."""


def arrival(line: BankLine, *, at: datetime, rules: Rules) -> Posting | None:
    """
    Post a line as it comes; one that may be told twice is not posted before somebody has looked.
    """
    return _posting(line, LedgerAccount.BANK, at=at, rules=rules) if line.posted else None


def decision(line: BankLine, *, before: BankLine, at: datetime, rules: Rules) -> Posting | None:
    """
    Post what a waiting line turned out to be; one dismissed as told twice moves nothing.
    """
    if not line.posted:
        return None
    return _posting(line, LedgerAccount.BANK_UNMATCHED if before.posted else LedgerAccount.BANK, at=at, rules=rules)


def once_id(state: LineState, of: str) -> str:
    """
    Name the posting of a payout or of an order to the budget, whichever line shows it.
    """
    return f"{ONCE[state]}:{of}"


def posting_id(line: BankLine) -> str:
    """
    Name a line's posting: one for its coming, one for what it turned out to be; a payout's and an order's for these, so that none is
    banked twice.
    """
    if line.state in ONCE:
        return once_id(line.state, str(line.of))
    return f"bank:{line.id}" if line.decided_at is None else f"bank_{line.state.value}:{line.id}"


def _posting(line: BankLine, bank: LedgerAccount, *, at: datetime, rules: Rules) -> Posting:
    other = OTHER_SIDES[line.state]
    legs: tuple[Leg, ...] = transfer(bank, other, line.amount) if line.direction is Direction.IN else transfer(other, bank, line.amount)
    return Posting(
        id=posting_id(line),
        wallet=line.account or SYSTEM_WALLET,
        kind=KINDS.get(line.state, f"bank_{line.state.value}"),
        at=at,
        day=rules.today(at),
        legs=legs,
        reference=line.of or line.id,
    )
