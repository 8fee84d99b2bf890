"""
The store's stand-in for consents and identity sessions.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.consents import Consent
from chalicelib.domain.identity import IdentitySession
from tests.fakes.memory_reads import MemoryReads, page_of


class MemoryConsents(MemoryReads):
    """
    The port `Consents`.
    """

    def consent(self, account, consent):
        return self._shelves.get(Consent, (account, consent))

    def consents(self, account, consents):
        return list(self._by_key(Consent, [(account, consent) for consent in consents]).values())

    def of_account(self, account, *, limit, cursor):
        mine = [each for each in self._shelves.all(Consent) if each.account == account]
        return page_of(sorted(mine, key=lambda each: each.id, reverse=True), limit=limit, cursor=cursor)

    def session(self, session):
        return self._shelves.get(IdentitySession, session)

    def sessions(self, sessions):
        return list(self._by_key(IdentitySession, sessions).values())
