"""
One of everything that card payments keep.
"""

from datetime import UTC, datetime

from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.provider import Bookmark, Payer
from chalicelib.domain.reconciliation import PROVIDER, Cause, Difference
from chalicelib.domain.refunds import Refund, RefundState

AT = datetime(2026, 12, 1, 4, 30, 0, 123456, tzinfo=UTC)


def everything():
    """
    An open payment, its payer, how far news was read, and a refund on its way.
    """
    return [
        PaymentAttempt("pay_1", "acc_1", "booking", 9082500, AttemptState.OPEN, AT, 1, "bk_1", "pi_1", 400, AT),
        Payer("acc_1", AT, 1, "cus_1"),
        Bookmark("provider_events", AT, 1),
        Difference(
            "provider:txn_1", PROVIDER, "charge", "ch_1", Cause.AMOUNT_DIFFERS, 5, 6, AT, AT, 1, "acc_1", "charge:pay_1", "pi_1", AT
        ),
        Refund("ref_1", "acc_1", "pay_1", "pi_1", 400, RefundState.SENT, AT, 1, "re_1", AT),
    ]
