"""
Postings made short, for tests of what they come to.
"""

from chalicelib.domain.money import LedgerAccount, Posting, transfer
from tests.fakes.samples import DAY, NOW


def posting(*legs, **changes):
    """
    A posting of some legs.
    """
    return Posting(**{"id": "p_1", "wallet": "acc_1", "kind": "k", "at": NOW, "day": DAY, "legs": legs, **changes})


def moved(source, target, amount, **changes):
    """
    A posting between two accounts.
    """
    return posting(*transfer(source, target, amount), **changes)


def fee(amount=100, *, checkpoint="a", **changes):
    """
    A fee earned at a checkpoint.
    """
    legs = (LedgerAccount.WALLET_AVAILABLE, LedgerAccount.FEE_REVENUE)
    return moved(*legs, amount, checkpoint=checkpoint, place_class="general", **changes)
