"""
Whom a user means: himself, or a person by IIN whose data he brings (§16, §18.12).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.holders import NUMBERS
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Accounts, Clock, KeyedHash, PersonalDataStore, PersonRecord
from chalicelib.usecases.start_consents import Subject

USER: Final = "user"


@dataclass(frozen=True, slots=True)
class KnowPerson:
    """
    Finds or keeps the person in the personal data store: ids outside, data inside.
    """

    accounts: Accounts
    people: PersonalDataStore
    keyed: KeyedHash
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, account: str, subject: str) -> Subject | Missing:
        """
        Give the person; none where there is no such account. Raises `PersonalDataUnavailableError`.
        """
        holder = self.accounts.account(account)
        if holder is None:
            return Missing()
        if subject != USER:
            id_ = f"per_{self.keyed.of(f'person {account} {subject}')[:24]}"
            now = self.clock.now()
            self.people.put([PersonRecord(id_, "driver", {"iin": subject, "role": "driver"}, now + self.rules_on(now).identity_validity)])
            return Subject("driver", resident=True, fields={"iin": subject}, person=id_)
        known = self.people.get_many([id_ for id_ in (holder.person, holder.identity) if id_], purpose="own_consent")
        fields: dict[str, Any] = dict(known[holder.person].fields) if holder.person in known else {}
        proof = known[holder.identity].fields if holder.identity and holder.identity in known else {}
        fields |= {name: proof[name] for name in NUMBERS if proof.get(name)}
        return Subject(USER, resident=holder.resident, fields=fields, person=holder.identity or holder.person)
