"""
An application to book: accepted when its form is whole and its holder may apply, verified afterwards; it keeps no place and no lock (D8, D11).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.decisions import Code, Reason, Refused
from chalicelib.domain.happenings import event_of, message
from chalicelib.domain.holders import NUMBERS, acts_as, counts_as_resident
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.records import Account, Task
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.domain.vehicles import Cargo, Party, Trailer, Vehicle, must_book
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Outcome, replay
from chalicelib.usecases.ports import (
    Accounts,
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
from chalicelib.usecases.prove_ground import ProveGround
from chalicelib.usecases.start_consents import StartConsents, Subject

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Person:
    """
    An owner or driver as filled in; `fields` go to the personal data store and nowhere else.
    """

    resident: bool
    kind: str
    fields: Mapping[str, Any]
    identity_session: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """
    The form of §16.
    """

    checkpoint: str
    class_: PlaceClass
    vehicle: Vehicle
    trailer: Trailer | None
    owner: Person
    drivers: tuple[Person, ...]
    authorized_drivers: int
    cargo: Cargo
    consent: bool
    language: str


@dataclass(frozen=True, slots=True)
class User:
    """
    The account's holder: as whom he applies, and whose fields in the personal data store are his.
    """

    acts_as: str
    party: Party


@dataclass(frozen=True, slots=True)
class RequestBooking:
    """
    `POST /v1/bookings` (§3, §15, §16, §27).
    """

    committer: Committer
    accounts: Accounts
    ledger: Ledger
    requests: Requests
    people: PersonalDataStore
    clock: Clock
    chance: Chance
    ground: ProveGround
    rules_on: Callable[[datetime], Rules]
    toward: Callable[[str], str | None]
    is_open: Callable[[str, date], bool]
    agreement_version: Callable[[], str]
    consents: StartConsents

    def __call__(self, *, account: str, application: Application, request: IdempotentRequest) -> Outcome:
        """
        Accept the application: 202 with a booking in `verifying`, or every reason against it. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            holder = self.accounts.account(account)
            user = self._user(holder, application)
            reasons = self._reasons(holder, account, user, application, now)
            if reasons or holder is None or user is None:
                return Refused(tuple(reasons))
            id_ = self.chance.id("bkg")
            people = self._people(holder, application, id_, self.rules_on(now).unclaimed_kept + now)
            self.people.put([record for record, _ in people])
            booking = self._booking(id_, holder, user, application, [party for _, party in people], now)
            subjects = [replace(one, person=party.person) for one, (_, party) in _in_roles(application, people)]
            asked = self.consents.start(account=holder.id, subjects=subjects, now=now) if application.consent else ()
            event = event_of(booking=booking, happening=Happening.REQUESTED, at=now, by="user", rules=self.rules_on(now), ground="16")
            done = self.committer.commit(
                Write(booking),
                Write(event),
                Write(message(task=Task.VERIFY, booking=booking, at=now)),
                Write(request.record(status=202, resource=booking.id, answer={}, at=now)),
                *asked,
            )
            if isinstance(done, Committed):
                return Done(202, booking.id)
        raise StoreBusyError("booking")

    def _user(self, holder: Account | None, application: Application) -> User | None:
        """
        Tell as whom the holder applies (§3, D10); none where he is neither owner nor driver.
        """
        if holder is None:
            return None
        known = self.people.get_many([id_ for id_ in (holder.person, holder.identity) if id_], purpose="application")
        own = {name: value for record in known.values() for name, value in record.fields.items()}
        proof = known[holder.identity].fields if holder.identity and holder.identity in known else own
        proven = {name: proof[name] for name in NUMBERS if proof.get(name)}
        drivers = [driver.fields for driver in application.drivers]
        role = acts_as(proven=proven, phone=own.get("phone"), owner=application.owner.fields, drivers=drivers)
        if role is None:
            return None
        seat = role.partition(":")[2]
        person = application.drivers[int(seat)] if seat else application.owner
        resident = counts_as_resident(account=holder.resident, proven=bool(proven), person=person.resident)
        return User(role, Party(holder.identity or holder.person, resident, holder.kind, identity_session=holder.identity_session))

    def _reasons(self, holder: Account | None, account: str, user: User | None, application: Application, now: datetime) -> list[Reason]:
        reasons: list[Reason] = []
        truck = must_book(application.vehicle.category)
        reasons.extend(truck.reasons)
        if not application.consent:
            reasons.extend(self.consents.missing(account=account, subjects=subjects_of(application)))
        if holder is None or holder.agreement_version != self.agreement_version():
            reasons.append(Reason(Code.AGREEMENT_REQUIRED, "15", {"version": self.agreement_version()}))
        if holder is not None and user is None:
            reasons.append(Reason(Code.NOT_OWNER_OR_DRIVER, "3"))
        reasons.extend(may_act(account=holder, wallet=self.ledger.wallet(account), deed=Deed.APPLY).reasons)
        if not self.is_open(application.checkpoint, self.rules_on(now).today(now)):
            reasons.append(Reason(Code.CHECKPOINT_CLOSED, parameters={"checkpoint": application.checkpoint}))
        ground = self.ground.of_application(
            class_=application.class_,
            checkpoint=application.checkpoint,
            vehicle=application.vehicle,
            cargo=application.cargo,
            now=now,
            rules=self.rules_on(now),
        )
        reasons.extend(ground.reasons)
        return reasons

    def _people(self, holder: Account, application: Application, booking: str, look_at: datetime) -> list[tuple[PersonRecord, Party]]:
        found = []
        consents = {one.role: self.consents.id_of(holder.id, one) for one in subjects_of(application)}
        for part, person in _parts(application):
            id_, role = self.chance.id("per"), part.partition(":")[0]
            fields = {**person.fields, "role": role, "booking": booking}
            party = Party(id_, person.resident, person.kind, last_day(person), person.identity_session, consents.get(part))
            found.append((PersonRecord(id_, role, fields, look_at), party))
        return found

    def _booking(self, id_: str, holder: Account, user: User, application: Application, parties: list[Party], now: datetime) -> Booking:
        return Booking(
            id=id_,
            version=1,
            account=holder.id,
            status=Status.VERIFYING,
            class_=application.class_,
            checkpoint=application.checkpoint,
            toward=self.toward(application.checkpoint) or "",
            created_at=now,
            vehicle=application.vehicle,
            owner=parties[0],
            drivers=tuple(parties[1:]),
            authorized_drivers=application.authorized_drivers,
            cargo=application.cargo,
            trailer=application.trailer,
            user=user.party,
            acts_as=user.acts_as,
            verify_at=now,
            language=application.language,
        )


def _parts(application: Application) -> list[tuple[str, Person]]:
    return [("owner", application.owner), *((f"driver:{index}", driver) for index, driver in enumerate(application.drivers))]


def subjects_of(application: Application) -> list[Subject]:
    """
    List whose personal data an application brings: every driver's, the owner's where he is a person.
    """
    return [
        Subject(part, person.resident, person.fields) for part, person in _parts(application) if part != "owner" or person.kind == "natural"
    ]


def _in_roles(application: Application, people: list[tuple[PersonRecord, Party]]) -> list[tuple[Subject, tuple[PersonRecord, Party]]]:
    by_part = dict(zip((part for part, _ in _parts(application)), people, strict=True))
    return [(subject, by_part[subject.role]) for subject in subjects_of(application)]


def last_day(person: Person) -> date | None:
    """
    Read the last day of the document that a person names, if he names one.
    """
    document = person.fields.get("document")
    until = document.get("expires_on") if isinstance(document, Mapping) else None
    return date.fromisoformat(until) if until else None
