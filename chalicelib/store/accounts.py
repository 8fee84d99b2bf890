"""
Who signs in: accounts, codes, sessions, quotas. A person has one account: a lookup row, written with it, says so.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pynamodb.attributes import BooleanAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute

from chalicelib.domain.blocks import Block
from chalicelib.domain.records import Account, Challenge, Quota, Session
from chalicelib.store.attributes import InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row


class AccountRow(Row):
    """
    One account.
    """

    id = UnicodeAttribute(hash_key=True)
    person = UnicodeAttribute()
    created_at = InstantAttribute()
    language = UnicodeAttribute()
    kind = UnicodeAttribute()
    resident = BooleanAttribute()
    roles = ValueAttribute(tuple[str, ...])
    checkpoints = ValueAttribute(tuple[str, ...])
    agreement_version = UnicodeAttribute(null=True)
    agreed_at = InstantAttribute(null=True)
    language_chosen = BooleanAttribute()
    channels = ValueAttribute(tuple[str, ...])
    head = BooleanAttribute()
    blocks = ValueAttribute(tuple[Block, ...])
    headship = UnicodeAttribute(null=True)

    by_headship = index("heads", {"headship": UnicodeAttribute(hash_key=True)}, keys_only=True)
    identity = UnicodeAttribute(null=True)
    identity_session = UnicodeAttribute(null=True)


class AccountOfPersonRow(Row):
    """
    Which account a person has.
    """

    person = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()


class ChallengeRow(Row):
    """
    One sign-in code.
    """

    id = UnicodeAttribute(hash_key=True)
    person = UnicodeAttribute()
    code_hash = UnicodeAttribute()
    expires_at = InstantAttribute()
    tries_left = NumberAttribute()
    used = BooleanAttribute()
    forget_at = TTLAttribute()


class SessionRow(Row):
    """
    One family of refresh tokens.
    """

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    token_hash = UnicodeAttribute()
    expires_at = InstantAttribute()
    revoked = BooleanAttribute()
    forget_at = TTLAttribute()


class QuotaRow(Row):
    """
    One count in its window.
    """

    key = UnicodeAttribute(hash_key=True)
    count_ = NumberAttribute(attr_name="count")
    until = InstantAttribute()
    forget_at = TTLAttribute()


REGISTRAR: Final = "registrar"


def _headship(account: Account) -> Mapping[str, object]:
    return {"headship": REGISTRAR if account.head else None}


def _lookup(account: Account) -> Sequence[tuple[type[Row], Mapping[str, object]]]:
    return ((AccountOfPersonRow, {"person": account.person, "account": account.id}),)


def _expiring(item: Challenge | Session) -> Mapping[str, object]:
    return {"forget_at": item.expires_at}


def _of_quota(quota: Quota) -> Mapping[str, object]:
    return {"forget_at": quota.until}


ACCOUNT = Kind(Account, AccountRow, "accounts", _headship, companions=_lookup)
CHALLENGE = Kind(Challenge, ChallengeRow, "challenges", _expiring)
SESSION = Kind(Session, SessionRow, "sessions", _expiring)
QUOTA = Kind(Quota, QuotaRow, "quotas", _of_quota)


class StoredAccounts:
    """
    The port `Accounts`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def account(self, account: str) -> Account | None:
        """
        Read an account, consistently.
        """
        return self._reader.get(ACCOUNT, account)

    def of_person(self, person: str) -> Account | None:
        """
        Find a person's account by its lookup row, consistently.
        """
        found = self._reader.row(AccountOfPersonRow, person)
        return None if found is None else self.account(found.account)

    def heads(self) -> Sequence[Account]:
        """
        List who heads the registrar, by an index: whom to remind, never who may decide.
        """
        rows = self._reader.rows(ACCOUNT, REGISTRAR, index="heads")
        return [account for account in self._reader.get_many(ACCOUNT, [row.id for row in rows]) if account.head]

    def challenge(self, challenge: str) -> Challenge | None:
        """
        Read a sign-in code's state, consistently.
        """
        return self._reader.get(CHALLENGE, challenge)

    def session(self, session: str) -> Session | None:
        """
        Read a session, consistently.
        """
        return self._reader.get(SESSION, session)

    def quota(self, key: str) -> Quota | None:
        """
        Read a count, consistently.
        """
        return self._reader.get(QUOTA, key)
