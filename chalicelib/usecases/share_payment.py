"""
The link by which another person pays for a held booking: given, taken back. Its token is derived and kept nowhere (decision 0039).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.decisions import Refused
from chalicelib.domain.driver_links import LinkToken, hash_of, token_of
from chalicelib.domain.happenings import message
from chalicelib.domain.payment_links import BY_LINK, WAITING, PaymentLink, key_of
from chalicelib.domain.payments import AttemptState
from chalicelib.domain.records import Task
from chalicelib.domain.rules import Rules
from chalicelib.usecases.bonds import bonds_of
from chalicelib.usecases.failed_attempt import failed_attempt
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.pay_booking import not_payable
from chalicelib.usecases.ports import (
    Bookings,
    Clock,
    Committed,
    Committer,
    KeyedHash,
    Ledger,
    Locks,
    PaymentLinks,
    Places,
    Requests,
    StoreBusyError,
    Write,
)

MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class SharePayment:
    """
    `POST/DELETE /v1/bookings/{id}/payment-link`. `pages` is the address under which the pages are served.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    payment_links: PaymentLinks
    requests: Requests
    keyed: KeyedHash
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    pages: Callable[[], str]

    def give(self, *, account: str, booking: str, request: IdempotentRequest | None) -> Outcome:
        """
        Give the link of a held booking: 200 with `url` and `expires_at`, the end of the hold; the same one until revoked.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            seen = self.bookings.get(booking)
            if seen is None or seen.account != account:
                return Missing()
            known = replay(self.requests, request, now=now) if request is not None else None
            if isinstance(known, Done):
                return self._done(seen, int(known.answer["generation"]), str(known.answer["expires_at"]))
            refused = known or not_payable(seen, now, self.rules_on(now))
            if refused is not None:
                return refused
            given = self._given(seen, request, now)
            if given is not None:
                return given
        raise StoreBusyError("payment link")

    def _given(self, seen: Booking, request: IdempotentRequest | None, now: datetime) -> Outcome | None:
        before, ends = self.payment_links.link(seen.id), (seen.hold_expires_at or now).isoformat()
        link = before if before is not None and before.live else _next(seen, before, now)
        writes = [] if link is before else [*self._writes(link, before)]
        if request is not None:
            answer = {"generation": link.generation, "expires_at": ends}
            writes.append(Write(request.record(status=200, resource=seen.id, answer=answer, at=now)))
        done = not writes or isinstance(self.committer.commit(*writes), Committed)
        return self._done(seen, link.generation, ends) if done else None

    def _done(self, seen: Booking, generation: int, expires_at: str) -> Done:
        url = f"{self.pages().rstrip('/')}/pay/{self._token(seen.id, generation)}"
        return Done(200, seen.id, {"url": url, "expires_at": expires_at})

    def revoke(self, *, account: str, booking: str) -> Refused | Missing | None:
        """
        Take the link back, and with it the card payment that it has opened: the user may pay in another way. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            seen = self.bookings.get(booking)
            if seen is None or seen.account != account:
                return Missing()
            link = self.payment_links.link(booking)
            if link is None or not link.live:
                return None
            now = self.clock.now()
            taken = Write(replace(link, revoked_at=now, version=link.version + 1), link.version)
            if isinstance(self.committer.commit(taken, *self._stopped(seen, now)), Committed):
                return None
        raise StoreBusyError("payment link")

    def _stopped(self, seen: Booking, now: datetime) -> Sequence[Write]:
        rules = self.rules_on(now)
        if seen.attempt is None or seen.status_at(now, rules) is not Status.HELD:
            return ()
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        attempt = bonds.attempt
        if attempt is None or attempt.purpose != BY_LINK or attempt.state not in WAITING:
            return ()
        ended = replace(attempt, state=AttemptState.CANCELED, version=attempt.version + 1)
        writes = failed_attempt(seen=seen, bonds=bonds, attempt=ended, charges=(), now=now, by="user", rules=rules)
        after = replace(seen, version=seen.version + 1)
        return (*writes, Write(message(task=Task.CANCEL_INTENT, booking=after, at=now, attempt=attempt.id)))

    def _writes(self, fresh: PaymentLink, before: PaymentLink | None) -> Sequence[Write]:
        token = LinkToken(hash_of(self._token(fresh.booking, fresh.generation)), key_of(fresh.booking), fresh.generation, fresh.created_at)
        return Write(fresh, before.version if before is not None else 0), Write(token)

    def _token(self, booking: str, generation: int) -> str:
        return token_of(self.keyed.of(f"payment-link:{booking}:{generation}"))


def _next(seen: Booking, before: PaymentLink | None, now: datetime) -> PaymentLink:
    generation, version = (before.generation + 1, before.version + 1) if before is not None else (1, 1)
    return PaymentLink(seen.id, generation, now, version=version)
