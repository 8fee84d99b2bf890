"""
Consents that an application needs: the owner's, where he is a person, and each driver's (§16); asked for with the application, in its transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.consents import STANDING, Consent, ConsentStatus, Text, Via, asked_for, who
from chalicelib.domain.decisions import Code, Reason
from chalicelib.usecases.ports import Consents, KeyedHash, Write


@dataclass(frozen=True, slots=True)
class Subject:
    """
    A person whose data an application brings: `role` is `owner`, `driver:<n>` or `user`, `fields` come from the form and are not kept here.
    """

    role: str
    resident: bool
    fields: Any
    person: str = ""


@dataclass(frozen=True, slots=True)
class StartConsents:
    """
    Knows which consents stand, and asks for those that do not.
    """

    consents: Consents
    keyed: KeyedHash
    text: Callable[[], Text]

    def id_of(self, account: str, subject: Subject) -> str:
        """
        Name the one consent of a person to an account: nothing can be read from it.
        """
        return f"cns_{self.keyed.of(f'consent {account} {who(subject.fields)}')[:24]}"

    def missing(self, *, account: str, subjects: Sequence[Subject]) -> tuple[Reason, ...]:
        """
        Refuse an application that neither asks for consents nor finds them given: whose are missing (§16).
        """
        known = self._known(account, subjects)
        without = [one.role for one in subjects if not _stands(known.get(self.id_of(account, one)))]
        if not without:
            return ()
        return (Reason(Code.CONSENT_REQUIRED, "16", {"whose": ", ".join(f"whose:{role}" for role in without)}),)

    def start(self, *, account: str, subjects: Sequence[Subject], now: datetime) -> tuple[Write, ...]:
        """
        Write what asking changes; a person in two roles is asked once.
        """
        known = self._known(account, subjects)
        wanted = {self.id_of(account, one): one for one in reversed(subjects)}
        found = [(known.get(id_), asked_for(known.get(id_), wanted=self.wanted(account, one, now))) for id_, one in wanted.items()]
        return tuple(Write(after, before.version if before else 0) for before, after in found if after is not before)

    def wanted(self, account: str, subject: Subject, now: datetime) -> Consent:
        """
        Spell the consent that is to be had: a resident's is asked for, anybody else's is given by agreement.
        """
        given = not subject.resident
        return Consent(
            account=account,
            id=self.id_of(account, subject),
            person=subject.person,
            subject=subject.role.partition(":")[0],
            via=Via.AGREEMENT if given else Via.STATE_SERVICE,
            status=ConsentStatus.GIVEN if given else ConsentStatus.PENDING,
            text=self.text(),
            asked_at=now,
            answered_at=now if given else None,
        )

    def _known(self, account: str, subjects: Iterable[Subject]) -> dict[str, Consent]:
        ids = [self.id_of(account, subject) for subject in subjects]
        return {consent.id: consent for consent in self.consents.consents(account, ids)}


def _stands(consent: Consent | None) -> bool:
    return consent is not None and consent.status in STANDING
