"""
A store and a card provider that do not always do what they are asked to.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.payments import ProviderRefusedError
from chalicelib.usecases.ports import Conflict, StoreBusyError
from tests.fakes.card_house import CardHouse

STRIKES = ("before", "after", "conflict")


class Unsteady:
    """
    A store whose next commit may be refused, or done and its answer lost.
    """

    def __init__(self, store):
        self.store = store
        self.strike = None

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, *writes):
        strike, self.strike = self.strike, None
        if strike == "before":
            raise StoreBusyError("struck before")
        if strike == "conflict":
            return Conflict(frozenset({"Wallet"}))
        done = self.store.commit(*writes)
        if strike == "after":
            raise StoreBusyError("struck after")
        return done


class Bank(CardHouse):
    """
    A card provider that refuses refunds of disputed payments, as a real one does.
    """

    def __init__(self):
        super().__init__()
        self.disputed = set()

    def refund(self, *, attempt, intent, amount):
        if intent in self.disputed:
            raise ProviderRefusedError(code="charge_disputed")
        return super().refund(attempt=attempt, intent=intent, amount=amount)
