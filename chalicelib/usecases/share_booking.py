"""
Links by which drivers follow a booking without signing in: given, taken back, opened. Their tokens are derived and kept nowhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.driver_links import FOLLOWED, DriverLink, LinkToken, ends_at, hash_of, key_of, opens, token_of
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, DriverLinks, KeyedHash, Requests, StoreBusyError, Write

MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class ShareBooking:
    """
    `POST/DELETE /v1/bookings/{id}/driver-link`, `GET /v1/driver/{token}`. `pages` is the address under which the pages are served.
    """

    committer: Committer
    bookings: Bookings
    driver_links: DriverLinks
    requests: Requests
    keyed: KeyedHash
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    pages: Callable[[], str]

    def give(self, *, account: str, booking: str, driver: int | None, request: IdempotentRequest | None) -> Outcome:
        """
        Give the link of a driver (by his place in the list), or of whoever drives: 200 with `url` and `expires_at`; the same one until revoked.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            seen = self._own(account, booking, driver)
            if not isinstance(seen, Booking):
                return seen
            known = replay(self.requests, request, now=now) if request is not None else None
            if isinstance(known, Refused):
                return known
            if known is not None:
                return self._answer(seen, int(known.answer["generation"]), driver, now)
            link = self._link(seen, _person(seen, driver))
            fresh = None if link is not None and link.live else self._next(seen, _person(seen, driver), link, now)
            given = fresh or link
            generation = given.generation if given is not None else 0
            record = (
                request.record(status=200, resource=booking, answer={"generation": generation}, at=now) if request is not None else None
            )
            writes = (*(self._writes(fresh, link) if fresh is not None else ()), *((Write(record),) if record is not None else ()))
            if not writes or isinstance(self.committer.commit(*writes), Committed):
                return self._answer(seen, generation, driver, now)
        raise StoreBusyError("driver link")

    def revoke(self, *, account: str, booking: str, driver: int | None) -> Refused | Missing | None:
        """
        Take a driver's link back, or, none named, every link of the booking. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            seen = self.bookings.get(booking)
            if seen is None or seen.account != account or (driver is not None and driver >= len(seen.drivers)):
                return Missing()
            people = [_person(seen, driver)] if driver is not None else [None, *(each.person for each in seen.drivers)]
            found = self.driver_links.links([key_of(booking=booking, person=person) for person in people])
            now = self.clock.now()
            live = [link for link in found.values() if link.live]
            writes = [Write(replace(link, revoked_at=now, version=link.version + 1), link.version) for link in live]
            if not writes or isinstance(self.committer.commit(*writes), Committed):
                return None
        raise StoreBusyError("driver link")

    def link_for(self, booking: Booking, person: str) -> str | None:
        """
        Give the address for a driver's notices, making the link at the first; none once the user has taken it back. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            link = self._link(booking, person)
            if link is not None:
                return self._url(link.key, link.generation) if link.live else None
            fresh = self._next(booking, person, None, self.clock.now())
            if isinstance(self.committer.commit(*self._writes(fresh, None)), Committed):
                return self._url(fresh.key, fresh.generation)
        raise StoreBusyError("driver link")

    def open(self, *, token: str) -> Booking | Missing:
        """
        Give the booking that a token opens; unknown, revoked and expired ones are the same.
        """
        known = self.driver_links.token(hash_of(token))
        link = self.driver_links.links([known.link]).get(known.link) if known is not None else None
        booking = self.bookings.get(link.booking) if link is not None else None
        now = self.clock.now()
        rules = self.rules_on(now)
        if known is None or link is None or booking is None:
            return Missing()
        return booking if opens(link=link, token=known, booking=booking, now=now, rules=rules) else Missing()

    def _own(self, account: str, booking: str, driver: int | None) -> Booking | Refused | Missing:
        seen = self.bookings.get(booking)
        if seen is None or seen.account != account or (driver is not None and driver >= len(seen.drivers)):
            return Missing()
        return seen if seen.status in FOLLOWED else Refused.because(Code.NOT_CONFIRMED, status=seen.status.value)

    def _link(self, booking: Booking, person: str | None) -> DriverLink | None:
        key = key_of(booking=booking.id, person=person)
        return self.driver_links.links([key]).get(key)

    def _next(self, booking: Booking, person: str | None, before: DriverLink | None, now: datetime) -> DriverLink:
        generation, version = (before.generation + 1, before.version + 1) if before is not None else (1, 1)
        return DriverLink(key_of(booking=booking.id, person=person), booking.id, person, generation, now, None, version)

    def _writes(self, fresh: DriverLink, before: DriverLink | None) -> Sequence[Write]:
        token = LinkToken(hash_of(self._token(fresh.key, fresh.generation)), fresh.key, fresh.generation, fresh.created_at)
        return Write(fresh, before.version if before is not None else 0), Write(token)

    def _answer(self, booking: Booking, generation: int, driver: int | None, now: datetime) -> Done:
        ends = ends_at(booking=booking, now=now, rules=self.rules_on(now))
        url = self._url(key_of(booking=booking.id, person=_person(booking, driver)), generation)
        return Done(200, booking.id, {"url": url, "expires_at": ends.isoformat()})

    def _url(self, key: str, generation: int) -> str:
        return f"{self.pages().rstrip('/')}/d/{self._token(key, generation)}"

    def _token(self, key: str, generation: int) -> str:
        return token_of(self.keyed.of(f"driver-link:{key}:{generation}"))


def _person(booking: Booking, driver: int | None) -> str | None:
    return None if driver is None else booking.drivers[driver].person
