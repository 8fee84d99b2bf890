"""
The wallet's way back as the office does it: refunds, what becomes of them, and short words for both.
"""
# ruff: noqa: D102  - each property is the use case of its name

from datetime import date
from functools import cached_property

from chalicelib.domain.payments import PaymentEvent, PaymentEventKind
from chalicelib.domain.records import Task
from chalicelib.usecases.heal_payments import HealPayments
from chalicelib.usecases.open_intent import OpenIntent
from chalicelib.usecases.reconcile_provider import ReconcileProvider
from chalicelib.usecases.refund_wallet import RefundWallet
from chalicelib.usecases.settle_refund import SettleRefund
from tests import factories
from tests.fakes.bank_desk import MOST
from tests.fakes.samples import NOW

FIRST_DAY = date(2026, 11, 30)


class Purse:
    """
    Mixed into the office, whose store, clock and provider it uses.
    """

    @cached_property
    def open_intent(self):
        return OpenIntent(**self._parts("committer", "payers", "clock"), provider=lambda: self.provider)

    @cached_property
    def heal(self):
        parts = self._parts("committer", "ledger", "refunds", "bookmarks", "clock")
        return HealPayments(**parts, receive=self.receive, settle=self.refunding, provider=lambda: self.provider)

    @cached_property
    def reconcile(self):
        parts = self._parts("committer", "ledger", "refunds", "bookmarks", "differences", "clock", "rules_on")
        return ReconcileProvider(**parts, provider=lambda: self.provider, first_day=lambda: FIRST_DAY)

    @cached_property
    def refund(self):
        names = ("committer", "accounts", "ledger", "refunds", "requests", "clock", "chance", "rules_on")
        return RefundWallet(**self._parts(*names))

    @cached_property
    def refunding(self):
        parts = self._parts("committer", "accounts", "ledger", "refunds", "clock", "rules_on")
        return SettleRefund(**parts, provider=lambda: self.provider)

    def topped_up(self, amount, *, account="acc_1", key="top"):
        """
        Put money on a wallet by card: the attempt.
        """
        self.clock.advance(seconds=1)
        attempt = self.top_up(account=account, amount=amount, request=factories.request(key)).answer["attempt"]
        self.receive(event=self.provider.succeeded(attempt))
        return attempt

    def refunded(self, amount, *, account="acc_1", key="refund"):
        """
        Take money back: the outcome.
        """
        return self.refund(account=account, amount=amount, request=factories.request(key))

    def send_refunds(self):
        """
        Ask the provider about every refund that waits in the outbox.
        """
        rows = [row for shard in range(8) for row in self.store.outbox.pending(shard=shard, until=self.clock.now(), limit=MOST)]
        for row in rows:
            if row.task is Task.REFUND:
                self.refunding.send(refund=row.payload["refund"])

    def told_of_refund(self, refund, *, failed=False):
        """
        Let the provider tell what became of a refund.
        """
        found = self.store.refunds.refund(refund)
        kind = PaymentEventKind.REFUND_FAILED if failed else PaymentEventKind.REFUNDED
        event = PaymentEvent(
            f"evt_{refund}_{kind}", kind, found.intent, refund, found.amount, "KZT", NOW, livemode=False, charge=None, refund=f"re_{refund}"
        )
        return self.receive(event=event)
