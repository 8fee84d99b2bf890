"""
The user's own account: profile, agreement, wallet (§15, §23).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.holders import NUMBERS
from chalicelib.domain.money import Posting, Wallet
from chalicelib.domain.records import Account
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import (
    Accounts,
    Clock,
    Committed,
    Committer,
    Ledger,
    Page,
    PersonalDataStore,
    PersonalDataUnavailableError,
    PersonRecord,
    StoreBusyError,
    Write,
)

MOST_TRIES = 5
PERSONAL = frozenset({"name", "names", "email", "phone", "iin", "bin"})


@dataclass(frozen=True, slots=True)
class Profile:
    """
    An account and its personal fields; none where the personal data store is away.
    """

    account: Account
    fields: Mapping[str, Any] | None
    wallet: Wallet


@dataclass(frozen=True, slots=True)
class KeepProfile:
    """
    `GET/PATCH /v1/me`, `POST /v1/me/agreement`, the wallet's reads.
    """

    committer: Committer
    accounts: Accounts
    people: PersonalDataStore
    ledger: Ledger
    clock: Clock
    agreement_version: Callable[[], str]

    def read(self, *, account: str) -> Profile | Missing:
        """
        Give the account as its holder sees it.
        """
        found = self.accounts.account(account)
        if found is None:
            return Missing()
        try:
            known = self.people.get_many([id_ for id_ in (found.person, found.identity) if id_], purpose="own_profile")
            fields = dict(known[found.person].fields) if found.person in known else {}
            proof = known[found.identity].fields if found.identity and found.identity in known else {}
            fields |= {name: proof[name] for name in NUMBERS if proof.get(name)}
        except PersonalDataUnavailableError:
            fields = None
        return Profile(found, fields, self.ledger.wallet(account))

    def change(self, *, account: str, changes: Mapping[str, Any]) -> Profile | Missing:
        """
        Change language, channels, kind, residency, name or e-mail; what is personal goes to its store only, none there is forgotten. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            seen = self.accounts.account(account)
            if seen is None:
                return Missing()
            own = _own(changes)
            personal = {name: value for name, value in changes.items() if name in PERSONAL}
            if personal:
                record = self.people.get_many([seen.person], purpose="own_profile").get(seen.person)
                fields = {**(record.fields if record else {}), **personal}
                known = {name: value for name, value in fields.items() if value is not None}
                self.people.put([PersonRecord(seen.person, "account", known)])
            if not own or self._write(replace(seen, **own), seen):
                return self.read(account=account)
        raise StoreBusyError("account")

    def agree(self, *, account: str, version: str) -> Account | Refused | Missing:
        """
        Sign the user agreement in force (§3, §15); another version is refused. Raises `StoreBusyError`.
        """
        if version != self.agreement_version():
            return Refused.because(Code.AGREEMENT_OUTDATED, "15", version=self.agreement_version())
        for _ in range(MOST_TRIES):
            seen = self.accounts.account(account)
            if seen is None:
                return Missing()
            if seen.agreement_version == version:
                return seen
            after = replace(seen, agreement_version=version, agreed_at=self.clock.now())
            if self._write(after, seen):
                return replace(after, version=seen.version + 1)
        raise StoreBusyError("account")

    def entries(self, *, account: str, limit: int, cursor: str | None) -> Page[Posting]:
        """
        List the ledger lines behind the wallet's figures, newest first.
        """
        return self.ledger.postings(account, limit=limit, cursor=cursor)

    def _write(self, after: Account, seen: Account) -> bool:
        return isinstance(self.committer.commit(Write(replace(after, version=seen.version + 1), seen.version)), Committed)


def _own(changes: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in changes.items() if name not in PERSONAL}
    if "channels" in own:
        own["channels"] = tuple(dict.fromkeys(own["channels"]))
    # whoever has said once what he reads is written to in it, whatever a browser asks for
    return own | {"language_chosen": True} if "language" in own else own
