"""
What is asked of the payment provider unasked, with its ports (§26, D30).
"""

from chalicelib import observability
from chalicelib.usecases.heal_payments import Healed, HealPayments
from chalicelib.usecases.reconcile_provider import Reconciled, ReconcileProvider
from chalicelib.wiring.money import settle_refund
from chalicelib.wiring.outside import configuration, once, parts, payments
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


@once
def _reconciling() -> ReconcileProvider:
    return ReconcileProvider(
        **parts("committer", "ledger", "refunds", "bookmarks", "differences", "clock", "rules_on"),
        provider=lambda: payments(),  # noqa: PLW0108 - looked up at each call
        first_day=lambda: configuration().first_day,
    )


def reconcile_provider() -> Reconciled:
    """
    Compare the provider with the ledger, and count what was newly found to differ.
    """
    reconciled = _reconciling()()
    observability.metric("NewDifferences", reconciled.found)
    return reconciled
