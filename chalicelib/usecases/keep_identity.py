"""
Identity sessions of a user and of the drivers he names (§18.12).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain.consents import who
from chalicelib.domain.identity import IdentitySession, SessionStatus
from chalicelib.usecases.know_person import USER, KnowPerson
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import (
    Accounts,
    Chance,
    Clock,
    Committed,
    Committer,
    Consents,
    IdentityProvider,
    IdentityProviderSilentError,
    KeyedHash,
    StoreBusyError,
    Write,
)

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class KeepIdentity:
    """
    `POST /v1/me/identity-sessions`, `GET …/{id}`.
    """

    committer: Committer
    accounts: Accounts
    consents: Consents
    clock: Clock
    chance: Chance
    keyed: KeyedHash
    provider: Callable[[], IdentityProvider]
    know: KnowPerson

    def open(self, *, account: str, subject: str) -> IdentitySession | Missing:
        """
        Open a session for `user` or a person by IIN. Raises `IdentityProviderSilentError`, `StoreBusyError`.
        """
        person = self.know(account=account, subject=subject)
        if isinstance(person, Missing):
            return person
        id_ = self.chance.id("ids")
        by = next((name for name in ("iin", "bin", "phone") if person.fields.get(name)), "phone")
        url = self.provider().open(session=id_, keys={by: str(person.fields.get(by) or "")})
        named = self.keyed.of(who(person.fields))
        session = IdentitySession(id_, account, person.role, person.person, named, SessionStatus.PENDING, url, self.clock.now())
        for _ in range(MOST_TRIES):
            if isinstance(self.committer.commit(Write(session), *self._of_holder(session)), Committed):
                return session
        raise StoreBusyError("identity session")

    def read(self, *, account: str, session: str) -> IdentitySession | Missing:
        """
        Give a session as the provider knows it now; what it says is kept.
        """
        known = self.consents.session(session)
        if known is None or known.account != account:
            return Missing()
        if known.status is not SessionStatus.PENDING:
            return known
        try:
            after = known.turned(self.provider().status(session=session), self.clock.now())
        except IdentityProviderSilentError:
            return known
        if after is not known:
            self.committer.commit(Write(after, known.version))
        return after

    def belongs(self, *, account: str, session: str, iin: str | None) -> bool:
        """
        Tell whether a session is the account's own and of the person with that IIN.
        """
        known = self.consents.session(session)
        return known is not None and known.account == account and iin is not None and known.who == self.keyed.of(who({"iin": iin}))

    def _of_holder(self, session: IdentitySession) -> tuple[Write, ...]:
        """
        Let the account remember its holder's own session.
        """
        account = self.accounts.account(session.account) if session.subject == USER else None
        if account is None:
            return ()
        return (Write(replace(account, identity_session=session.id, version=account.version + 1), account.version),)
