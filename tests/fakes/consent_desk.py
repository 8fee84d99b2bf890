"""
The use cases of consents and identity sessions in an office.
"""
# ruff: noqa: D102  - each property is the use case of its name

from functools import cached_property

from chalicelib.domain.consents import Text
from chalicelib.usecases.gather_proofs import GatherProofs
from chalicelib.usecases.keep_consents import KeepConsents
from chalicelib.usecases.keep_identity import KeepIdentity
from chalicelib.usecases.know_person import KnowPerson
from chalicelib.usecases.start_consents import StartConsents
from tests.fakes.rules import RULES

TEXT = Text("2026-01", "ab" * 32)


class ConsentDesk:
    """
    Use cases by name over an office's store and world.
    """

    def __init__(self, office):
        self._office = office
        self._know = KnowPerson(office.store.accounts, office.people, office.keyed, office.clock, lambda _: RULES)

    @cached_property
    def start(self):
        return StartConsents(self._office.store.consents, self._office.keyed, lambda: TEXT)

    @cached_property
    def proofs(self):
        return GatherProofs(self._office.store.consents, lambda: self._office.camera)

    @cached_property
    def keep(self):
        office = self._office
        return KeepConsents(
            committer=office.store,
            consents=office.store.consents,
            people=office.people,
            registers=lambda: office.registers,
            clock=office.clock,
            rules_on=lambda _: RULES,
            start=self.start,
            know=self._know,
        )

    @cached_property
    def identity(self):
        office = self._office
        return KeepIdentity(
            committer=office.store,
            accounts=office.store.accounts,
            consents=office.store.consents,
            clock=office.clock,
            chance=office.chance,
            keyed=office.keyed,
            provider=lambda: office.camera,
            know=self._know,
        )
