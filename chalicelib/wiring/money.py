"""
Refunds to cards with their ports (§28, D30).
"""

from chalicelib.usecases.draw_statement import DrawStatement
from chalicelib.usecases.refund_wallet import RefundWallet
from chalicelib.usecases.settle_refund import SettleRefund
from chalicelib.wiring.outside import once, parts, payments


@once
def refund_wallet() -> RefundWallet:
    """
    §28.
    """
    return RefundWallet(**parts("committer", "accounts", "ledger", "refunds", "requests", "clock", "chance", "rules_on"))


@once
def settle_refund() -> SettleRefund:
    """
    §28.
    """
    return SettleRefund(**parts("committer", "accounts", "ledger", "refunds", "clock", "rules_on"), provider=payments)


@once
def draw_statement() -> DrawStatement:
    """
    §23: account statements.
    """
    return DrawStatement(**parts("ledger", "bookings", "clock", "rules_on"))
