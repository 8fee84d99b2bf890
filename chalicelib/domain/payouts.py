"""
The provider's payouts to the registrar's bank account, as the ledger sees them (D30).
"""

from datetime import datetime

from chalicelib.domain.money import SYSTEM_WALLET, LedgerAccount, Posting, transfer
from chalicelib.domain.rules import Rules


def payout_paid(*, payout: str, amount: int, at: datetime, rules: Rules) -> Posting:
    """
    Move a payout of `amount` tiyn on its way: it left the provider, the bank's statement will show it under the payout's id.

    `PAYOUTS_IN_TRANSIT` is the registrar's own money and grows by minus; the bank line that brings it takes it from there into `BANK`.
    """
    return _posting("payout_paid", payout, at, rules, source=LedgerAccount.PAYOUTS_IN_TRANSIT, target=LedgerAccount.PROVIDER, amount=amount)


def payout_failed(*, payout: str, amount: int, at: datetime, rules: Rules) -> Posting:
    """
    Bring a payout back that the bank did not take: it is at the provider again.
    """
    return _posting(
        "payout_failed", payout, at, rules, source=LedgerAccount.PROVIDER, target=LedgerAccount.PAYOUTS_IN_TRANSIT, amount=amount
    )


def payout_posting_id(kind: str, payout: str) -> str:
    """
    Name a payout's posting: one of a kind each, however often the provider tells of it.
    """
    return f"{kind}:{payout}"


def _posting(kind: str, payout: str, at: datetime, rules: Rules, *, source: LedgerAccount, target: LedgerAccount, amount: int) -> Posting:
    return Posting(
        id=payout_posting_id(kind, payout),
        wallet=SYSTEM_WALLET,
        kind=kind,
        at=at,
        day=rules.today(at),
        legs=transfer(source, target, amount),
        reference=payout,
    )
