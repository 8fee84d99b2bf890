"""
What is asked of the payment provider unasked, with its ports (§26, D30).
"""

from chalicelib import observability
from chalicelib.usecases.heal_payments import Healed, HealPayments
from chalicelib.wiring.money import settle_refund
from chalicelib.wiring.outside import once, parts, payments
from chalicelib.wiring.users import receive_payment


@once
def _healing() -> HealPayments:
    return HealPayments(
        **parts("committer", "ledger", "refunds", "bookmarks", "clock"),
        receive=receive_payment(),
        settle=settle_refund(),
        provider=lambda: payments(),  # noqa: PLW0108 - looked up at each call
    )


def heal_payments() -> Healed:
    """
    Make up for webhooks that did not come, and say whether the provider answered.
    """
    healed = _healing()()
    observability.metric("ProviderSilent", int(healed.silent))
    return healed
