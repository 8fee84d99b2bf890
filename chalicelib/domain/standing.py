"""
What an account may do while it is blocked for false data (§6-2, D22) or in debt (§27, D28): one table.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.blocks import standing_block
from chalicelib.domain.bookings import Suspension
from chalicelib.domain.decisions import Allowed, Code, Decision, Reason, Refused
from chalicelib.domain.money import Wallet
from chalicelib.domain.records import Account


class Deed(StrEnum):
    """
    What a user does with his account, his bookings and his money.
    """

    READ = "read"
    APPLY = "apply"
    TAKE_PLACE = "take_place"
    PAY = "pay"
    RESCHEDULE = "reschedule"
    CHANGE = "change"
    """Drivers, trailer or a mistyped plate: new data."""
    SAY_READY = "say_ready"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    """End a booking through no fault of his own, or take the other place he is offered (D21)."""
    TOP_UP = "top_up"
    TAKE_MONEY_OUT = "take_money_out"
    COMPLAIN = "complain"


class Hindrance(StrEnum):
    """
    What can stand against an account, in the words of the HTTP contract's `blocks`.
    """

    FALSE_DATA = "false_data"
    DEBT = "debt"


BOOKING: Final = frozenset({Deed.APPLY, Deed.TAKE_PLACE, Deed.PAY, Deed.RESCHEDULE})
CLOSED: Final[Mapping[Hindrance, frozenset[Deed]]] = MappingProxyType(
    {Hindrance.FALSE_DATA: BOOKING | {Deed.CHANGE}, Hindrance.DEBT: BOOKING}
)
"""What each hindrance closes; all else stays open: to read, cancel, complain, pay the debt, take free money out."""


def may_act(*, account: Account | None, wallet: Wallet, deed: Deed) -> Decision:
    """
    Test a deed against the account's block and debt, with every reason that stands against it: `ACCOUNT_BLOCKED §6-2`, `DEBT §27`.
    """
    reasons: list[Reason] = []
    block = standing_block(account.blocks) if account is not None else None
    if block is not None and deed in CLOSED[Hindrance.FALSE_DATA]:
        reasons.append(Reason(Code.ACCOUNT_BLOCKED, "6-2", {"since": block.since.isoformat(), "reason": block.reason}))
    if wallet.debt > 0 and deed in CLOSED[Hindrance.DEBT]:
        reasons.append(Reason(Code.DEBT, "27", {"debt": wallet.debt}))
    return Refused(tuple(reasons)) if reasons else Allowed()


def standing_still(suspension: Suspension) -> Refused:
    """
    Refuse what a suspended booking cannot do, with the ground it is suspended on (D22, D28).
    """
    code = Code.DEBT if suspension.reason == Hindrance.DEBT else Code.ACCOUNT_BLOCKED
    return Refused.because(code, suspension.rule, since=suspension.since.isoformat())
