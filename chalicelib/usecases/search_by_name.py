"""
An officer looks somebody's bookings up by name: through a keyed hash in the people's room, and never unseen (architecture: personal data).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking
from chalicelib.domain.records import Event
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, PersonalDataStore, StoreBusyError, Write

MOST_PEOPLE = 200
"""People of one name who are looked at: more are too many to be told apart by it."""
ANYWHERE = "all"


@dataclass(frozen=True, slots=True)
class SearchByName:
    """
    `POST /v1/officer/bookings/search`. Raises `PersonalDataUnavailableError` where the people's room is away.
    """

    committer: Committer
    bookings: Bookings
    people: PersonalDataStore
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, officer: str, checkpoints: frozenset[str] | None, name: str) -> Sequence[Booking]:
        """
        List the bookings of owners and drivers of a name at an officer's checkpoints (none: any), latest first. That it was asked is kept.
        """
        ids = self.people.named(name, limit=MOST_PEOPLE)
        records = self.people.get_many(ids, purpose="search") if ids else {}
        wanted = [str(record.fields["booking"]) for record in records.values() if record.fields.get("booking")]
        found = self.bookings.get_many(list(dict.fromkeys(wanted)))
        visible = [booking for booking in found if checkpoints is None or booking.checkpoint in checkpoints]
        self._keep(officer, checkpoints, len(visible))
        return sorted(visible, key=lambda booking: booking.created_at, reverse=True)

    def _keep(self, officer: str, checkpoints: frozenset[str] | None, found: int) -> None:
        now = self.clock.now()
        day, id_ = self.rules_on(now).today(now), self.chance.id("srch")
        where = min(checkpoints) if checkpoints else ANYWHERE
        event = Event(
            id=f"{where}.{day}.{id_}.000001",
            aggregate=id_,
            aggregate_version=1,
            checkpoint=where,
            day=day,
            kind="people_searched",
            at=now,
            by=f"officer:{officer}",
            ground="2.1",
            detail={"found": found},
        )
        if not isinstance(self.committer.commit(Write(event)), Committed):
            raise StoreBusyError("search")
