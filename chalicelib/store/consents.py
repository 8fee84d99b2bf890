"""
Consents by account, and identity sessions.
"""

from collections.abc import Sequence

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.consents import Consent, ConsentStatus, Text, Via
from chalicelib.domain.identity import IdentitySession, SessionStatus
from chalicelib.store.attributes import ChoiceAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page


class ConsentRow(Row):
    """
    One person's consent to one account.
    """

    account = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    person = UnicodeAttribute()
    subject = UnicodeAttribute()
    via = ChoiceAttribute(Via)
    status = ChoiceAttribute(ConsentStatus)
    text = ValueAttribute(Text)
    asked_at = InstantAttribute()
    answered_at = InstantAttribute(null=True)
    round = NumberAttribute()
    tries = NumberAttribute()


class IdentitySessionRow(Row):
    """
    One identity session.
    """

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    subject = UnicodeAttribute()
    person = UnicodeAttribute()
    who = UnicodeAttribute()
    status = ChoiceAttribute(SessionStatus)
    url = UnicodeAttribute()
    created_at = InstantAttribute()
    completed_at = InstantAttribute(null=True)


CONSENT = Kind(Consent, ConsentRow, "consents")
IDENTITY_SESSION = Kind(IdentitySession, IdentitySessionRow, "identity_sessions")


class StoredConsents:
    """
    The port `Consents`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def consent(self, account: str, consent: str) -> Consent | None:
        """
        Read one, consistently.
        """
        return self._reader.get(CONSENT, account, consent)

    def consents(self, account: str, consents: Sequence[str]) -> Sequence[Consent]:
        """
        Read several, consistently; unknown ones are left out.
        """
        return self._reader.get_many(CONSENT, [(account, consent) for consent in dict.fromkeys(consents)])

    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Consent]:
        """
        List an account's consents by id, from the last.
        """
        page = self._reader.page(CONSENT, account, limit=limit, cursor=cursor)
        return Page([CONSENT.from_row(row) for row in page.items], page.next_cursor)

    def session(self, session: str) -> IdentitySession | None:
        """
        Read an identity session, consistently.
        """
        return self._reader.get(IDENTITY_SESSION, session)

    def sessions(self, sessions: Sequence[str]) -> Sequence[IdentitySession]:
        """
        Read several, consistently; unknown ones are left out.
        """
        return self._reader.get_many(IDENTITY_SESSION, list(dict.fromkeys(sessions)))
