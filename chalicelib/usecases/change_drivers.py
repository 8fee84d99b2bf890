"""
Drivers of a paid booking come, go and are replaced until admission; each new one is verified first (§16.2, §19, §36, D15).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.crews import Crew, CrewChange, changed_crew, may_change, may_change_crew
from chalicelib.domain.decisions import Refused
from chalicelib.domain.happenings import event_of, message
from chalicelib.domain.records import Task
from chalicelib.domain.registers import Answer
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.domain.vehicles import Party
from chalicelib.usecases.gather_proofs import GatherProofs
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import (
    Accounts,
    Bookings,
    Chance,
    Clock,
    Committed,
    Committer,
    Ledger,
    PersonalDataStore,
    PersonRecord,
    Requests,
    StoreBusyError,
    Write,
)
from chalicelib.usecases.request_booking import Person, last_day
from chalicelib.usecases.start_consents import StartConsents, Subject
from chalicelib.usecases.verify_change import VerifyChange

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Newcomer:
    """
    Who comes, and whether his consent is to be asked for; nobody where a driver only goes.
    """

    person: Person | None
    consent: bool


@dataclass(frozen=True, slots=True)
class ChangeDrivers:
    """
    `POST /v1/bookings/{id}/drivers`, `PUT` and `DELETE …/drivers/{d}`.
    """

    committer: Committer
    bookings: Bookings
    accounts: Accounts
    ledger: Ledger
    requests: Requests
    people: PersonalDataStore
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    verify: VerifyChange
    consents: StartConsents
    proofs: GatherProofs

    def __call__(
        self,
        *,
        account: str,
        booking: str,
        index: int | None,
        person: Person | None,
        request: IdempotentRequest | None,
        consent: bool = False,
    ) -> Outcome:
        """
        Add (no `index`), replace, or take off (no `person`) one driver: `Done` with the booking, or why not. Raises `StoreBusyError`.

        `consent`: ask him for his consent to the processing of his data, as with an application; without it he must have given it (§16).
        """
        party = self._party(account, person) if person is not None else None
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request is not None else None
            if known is not None:
                return known
            seen = self.bookings.get(booking)
            if seen is None or seen.account != account or (index is not None and index >= len(seen.drivers)):
                return Missing()
            outcome = self._attempt(seen, CrewChange(index, party), Newcomer(person, consent), request, now)
            if outcome is not None:
                return outcome
        raise StoreBusyError("drivers")

    def _attempt(
        self, seen: Booking, change: CrewChange, newcomer: "Newcomer", request: IdempotentRequest | None, now: datetime
    ) -> Outcome | None:
        refused = self._refusal(seen, change, newcomer.person)
        if refused is not None:
            return refused
        crew = changed_crew(seen, change)
        checks = self._verified(seen, crew, change.driver, newcomer, now)
        if checks is None or isinstance(checks, Refused):
            return checks
        done = self.committer.commit(*self._writes(seen, crew, checks, request, now))
        return Done(200, seen.id) if isinstance(done, Committed) else None

    def _refusal(self, seen: Booking, change: CrewChange, person: Person | None) -> Refused | None:
        holder, wallet = self.accounts.account(seen.account), self.ledger.wallet(seen.account)
        decisions = (
            may_change(seen, rule="D15"),
            may_act(account=holder, wallet=wallet, deed=Deed.CHANGE),
            may_change_crew(seen, change, same_person=self._same(seen, change, person)),
        )
        return next((decision for decision in decisions if isinstance(decision, Refused)), None)

    def _same(self, seen: Booking, change: CrewChange, person: Person | None) -> bool:
        """
        Tell whether who comes is who goes: by IIN, without one by name and birth date.
        """
        if change.index is None or person is None:
            return False
        id_ = seen.drivers[change.index].person
        before: Mapping[str, Any] = {key: record.fields for key, record in self.people.get_many([id_], purpose="change").items()}.get(
            id_, {}
        )
        names = ("iin",) if before.get("iin") or person.fields.get("iin") else ("name", "birth_date")
        return all(before.get(name) and before.get(name) == person.fields.get(name) for name in names)

    def _verified(
        self, seen: Booking, crew: Crew, party: Party | None, newcomer: "Newcomer", now: datetime
    ) -> tuple[Answer, ...] | Refused | None:
        """
        Keep the new driver's data, ask him for his consent and then the registers about him; what he was refused for is forgotten with him.
        None where somebody else wrote about his consent meanwhile.
        """
        person = newcomer.person
        if party is None or person is None or crew.came is None:
            return crew.checks
        subject = Subject(crew.came, person.resident, person.fields, party.person)
        missing = () if newcomer.consent else self.consents.missing(account=seen.account, subjects=[subject])
        if missing:
            return Refused(missing)
        fields = {**person.fields, "role": "driver", "booking": seen.id}
        self.people.put([PersonRecord(party.person, "driver", fields, now + self.rules_on(now).unclaimed_kept)])
        candidate = replace(seen, drivers=crew.drivers, acts_as=crew.acts_as, checks=crew.checks)
        # asked before the registers are: whoever answers later in the state service has something to answer
        asked = self.consents.start(account=seen.account, subjects=[subject], now=now) if newcomer.consent else ()
        if not isinstance(self.committer.commit(*asked), Committed):
            return None
        proofs = self.proofs(booking=candidate, now=now, rules=self.rules_on(now)).of(crew.came)
        heard = self.verify.hear(candidate, concerns=lambda check: check.subject == crew.came, now=now, proofs=proofs)
        if not isinstance(self.committer.commit(*proofs.after(heard.asked, now)), Committed):
            return None
        checks = heard.checks(candidate)
        if isinstance(checks, Refused):
            self.people.erase([party.person])
        return checks

    def _party(self, account: str, person: Person) -> Party:
        id_ = self.chance.id("per")
        consent = self.consents.id_of(account, Subject("driver", person.resident, person.fields, id_))
        return Party(id_, person.resident, person.kind, last_day(person), person.identity_session, consent)

    def _writes(
        self, seen: Booking, crew: Crew, checks: tuple[Answer, ...], request: IdempotentRequest | None, now: datetime
    ) -> tuple[Write, ...]:
        after = seen.after(Happening.DRIVERS_CHANGED, drivers=crew.drivers, acts_as=crew.acts_as, checks=checks)
        detail = {"came": crew.came, "gone": None if crew.gone is None else "driver", "drivers": len(crew.drivers)}
        event = event_of(
            booking=after, happening=Happening.DRIVERS_CHANGED, at=now, by="user", rules=self.rules_on(now), ground="D15", detail=detail
        )
        gone = crew.gone if crew.gone != seen.acting.person else None  # an account may be known by whom it once acted as
        return (
            Write(after, seen.version),
            Write(event),
            *([Write(message(task=Task.FORGET, booking=after, at=now, person=gone))] if gone else []),
            *([Write(request.record(status=200, resource=seen.id, answer={}, at=now))] if request is not None else []),
        )
