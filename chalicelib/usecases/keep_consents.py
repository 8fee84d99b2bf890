"""
A user's consents beside his bookings: asked for, listed, taken back (§16).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.consents import CONSENT, Consent, ConsentStatus, Via, asked_for, status_after
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.registers import Question
from chalicelib.domain.rules import Rules
from chalicelib.domain.verification import retry_after
from chalicelib.usecases.know_person import KnowPerson
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import (
    Clock,
    Committed,
    Committer,
    Consents,
    Page,
    PersonalDataStore,
    PersonalDataUnavailableError,
    Registers,
    StoreBusyError,
    Write,
)
from chalicelib.usecases.start_consents import StartConsents

MOST_TRIES = 5
ASKED_FOR = timedelta(hours=24)
"""How long a consent is waited for by itself; a new request or application asks on."""


@dataclass(frozen=True, slots=True)
class KeepConsents:
    """
    `POST/GET /v1/me/consents`, `DELETE …/{id}`.
    """

    committer: Committer
    consents: Consents
    people: PersonalDataStore
    registers: Callable[[], Registers]
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    start: StartConsents
    know: KnowPerson

    def request(self, *, account: str, subject: str) -> Consent | Missing:
        """
        Ask for the consent of `user` or of a person by IIN; asking again while it stands changes nothing. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            person = self.know(account=account, subject=subject)
            if isinstance(person, Missing):
                return person
            now = self.clock.now()
            known = self.consents.consent(account, self.start.id_of(account, person))
            consent = asked_for(known, wanted=self.start.wanted(account, person, now))
            if consent is known:
                return consent
            asked = () if consent.status is ConsentStatus.GIVEN else (Write(_asking(consent, now)),)
            if isinstance(self.committer.commit(Write(consent, known.version if known else 0), *asked), Committed):
                return consent
        raise StoreBusyError("consent")

    def mine(self, *, account: str, limit: int, cursor: str | None) -> Page[Consent]:
        """
        List an account's consents.
        """
        return self.consents.of_account(account, limit=limit, cursor=cursor)

    def withdraw(self, *, account: str, consent: str) -> Consent | Missing:
        """
        Take a consent back: new applications need it anew, one under verification is refused. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            known = self.consents.consent(account, consent)
            if known is None:
                return Missing()
            after = known.answered(ConsentStatus.WITHDRAWN, self.clock.now())
            if after is known or isinstance(self.committer.commit(Write(after, known.version)), Committed):
                return after
        raise StoreBusyError("consent")

    def ask(self, *, account: str, consent: str) -> bool:
        """
        Ask the state service about a pending consent, and again later while it is pending: whether something was written.
        """
        known, now = self.consents.consent(account, consent), self.clock.now()
        if known is None or known.via is not Via.STATE_SERVICE or known.status is not ConsentStatus.PENDING:
            return False
        status = self._status(known)
        if status is not ConsentStatus.PENDING:
            return isinstance(self.committer.commit(Write(known.answered(status, now), known.version)), Committed)
        after = known.polled()
        later = now + retry_after(known.tries, self.rules_on(now))
        again = (Write(_asking(after, now, due=later)),) if later < known.asked_at + ASKED_FOR else ()
        return isinstance(self.committer.commit(Write(after, known.version), *again), Committed)

    def _status(self, consent: Consent) -> ConsentStatus:
        try:
            record = self.people.get_many([consent.person], purpose="consent").get(consent.person)
        except PersonalDataUnavailableError:
            return ConsentStatus.PENDING
        fields: Mapping[str, Any] = record.fields if record else {}
        by = "iin" if fields.get("iin") else "phone"
        keys = {"reference": consent.reference, "text": f"{consent.text.version} {consent.text.sha256}", by: str(fields.get(by) or "")}
        (answer,) = self.registers().ask([Question(CONSENT, consent.subject, keys)])
        return status_after(answer)


def _asking(consent: Consent, now: datetime, *, due: datetime | None = None) -> OutboxMessage:
    return OutboxMessage(
        id=f"{Task.CONSENT.value}.{consent.id}.{consent.version:06d}",
        task=Task.CONSENT,
        aggregate=consent.id,
        aggregate_version=consent.version,
        created_at=now,
        due_at=due or now,
        payload={"account": consent.account, "consent": consent.id},
    )
