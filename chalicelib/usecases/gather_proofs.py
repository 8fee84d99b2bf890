"""
What a verification knows without a register, and what it asks beside them: consents (§16) and identity sessions (§18.12).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.consents import CONSENT, PENDING, Consent, ConsentStatus, known_answer, status_after
from chalicelib.domain.identity import IdentitySession, SessionStatus
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicles import Party
from chalicelib.domain.verification import Check
from chalicelib.usecases.ports import Consents, IdentityProvider, IdentityProviderSilentError, Write

ACCOUNT: Final = "1"
FACE: Final = "12"


@dataclass(frozen=True, slots=True)
class Proofs:
    """
    Answers by source and subject that need no register, checks to be asked beside the others, and the rows they rest on.
    """

    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    checks: Sequence[Check] = ()
    consents: Mapping[str, Consent] = field(default_factory=dict)
    writes: tuple[Write, ...] = ()

    def of(self, subject: str) -> "Proofs":
        """
        Keep what concerns one subject.
        """
        return Proofs(
            {key: answer for key, answer in self.answers.items() if answer.subject == subject},
            [check for check in self.checks if check.subject == subject],
            {each: consent for each, consent in self.consents.items() if each == subject},
            self.writes,
        )

    def after(self, answers: Sequence[Answer], now: datetime) -> tuple[Write, ...]:
        """
        Write what the state service made of consents, beside what was found before.
        """
        told = {answer.subject: status_after(answer) for answer in answers if answer.source == CONSENT}
        found = [(consent, consent.answered(told[subject], now)) for subject, consent in self.consents.items() if _final(told.get(subject))]
        return (*self.writes, *(Write(after, before.version) for before, after in found if after is not before))


@dataclass(frozen=True, slots=True)
class GatherProofs:
    """
    Reads them; a pending identity session is looked up at its provider.
    """

    consents: Consents
    provider: Callable[[], IdentityProvider]

    def __call__(self, *, booking: Booking, now: datetime, rules: Rules) -> Proofs:
        """
        Gather for one round of a verification.
        """
        answers, checks, asked = self._of_consents(booking)
        sessions, writes = self._sessions(booking, now)
        proved = {subject for subject, party in _people(booking) if _proved(sessions.get(party.identity_session or ""), now, rules)}
        answers |= {(FACE, subject): Answer(FACE, subject, CheckResult.PASSED) for subject in proved}
        if "user" in proved and not booking.holder.resident:
            # D10: whoever has no IIN passes on his account's verified document
            answers[ACCOUNT, "user"] = Answer(ACCOUNT, "user", CheckResult.PASSED)
        return Proofs(answers, checks, asked, writes)

    def _of_consents(self, booking: Booking) -> tuple[dict[tuple[str, str], Answer], list[Check], dict[str, Consent]]:
        wanted = {party.consent: subject for subject, party in reversed(list(_people(booking))) if party.consent}
        answers, checks, asked = {}, [], {}
        known = self.consents.consents(booking.account, list(wanted)) if wanted else ()
        for consent in known:
            subject = wanted[consent.id]
            answer = known_answer(consent, subject)
            if answer is not None:
                answers[CONSENT, subject] = answer
                continue
            given = (("reference", consent.reference), ("text", f"{consent.text.version} {consent.text.sha256}"))
            checks.append(Check(CONSENT, subject, keys=("iin", "reference", "text"), given=given))
            asked[subject] = consent
        return answers, checks, asked

    def _sessions(self, booking: Booking, now: datetime) -> tuple[dict[str, IdentitySession], tuple[Write, ...]]:
        ids = [party.identity_session for _, party in _people(booking) if party.identity_session]
        if not ids:
            return {}, ()
        found, writes = {}, []
        for session in self.consents.sessions(ids):
            after = session.turned(self._status(session), now)
            found[session.id] = after
            if after is not session:
                writes.append(Write(after, session.version))
        return found, tuple(writes)

    def _status(self, session: IdentitySession) -> SessionStatus:
        if session.status is not SessionStatus.PENDING:
            return session.status
        try:
            return self.provider().status(session=session.id)
        except IdentityProviderSilentError:
            return SessionStatus.PENDING


def _people(booking: Booking) -> Sequence[tuple[str, Party]]:
    drivers = ((f"driver:{index}", driver) for index, driver in enumerate(booking.drivers))
    return [("owner", booking.owner), *drivers, *([("user", booking.user)] if booking.user else [])]


def _proved(session: IdentitySession | None, now: datetime, rules: Rules) -> bool:
    return session is not None and session.proves(now=now, rules=rules)


def _final(status: ConsentStatus | None) -> bool:
    return status is not None and status is not ConsentStatus.PENDING


def lacks_consent(answers: Sequence[Answer]) -> bool:
    """
    Tell whether consents alone stand against an application: refused ones, or ones still awaited where nothing was refused (§16).
    """
    failed = [answer for answer in answers if answer.result is CheckResult.FAILED]
    against = failed or [answer for answer in answers if answer.result is CheckResult.UNAVAILABLE]
    return bool(against) and all(answer.source == CONSENT and (failed or answer.message == PENDING) for answer in against)
