"""
An attempt that is written becomes an intent at the provider, for a customer that the provider knows by our pseudonymous id only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain.payment_links import BY_LINK
from chalicelib.domain.payments import PaymentAttempt, PaymentIntent, ProviderRefusedError
from chalicelib.domain.provider import Payer
from chalicelib.usecases.ports import Clock, Committed, Committer, Payers, PaymentProvider, StoreBusyError, Write

MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """
    Whatever is asked of the provider is written before under an id of our own: first the payer, then (by the caller) the attempt.
    Whoever pays by a link is not the account's holder, and nobody's customer.
    """

    committer: Committer
    payers: Payers
    provider: Callable[[], PaymentProvider]
    clock: Clock

    def __call__(self, attempt: PaymentAttempt) -> PaymentIntent:
        """
        Open the attempt's intent, or find the one it has. Raises `StoreBusyError` and the provider's errors.
        """
        try:
            return self._open(attempt, self._customer(attempt.account) if attempt.purpose != BY_LINK else None)
        except ProviderRefusedError as refusal:
            if refusal.param != "customer":
                raise
        # deleted at the provider by somebody: a payment needs no customer, and nobody is kept from paying
        return self._open(attempt, None)

    def _open(self, attempt: PaymentAttempt, customer: str | None) -> PaymentIntent:
        return self.provider().open_intent(
            attempt=attempt.id,
            amount=attempt.amount,
            purpose=attempt.purpose,
            account=attempt.account,
            booking=attempt.booking,
            customer=customer,
        )

    def _customer(self, account: str) -> str:
        for _ in range(MOST_TRIES):
            payer = self.payers.payer(account)
            if payer is None:
                self.committer.commit(Write(Payer(account, self.clock.now(), version=1)))
                continue
            if payer.customer is not None:
                return payer.customer
            customer = self.provider().save_customer(attempt=payer.attempt, account=account)
            # where a rival was faster he has saved the same one: the provider makes one for one id
            saved = replace(payer, customer=customer, version=payer.version + 1)
            if isinstance(self.committer.commit(Write(saved, payer.version)), Committed):
                return customer
        raise StoreBusyError("payer")
